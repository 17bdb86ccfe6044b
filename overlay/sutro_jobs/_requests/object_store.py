"""Requests to the object store that presigned URLs lead to: another host, which gets no key.

The URL itself is the credential. It is in no error, event, log or repr, and neither is what the
store says of it, as stores repeat the query that they refuse.
"""

from __future__ import annotations

import logging
import time
from math import inf
from typing import TYPE_CHECKING

import httpx
from attrs import field, frozen

from .._configuration.account import is_loopback
from .._errors import ProtocolError, StatusError
from .bounds.clock import KEY
from .flow import Stream
from .retry import parse_retry_after

if TYPE_CHECKING:
    from .flow import Flow, Response, Sink
    from .requester import Requester

_log = logging.getLogger("sutro_jobs")
_PARTIAL_CONTENT = 206


@frozen
class PresignedURL:
    """A URL that whoever has it can use until it expires; `host` may be shown."""

    _url: httpx.URL = field(repr=False)
    host: str

    @classmethod
    def parse(cls, url: str) -> PresignedURL:
        """Check a URL that the API gave.

        Raises:
            ProtocolError: it is not an HTTPS URL (HTTP on loopback), or has credentials in it.
        """
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL:
            # Without its cause, which quotes a part of the URL.
            raise ProtocolError("The server sent a results URL that is not a URL.") from None
        is_private = parsed.scheme == "https" or (
            parsed.scheme == "http" and is_loopback(parsed.host)
        )
        if not is_private or parsed.userinfo:
            raise ProtocolError(
                "The server sent a results URL that is not https, or has credentials before its "
                "host; nothing was sent there."
            )
        return cls(parsed, parsed.host)

    def reveal(self) -> httpx.URL:
        """Return the URL with its signature."""
        return self._url


def read_range(
    requester: Requester, url: PresignedURL, begin: int, end: int, sink: Sink
) -> Flow[Response]:
    """Send the bytes from `begin` up to `end` of a stored file to `sink`, in one attempt.

    Raises:
        StatusError: the store refused, or sent something else than that range.
        SutroError: the connection failed or broke.
    """
    # Nothing of the user's goes to the store: no headers, no cookies, no key. It answers 400 to two
    # kinds of credentials.
    headers = {
        "Accept-Encoding": "identity",
        "Range": f"bytes={begin}-{end - 1}",
        "User-Agent": requester.user_agent,
    }
    bounds = requester.bounds
    clock = bounds.download_clock(inf)
    extensions = {"timeout": bounds.timeouts_until(inf), KEY: clock}
    request = httpx.Request("GET", url.reveal(), headers=headers, extensions=extensions)
    began = time.monotonic()
    effect = Stream(request, _Picky(sink), clock)
    response = yield from requester.exchange(f"GET {url.host}", effect)
    _log.debug(
        "GET %s, bytes %d to %d: %d in %.3f s",
        url.host,
        begin,
        end,
        response.status_code,
        time.monotonic() - began,
    )
    if response.status_code != _PARTIAL_CONTENT:
        raise StatusError(
            f"The object store at {url.host} answered {response.status_code} to a range.",
            status_code=response.status_code,
            retry_after=parse_retry_after(response.headers.get("retry-after")),
        )
    return response


class _Picky:
    """Hands a 206 on to a sink; the body of any other success is not what was asked for."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def begin(self, response: Response) -> None:
        if response.status_code != _PARTIAL_CONTENT:
            raise StatusError(
                "The object store does not serve ranges.", status_code=response.status_code
            )
        self._sink.begin(response)

    def write(self, chunk: bytes) -> None:
        self._sink.write(chunk)
