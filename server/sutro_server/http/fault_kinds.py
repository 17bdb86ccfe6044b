"""The catalogue of faults: each takes the place of the application for one request."""

import asyncio
import secrets
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs

import attrs
import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..store.jobs import NEWEST
from ..store.store import Store
from ..times import parse_duration
from .problems import problem

_HTML = (
    b"<!DOCTYPE html><html><head><title>524</title></head><body>A timeout occurred</body></html>"
)
# Between pieces of a slow body: short enough for a client to see that something still comes.
_DRIP_SECONDS = 0.1


@attrs.frozen
class Call:
    """One request on its way to the application."""

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send
    store: Store

    async def forward(self, send: Send | None = None) -> None:
        """Let the application answer, by way of `send` where it is given."""
        await self.app(self.scope, self.receive, send or self.send)

    async def disconnected(self) -> None:
        """Wait until the client's connection is gone."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


@attrs.frozen
class Kind:
    """A kind of fault. `default` is the value where none is given; empty means every request."""

    run: Callable[[Call, str], Awaitable[None]]
    value: str
    default: str
    about: str


async def _latency(call: Call, value: str) -> None:
    await asyncio.sleep(parse_duration(value) / 1e6)
    await call.forward()


def _status(status: int, detail: str, headers: Callable[[], dict[str, str]] = dict) -> Any:
    async def run(call: Call, _: str) -> None:
        await problem(status, detail, headers())(call.scope, call.receive, call.send)

    return run


def _retry_after_date() -> dict[str, str]:
    # Dates have whole seconds: two ahead is at least one to wait.
    return {"Retry-After": formatdate(time.time() + 2, usegmt=True)}


async def _origin_timeout(call: Call, _: str) -> None:
    headers = [(b"content-type", b"text/html"), (b"content-length", str(len(_HTML)).encode())]
    await call.send({"type": "http.response.start", "status": 524, "headers": headers})
    await call.send({"type": "http.response.body", "body": _HTML})


async def _reset(call: Call, _: str) -> None:
    transport = call.scope["state"]["transport"]
    # With this option closing sends RST instead of FIN.
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    await call.disconnected()


async def _cut(call: Call, value: str) -> None:
    left = int(value) if value else None

    async def send(message: Message) -> None:
        nonlocal left
        if message["type"] == "http.response.start":
            left = _length(message) // 2 if left is None else left
            await call.send(message)
        elif left:
            body = message.get("body", b"")[:left]
            left -= len(body)
            await call.send({**message, "body": body, "more_body": True})

    await call.forward(send)
    call.scope["state"]["transport"].close()
    await call.disconnected()


async def _drip(call: Call, value: str) -> None:
    size = max(1, int(int(value) * _DRIP_SECONDS))

    async def send(message: Message) -> None:
        body = message.get("body", b"")
        for start in range(0, len(body) - size, size):
            piece = body[start : start + size]
            await call.send({**message, "body": piece, "more_body": True})
            await asyncio.sleep(_DRIP_SECONDS)
        if body:
            message = {**message, "body": body[(len(body) - 1) // size * size :]}
        await call.send(message)

    await call.forward(send)


async def _wrong_length(call: Call, value: str) -> None:
    start, body = await _collect(call)
    await _answer(call, start, body[: max(0, len(body) - int(value))])


async def _malformed_json(call: Call, _: str) -> None:
    start, body = await _collect(call)
    await _answer(call, start, body[: len(body) // 2] if _is_json(start) else body)


async def _wrong_shape(call: Call, _: str) -> None:
    start, body = await _collect(call)
    await _answer(call, start, b'[{"unexpected":null}]' if _is_json(start) else body)


async def _empty_page(call: Call, _: str) -> None:
    start, body = await _collect(call)
    query = parse_qs(call.scope["query_string"].decode("latin-1"))
    if start["status"] == 200 and "limit" in query and "cursor" not in query:
        first = call.store.cursors.write(call.scope["state"]["tenant"], NEWEST)
        body = msgspec.json.encode({"jobs": [], "next_cursor": first})
    await _answer(call, start, body)


async def _repeated_cursor(call: Call, _: str) -> None:
    start, body = await _collect(call)
    query = parse_qs(call.scope["query_string"].decode("latin-1"))
    if start["status"] == 200 and {"limit", "cursor"} <= query.keys():
        page = msgspec.json.decode(body)
        body = msgspec.json.encode(page | {"next_cursor": query["cursor"][-1]})
    await _answer(call, start, body)


async def _wrong_etag(call: Call, _: str) -> None:
    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [pair for pair in message["headers"] if pair[0] != b"etag"]
            headers.append((b"etag", f'"{secrets.token_hex(16)}"'.encode()))
            message = {**message, "headers": headers}
        await call.send(message)

    await call.forward(send)


async def _collect(call: Call) -> tuple[Message, bytes]:
    """Return the application's answer whole."""
    start: Message = {}
    body = bytearray()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await call.forward(send)
    return start, bytes(body)


async def _answer(call: Call, start: Message, body: bytes) -> None:
    headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    await call.send({**start, "headers": headers})
    await call.send({"type": "http.response.body", "body": body})


def _is_json(start: Message) -> bool:
    return any(pair == (b"content-type", b"application/json") for pair in start["headers"])


def _length(start: Message) -> int:
    return next((int(value) for name, value in start["headers"] if name == b"content-length"), 1000)


KINDS: dict[str, Kind] = {
    "cut": Kind(
        _cut, "BYTES", "", "close the connection after so many bytes of the body, or half of it"
    ),
    "drip": Kind(_drip, "BYTES", "1000", "send the body slowly, so many bytes a second"),
    "empty-page": Kind(
        _empty_page, "", "", "let the first page be empty, with a cursor to all jobs"
    ),
    "internal-error": Kind(_status(500, "Internal server error."), "TIMES", "", "answer 500"),
    "latency": Kind(_latency, "DURATION", "1s", "wait before answering"),
    "malformed-json": Kind(_malformed_json, "", "", "send half of a JSON body as if it were all"),
    "origin-timeout": Kind(_origin_timeout, "TIMES", "", "answer 524 with HTML, as the proxy does"),
    "repeated-cursor": Kind(
        _repeated_cursor, "", "", "let next_cursor be the cursor that was sent"
    ),
    "reset": Kind(_reset, "TIMES", "", "reset the connection instead of answering"),
    "too-many-requests": Kind(
        _status(429, "Too many requests.", lambda: {"Retry-After": "1"}),
        "TIMES",
        "",
        "answer 429 with Retry-After in seconds",
    ),
    "too-many-requests-date": Kind(
        _status(429, "Too many requests.", _retry_after_date),
        "TIMES",
        "",
        "answer 429 with Retry-After as a date",
    ),
    "unavailable": Kind(_status(503, "Service unavailable."), "TIMES", "", "answer 503"),
    "wrong-etag": Kind(_wrong_etag, "", "", "give each answer another ETag"),
    "wrong-length": Kind(
        _wrong_length, "BYTES", "1", "leave so many bytes out of the body and of Content-Length"
    ),
    "wrong-shape": Kind(_wrong_shape, "", "", "send JSON that is not what the contract says"),
}
"""All kinds of faults by name."""
