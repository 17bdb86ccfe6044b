"""HTTP parsing with limits: on bytes, on time, and on the number of connections."""

import asyncio
import uuid
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, cast

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .room import make_room, most_connections

MAX_TARGET = 8 * 1024
"""Bytes of a request's target, path and query together."""

MAX_FIELDS = 32 * 1024
"""Bytes of all header fields of a request."""

# Bytes that may come without anything being complete: a head, trailers, or blank lines between
# requests. What stands around target and fields in a head has room in the last part.
_MAX_QUIET = MAX_TARGET + MAX_FIELDS + 8 * 1024

# Characters that no host has, but that tricks with two readings of a request use.
_NOT_IN_HOSTS = frozenset(b" \t/\\?#@,")


class _Phase(Enum):
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()


class LimitedProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, which has no limits of its own: it refuses as JSON, and in time."""

    # nginx gives a head a minute by default; clients of an API need no second.
    head_seconds = 10.0
    # The only request with a body has one of some hundred bytes.
    body_seconds = 30.0
    # Clients that use a list as it comes may be slow readers, and not dead.
    stalled_seconds = 300.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.waiting_since: float | None = None
        self._phase = _Phase.HEAD
        self._deadline: tuple[_Phase, asyncio.TimerHandle] | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._refusal = HTTPStatus.BAD_REQUEST
        self._fields = 0
        self._quiet = 0
        self._moved = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take in a connection, or refuse it where there are too many."""
        super().connection_made(transport)
        self.waiting_since = self.loop.time()
        # All of them are of this class, as `serve` asks for it.
        connections = cast("set[LimitedProtocol]", self.connections)
        if make_room(self, connections, most_connections(), self.loop.time()):
            self._watch()
        else:
            self._refusal = HTTPStatus.SERVICE_UNAVAILABLE
            self.send_400_response("")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._unwatch()
        self._set_stalled(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in bytes, in pieces small enough for limits to hold while they arrive."""
        for start in range(0, len(data), _MAX_QUIET):
            if self.transport.is_closing():
                return
            self._take(data[start : start + _MAX_QUIET])
        if self.transport.is_closing():
            return
        if self._phase is _Phase.ANSWER and self._is_idle():
            # Blank lines between requests count as the start of a head.
            self._phase = _Phase.HEAD
        self._watch()

    def _take(self, piece: bytes) -> None:
        self._moved = False
        super().data_received(piece)
        # The parser joins the pieces of a field, and tells of it once it is whole.
        self._quiet = 0 if self._moved else self._quiet + len(piece)
        if self._quiet > _MAX_QUIET and not self.transport.is_closing():
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """Start counting anew."""
        super().on_message_begin()
        self._phase = _Phase.HEAD
        self._fields = 0
        # Faults close connections in ways that ASGI has no words for.
        self.scope["state"]["transport"] = self.transport

    def on_url(self, url: bytes) -> None:
        """Take in a piece of the target."""
        super().on_url(url)
        if len(self.url) > MAX_TARGET:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header field, or a trailer."""
        self._fields += len(name) + len(value)
        if self._fields > MAX_FIELDS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Take in a whole head."""
        self._moved = True
        self._check_host()
        self._phase = _Phase.BODY
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take in a piece of a body."""
        self._moved = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take in the end of a request."""
        self._moved = True
        self._phase = _Phase.ANSWER
        self.waiting_since = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        if self._is_idle():
            self.waiting_since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Wait for a client that does not read, but not for ever."""
        super().pause_writing()
        self._set_stalled(self.loop.call_later(self.stalled_seconds, self.transport.abort))

    def resume_writing(self) -> None:
        """Go on, as the client reads again."""
        self._set_stalled(None)
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed, or is too much of it, and close the connection."""
        if self.cycle is not None and not self.cycle.response_complete and self._is_between():
            # What follows a good request is bad: the good one's answer comes, and is the last.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            self.transport.write(_refusal(self._refusal))
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        # A server may answer as if nobody had asked for another protocol. The parser takes nothing
        # more of the connection, so the answer is its last one.
        self.cycle.keep_alive = False

    def _is_between(self) -> bool:
        return self._phase is not _Phase.BODY

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _check_host(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        needed = self.parser.get_http_version() != "1.0"
        odd = not _NOT_IN_HOSTS.isdisjoint(b"".join(hosts))
        if odd or len(hosts) > 1 or (needed and not hosts):
            self._refuse(HTTPStatus.BAD_REQUEST)

    def _refuse(self, status: HTTPStatus) -> None:
        self._refusal = status
        # The parser turns an exception of a callback into the error that leads to
        # `send_400_response`.
        raise ValueError(status.phrase)

    def _watch(self) -> None:
        """Let each phase have its deadline, however often something arrives in it."""
        if self._deadline is not None and self._deadline[0] is self._phase:
            return
        self._unwatch()
        if self._phase is not _Phase.ANSWER:
            seconds = self.head_seconds if self._phase is _Phase.HEAD else self.body_seconds
            self._deadline = self._phase, self.loop.call_later(seconds, self._time_out)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline[1].cancel()
            self._deadline = None

    def _time_out(self) -> None:
        # Who has sent nothing since the last answer does not expect another one.
        if self._phase is _Phase.HEAD and self._quiet == 0:
            self.transport.close()
        else:
            self._refusal = HTTPStatus.REQUEST_TIMEOUT
            self.send_400_response("")

    def _set_stalled(self, timer: asyncio.TimerHandle | None) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
        self._stalled = timer


def _refusal(status: HTTPStatus) -> bytes:
    body = msgspec.json.encode({"detail": f"{status.phrase}."})
    fields = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "content-type: application/json",
        f"content-length: {len(body)}",
        f"x-request-id: {uuid.uuid4().hex}",
        "connection: close",
    )
    return "\r\n".join(fields).encode() + b"\r\n\r\n" + body
