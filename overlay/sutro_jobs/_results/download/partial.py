"""A file that grows as a response body arrives, and knows how to ask for what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO

import msgspec

from ..._errors import TruncatedError
from ..._requests.flow import Response

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class Representation(msgspec.Struct, frozen=True):
    """What a server said of a body: its strong `ETag` and its length, None where it did not."""

    etag: str | None = None
    length: int | None = None


class PartialFile:
    """Takes the body of one representation over any number of attempts.

    An attempt that breaks off is continued with `Range` where the server gave the representation
    a strong `ETag`, so that `If-Range` yields the whole of another one instead of a mixture
    (RFC 9110, sections 13.1.5 and 14). Without an `ETag` the next attempt starts again.
    """

    def __init__(self, file: BinaryIO, representation: Representation | None = None) -> None:
        self.file = file
        self.representation = representation or Representation()

    @property
    def position(self) -> int:
        """Number of bytes that are there."""
        return self.file.tell()

    def request_headers(self) -> Mapping[str, str]:
        """Return the headers that ask for what is missing, as it is and not compressed."""
        headers = {"Accept-Encoding": "identity"}
        if self.representation.etag and self.position:
            headers["Range"] = f"bytes={self.position}-"
            headers["If-Range"] = self.representation.etag
        return headers

    def begin(self, response: Response) -> None:
        """Go on after what is there if the server continues it, start again otherwise."""
        if response.status_code == 206:
            self._check_range(response.headers.get("content-range", ""))
        else:
            self._start_again(_described(response.headers))

    def write(self, chunk: bytes) -> None:
        """Append a piece of the body."""
        self.file.write(chunk)

    def check_length(self) -> None:
        """Raise unless the whole body is there.

        Raises:
            TruncatedError: it is shorter, or longer, than the server said.
        """
        length = self.representation.length
        if length is not None and self.position != length:
            raise TruncatedError(
                f"{self.position} bytes arrived and the server announced {length}. Try again."
            )

    def _check_range(self, content_range: str) -> None:
        found = _CONTENT_RANGE.fullmatch(content_range)
        lengths = {"*", str(self.representation.length)}
        if not found or int(found[1]) != self.position or found[2] not in lengths:
            self._start_again(Representation())
            raise TruncatedError(
                f"The server was asked to continue and sent {content_range or 'no range'}. "
                "Try again; the download starts from its beginning."
            )

    def _start_again(self, representation: Representation) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.representation = representation


def _described(headers: Mapping[str, str]) -> Representation:
    if "content-encoding" in headers:
        return Representation()  # Length and ETag are those of the compressed body.
    etag = headers.get("etag", "")
    length = headers.get("content-length", "")
    return Representation(
        etag if etag.startswith('"') else None, int(length) if length.isdecimal() else None
    )
