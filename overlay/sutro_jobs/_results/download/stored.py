"""Large results by the route that is made for them: a stored file, read by a presigned URL."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from ..._errors import ConnectionFailedError, RequestTimeoutError, StatusError, SutroError
from ..._requests.progress import ProgressLine
from .partial import PartialFile, Representation
from .presigned import OPERATION, StoredFile, ask_for_stored_file
from .ranges import Part, RangedDownload, allocate, split

if TYPE_CHECKING:
    from ..._requests.flow import Flow, Response, Sink
    from ..._requests.requester import Requester
    from ..options import DownloadOptions

_log = logging.getLogger("sutro_jobs")
_NO_ROUTE = frozenset({404, 405})
_DIGITS = 19  # Of the largest length that a file can have.
_MEGABYTE = 1e6


class LargeResultsError(Exception):
    """Results are so large that a stored file is worth asking for. It never reaches a user."""


class SmallOnly:
    """Hands on a body of up to `limit` bytes, whether announced or received.

    Raises:
        LargeResultsError: there are more.
    """

    def __init__(self, sink: Sink, limit: int) -> None:
        self._sink = sink
        self._limit = limit
        self._received = 0

    def begin(self, response: Response) -> None:
        """Look at the length that is announced."""
        length = response.headers.get("content-length", "")
        if len(length) > _DIGITS or (length.isdecimal() and int(length) > self._limit):
            raise LargeResultsError
        self._received = 0
        self._sink.begin(response)

    def write(self, chunk: bytes) -> None:
        """Count what comes without a length."""
        self._received += len(chunk)
        if self._received > self._limit:
            raise LargeResultsError
        self._sink.write(chunk)


def may_be_stored(requester: Requester, options: DownloadOptions) -> bool:
    """Tell whether the server may offer a stored file of these results."""
    return (
        options.format == "parquet"
        and requester.may_leave_origin
        and OPERATION not in requester.missing_operations
    )


def transfer_stored(
    requester: Requester, part: PartialFile, job_id: str, options: DownloadOptions
) -> Flow[bool]:
    """Download the stored file in ranges; return whether that was possible.

    What is in `part` is resumed if it came from the same file.

    Raises:
        OSError: there is no space on the disk for all of it.
    """
    ask = partial(ask_for_stored_file, requester, job_id, options)
    begun = part.representation
    try:
        stored = yield from ask()
    except SutroError as error:
        if isinstance(error, StatusError) and error.status_code in _NO_ROUTE:
            requester.missing_operations.add(OPERATION)
        _log.info("no stored results of %s (%s); using the plain route", job_id, error)
        return False
    missing = yield from _missing_parts(part, begun, stored)
    try:
        yield from _download(requester, part, stored, ask, missing, begun)
    except (ConnectionFailedError, RequestTimeoutError):
        # Where the network failed half-way, a later call goes on with what is there.
        if part.representation.etag:
            raise
    except SutroError as error:
        _log.info("the object store failed (%s); using the plain route", error)
    else:
        return True
    part.start_again(Representation())
    return False


def _missing_parts(
    part: PartialFile, begun: Representation, stored: StoredFile
) -> Flow[list[Part]]:
    descriptor = part.file.fileno()
    if begun.missing and begun.length == stored.size:
        return [
            Part(descriptor, stored.size, begin, end, begun.etag) for begin, end in begun.missing
        ]
    part.start_again(Representation())
    part.file.flush()
    yield from allocate(descriptor, stored.size)
    return split(descriptor, stored.size)


def _download(
    requester: Requester,
    part: PartialFile,
    stored: StoredFile,
    ask: partial[Flow[StoredFile]],
    missing: list[Part],
    begun: Representation,
) -> Flow[None]:
    with ProgressLine(requester.options.progress) as line:

        def show(received: int) -> None:
            line.show(
                lambda: f"Results: {received / _MEGABYTE:.1f} of {stored.size / _MEGABYTE:.1f} MB"
            )

        etag = begun.etag if begun.missing else None
        download = RangedDownload(requester, stored, ask, missing, show, etag)
        try:
            yield from download.run()
        finally:
            # What a later call needs, whatever ended this one.
            left = [(each.position, each.end) for each in missing if each.position < each.end]
            tag = next((each.etag for each in missing if each.etag), download.etag)
            part.representation = Representation(tag, stored.size, left)
            part.file.seek(stored.size)
