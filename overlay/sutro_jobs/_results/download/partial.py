"""A file that grows as a response body arrives, and can request the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO

import msgspec

from ..._errors import ForkError, TruncatedError
from ..._forks import PrivateDescriptor, generation
from ..._requests.flow import Response

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class Representation(msgspec.Struct, frozen=True):
    """Strong `ETag` and length of a body as the server sent them, None where it did not."""

    etag: str | None = None
    length: int | None = None
    # Ranges that a stored file lacks, whose parts arrive in any order.
    missing: list[tuple[int, int]] = []


class PartialFile:
    """Receives the body of one representation over any number of attempts.

    After an interruption, `Range` requests the rest if the server sent a strong `ETag`: `If-Range`
    then gets the whole of a changed representation instead of a mixture (RFC 9110, sections 13.1.5
    and 14). Without an `ETag` the next attempt starts again.
    """

    def __init__(self, file: BinaryIO, representation: Representation | None = None) -> None:
        self.file = file
        self._descriptor = PrivateDescriptor(file.fileno())
        self._generation = generation()
        self.representation = representation or Representation()

    @property
    def position(self) -> int:
        """Number of bytes received."""
        return self.file.tell()

    @property
    def is_inherited(self) -> bool:
        """Whether the file is that of the parent process, and leads nowhere here."""
        return self._generation != generation()

    def request_headers(self) -> Mapping[str, str]:
        """Return the headers that request the rest, uncompressed, as ranges count encoded bytes."""
        headers = {"Accept-Encoding": "identity"}
        if self.representation.etag and self.position:
            headers["Range"] = f"bytes={self.position}-"
            headers["If-Range"] = self.representation.etag
        return headers

    def begin(self, response: Response) -> None:
        """Append if the server continues the body, start again otherwise.

        Raises:
            ForkError: the file is that of the parent process.
        """
        if self.is_inherited:
            raise ForkError("A fork came in the middle of a download. Try again.")
        if response.status_code == 206:
            self._check_range(response.headers.get("content-range", ""))
        else:
            self.start_again(_described(response.headers))

    def write(self, chunk: bytes) -> None:
        """Append a piece of the body."""
        self.file.write(chunk)

    def check_length(self) -> None:
        """Raise unless the whole body was received.

        Raises:
            TruncatedError: it is shorter or longer than announced.
        """
        length = self.representation.length
        if length is not None and self.position != length:
            raise TruncatedError(
                f"{self.position} bytes were received of {length} announced. Try again."
            )

    def _check_range(self, content_range: str) -> None:
        found = _CONTENT_RANGE.fullmatch(content_range)
        lengths = {"*", str(self.representation.length)}
        if not found or int(found[1]) != self.position or found[2] not in lengths:
            self.start_again(Representation())
            raise TruncatedError(
                f"The server was asked for the rest and sent {content_range or 'no range'}. "
                "Try again; the download restarts from the beginning."
            )

    def start_again(self, representation: Representation) -> None:
        """Drop what was received."""
        self.file.seek(0)
        self.file.truncate()
        self.representation = representation


def _described(headers: Mapping[str, str]) -> Representation:
    if "content-encoding" in headers:
        # Length and ETag are those of the compressed body, of which httpx shows none.
        return Representation()
    etag = headers.get("etag", "")
    length = headers.get("content-length", "")
    return Representation(
        etag if etag.startswith('"') else None, int(length) if length.isdecimal() else None
    )
