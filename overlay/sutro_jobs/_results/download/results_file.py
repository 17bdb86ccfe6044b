"""The results file of a job: from its slot in the cache, or from the server into it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..._errors import DecodingError, SutroError
from ..._requests.flow import run_blocking
from ..options import DownloadOptions
from .partial import PartialFile
from .transfer import transfer

if TYPE_CHECKING:
    from ..._cache import NullSlot, Slot
    from ..._requests.flow import Flow
    from ..._requests.requester import Requester
    from ..options import ResultsOptions

T = TypeVar("T")


def with_results_file(
    requester: Requester,
    job_id: str,
    options: ResultsOptions,
    slot: Slot | NullSlot,
    use: Callable[[Path], T],
    before_fetching: Callable[[], Flow[None]],
) -> Flow[T]:
    """Return what `use` returns for the path of a file with the requested columns.

    A cached file that turns out to be damaged or evicted is downloaded again.
    """
    inputs, logprobs = options.include_inputs, options.include_cumulative_logprobs
    asked = DownloadOptions("parquet", inputs, logprobs)
    cached = slot.results(inputs=inputs, logprobs=logprobs)
    if cached is not None:
        try:
            return (yield from run_blocking(partial(use, cached)))
        except (DecodingError, FileNotFoundError):
            slot.discard(cached)
    yield from before_fetching()
    with slot.part() as part, part.open("w+b") as file:
        growing = PartialFile(file)
        try:
            yield from transfer(requester, growing, job_id, asked)
        except SutroError:
            if growing.is_inherited:
                # A fork came in the middle: the part is that of the parent process.
                again = with_results_file(requester, job_id, options, slot, use, before_fetching)
                return (yield from again)
            raise
        file.close()
        # Used before it is stored, so that a damaged file never gets into the cache.
        result = yield from run_blocking(partial(use, part))
        store = partial(slot.store_results, part, inputs=inputs, logprobs=logprobs)
        yield from run_blocking(store)
        return result
