"""A file that grows as a response body arrives, and knows how to ask for what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO

from .._errors import TruncatedError
from .._flow import Response

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class PartialFile:
    """Takes the body of one representation over any number of attempts.

    An attempt that breaks off is continued with `Range` where the server gave the representation
    a strong `ETag`, so that `If-Range` yields the whole of another one instead of a mixture
    (RFC 9110, sections 13.1.5 and 14). Without an `ETag` the next attempt starts again.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._etag: str | None = None
        self._total: int | None = None

    @property
    def position(self) -> int:
        """Number of bytes that are there."""
        return self._file.tell()

    @property
    def total(self) -> int | None:
        """Number of bytes that the whole has, None where the server did not say."""
        return self._total

    def request_headers(self) -> Mapping[str, str]:
        """Return the headers that ask for what is missing, as it is and not compressed."""
        headers = {"Accept-Encoding": "identity"}
        if self._etag and self.position:
            headers |= {"Range": f"bytes={self.position}-", "If-Range": self._etag}
        return headers

    def begin(self, response: Response) -> None:
        """Go on after what is there if the server continues it, start again otherwise."""
        if response.status_code == 206:
            self._continue(response.headers.get("content-range", ""))
            return
        self._start_again()
        if "content-encoding" in response.headers:
            return  # The length is that of the compressed body.
        etag = response.headers.get("etag", "")
        self._etag = etag if etag.startswith('"') else None
        length = response.headers.get("content-length", "")
        self._total = int(length) if length.isdecimal() else None

    def write(self, chunk: bytes) -> None:
        """Append a piece of the body."""
        self._file.write(chunk)

    def check_length(self) -> None:
        """Raise unless the whole body is there.

        Raises:
            TruncatedError: it is shorter, or longer, than the server said.
        """
        if self._total is not None and self.position != self._total:
            raise TruncatedError(
                f"{self.position} bytes arrived and the server announced {self._total}. Try again."
            )

    def _continue(self, content_range: str) -> None:
        found = _CONTENT_RANGE.fullmatch(content_range)
        expected = {"*", str(self._total)}
        if not found or int(found[1]) != self.position or found[2] not in expected:
            self._start_again()
            raise TruncatedError(
                f"The server was asked to continue and sent {content_range or 'no range'}. "
                "Try again; the download starts from its beginning."
            )

    def _start_again(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._etag = self._total = None
