"""Results from the wire to a file, in any format."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from attrs import asdict

from ... import _adapter
from ..._errors import DecodingError, TruncatedError
from ..._requests.progress import ProgressLine, ProgressSink
from ..options import DownloadOptions, ResultsFormat
from .partial import PartialFile, Representation
from .stored import LargeResultsError, SmallOnly, may_be_stored, transfer_stored

if TYPE_CHECKING:
    from ..._requests.flow import Flow, Sink
    from ..._requests.requester import Requester

# In bytes: what a connection of 100 Mbit/s carries in less time than a change of ways takes.
_SMALL = 8 << 20
# How each format begins; a page of a proxy, sent with status 200, begins otherwise.
_START: Mapping[ResultsFormat, tuple[bytes, ...]] = {
    "json": (b"{",),
    "csv": (b"PK",),
    "parquet": (b"PAR1",),
}
_PARQUET_END = b"PAR1"
# Bytes of a wrong body that the error shows.
_SHORT_BODY = 500


def transfer(
    requester: Requester,
    part: PartialFile,
    job_id: str,
    options: DownloadOptions,
) -> Flow[None]:
    """Write the results of a job to a file, complete, or raise.

    Large Parquet files come from the object store, in several ranges at a time, where the server
    offers that; everything else by the plain route.

    Raises:
        DecodingError: the body does not have that format.
        SutroError: what happened in the last attempt.
    """
    if not (yield from _resume_stored(requester, part, job_id, options)):
        try:
            limit = _SMALL if may_be_stored(requester, options) else None
            yield from _transfer_plain(requester, part, job_id, options, limit)
        except LargeResultsError:
            if not (yield from transfer_stored(requester, part, job_id, options)):
                yield from _transfer_plain(requester, part, job_id, options, None)
    part.check_length()
    _check_format(part.file, options.format, job_id)


def _resume_stored(
    requester: Requester, part: PartialFile, job_id: str, options: DownloadOptions
) -> Flow[bool]:
    if not part.representation.missing:
        return False
    done = yield from transfer_stored(requester, part, job_id, options)
    if not done:
        part.start_again(Representation())
    return done


def _transfer_plain(
    requester: Requester,
    part: PartialFile,
    job_id: str,
    options: DownloadOptions,
    limit: int | None,
) -> Flow[None]:
    ask = partial(_adapter.job_results_call, job_id, **asdict(options))
    # One that was begun goes on where it is.
    growing: Sink = part if limit is None or part.position else SmallOnly(part, limit)
    with ProgressLine(requester.options.progress) as line:
        sink = ProgressSink(growing, line, lambda: part.position) if line.enabled else growing
        yield from requester.stream(
            lambda: ask(headers=part.request_headers()), sink, lambda: part.position
        )


def _check_format(file: BinaryIO, format_: ResultsFormat, job_id: str) -> None:
    file.flush()
    length = file.tell()
    file.seek(0)
    start = file.read(_SHORT_BODY)
    if not start.lstrip().startswith(_START[format_]):
        raise DecodingError(
            f"The server sent results of {job_id} that are not in format {format_}. Check that "
            "api_url is a Sutro deployment.",
            body=start.decode("utf-8", "replace"),
        )
    if format_ == "parquet" and _end(file, length) != _PARQUET_END:
        raise TruncatedError(f"The results of {job_id} are an incomplete Parquet file. Try again.")


def _end(file: BinaryIO, length: int) -> bytes:
    file.seek(max(0, length - len(_PARQUET_END)))
    return file.read()
