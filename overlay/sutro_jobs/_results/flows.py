"""The flows of `get_job_results` and `scan_job_results`, which document what they do."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from .._cache import NullSlot, Slot, slot_for
from .._requests.flow import run_blocking
from .download.results_file import with_results_file
from .read import Results, read_file, scan_file
from .schema_lookup import SchemaLookup
from .stored_frame import load_frame, store_frame
from .unpack.lazy import unpack_lazily
from .unpack.structured import unpack_outputs
from .unpack.unpack import may_be_structured

if TYPE_CHECKING:
    from .._requests.flow import Flow
    from .._requests.requester import Requester
    from .options import ResultsOptions


def get_job_results(
    requester: Requester,
    job_id: str,
    options: ResultsOptions,
    with_original_df: Any,
    disable_cache: bool,
) -> Flow[Any]:
    """Return results as a frame, joined to the original if there is one."""
    height: int | None = None
    if with_original_df is not None:
        from .frames.frames import wrap

        height = wrap(with_original_df).height  # Refused before anything is sent.
    slot = slot_for(job_id, requester.account, requester.options, disabled=disable_cache)
    results = yield from run_blocking(partial(load_frame, slot, options))
    if results is None:
        read = partial(_read, job_id=job_id, options=options, height=height)
        lookup = SchemaLookup(requester, job_id, options, slot)
        packed = yield from with_results_file(requester, job_id, options, slot, read, lookup.begin)
        results = yield from _unpack(options, slot, packed, lookup)
    if with_original_df is None:
        return results.frame
    from .frames.attach import attach

    add = partial(attach, with_original_df, results.frame, results.carried)
    return (yield from run_blocking(add))


def scan_job_results(
    requester: Requester, job_id: str, options: ResultsOptions, disable_cache: bool
) -> Flow[pl.LazyFrame]:
    """Return a lazy frame over a file that stays readable until the process ends."""
    slot = slot_for(job_id, requester.account, requester.options, disabled=disable_cache)

    def scan_pinned(path: Path) -> pl.LazyFrame:
        scan_file(path, job_id, options)  # A damaged file is not worth pinning.
        return scan_file(slot.pin(path), job_id, options).lazy

    lookup = SchemaLookup(requester, job_id, options, slot)
    lazy = yield from with_results_file(requester, job_id, options, slot, scan_pinned, lookup.begin)
    if not options.unpack_json:
        return lazy
    fields = yield from lookup.fields()
    return (yield from run_blocking(partial(unpack_lazily, lazy, options, fields)))


def _read(path: Path, job_id: str, options: ResultsOptions, height: int | None) -> Results:
    """Read a results file; what cannot be that of the original is refused before it is stored."""
    results = read_file(path, job_id, options)
    if height is not None:
        from .frames.attach import check_height

        check_height(height, results.frame.height)
    return results


def _unpack(
    options: ResultsOptions, slot: Slot | NullSlot, packed: Results, lookup: SchemaLookup
) -> Flow[Results]:
    """Unpack structured outputs, and store the frame, as unpacking again takes longer."""
    outputs = packed.frame[options.output_column]
    if not options.transforms or not (options.json_schema or may_be_structured(outputs)):
        return packed
    fields = yield from lookup.fields()
    frame = yield from run_blocking(partial(unpack_outputs, packed.frame, options, fields))
    results = Results(frame, packed.carried)
    yield from run_blocking(partial(store_frame, slot, options, results))
    return results
