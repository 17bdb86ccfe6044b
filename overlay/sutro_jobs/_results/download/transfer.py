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
from .partial import PartialFile

if TYPE_CHECKING:
    from ..._requests.flow import Flow
    from ..._requests.requester import Requester

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

    Raises:
        DecodingError: the body does not have that format.
        SutroError: what happened in the last attempt.
    """
    ask = partial(_adapter.job_results_call, job_id, **asdict(options))
    with ProgressLine(requester.options.progress) as line:
        sink = ProgressSink(part, line, lambda: part.position) if line.enabled else part
        yield from requester.stream(
            lambda: ask(headers=part.request_headers()), sink, lambda: part.position
        )
    part.check_length()
    _check_format(part.file, options.format, job_id)


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
