"""JSON answers compressed, for clients that ask."""

import sys
import zlib
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdCompressor
else:
    from backports.zstd import ZstdCompressor

# An answer below fits into one packet as it is.
_SMALLEST = 1_000
# A piece from here on takes longer than a switch to a thread, and would hold up other requests.
_LARGE = 128 * 1024
# The fastest level of each: the next ones save few bytes of a list of jobs.
_LEVEL = 1


class _Encoder(Protocol):
    def encode(self, data: bytes, *, last: bool) -> bytes:
        """Return all that stands for the data, so that slow answers arrive as they come."""


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(_LEVEL, wbits=31)

    def encode(self, data: bytes, *, last: bool) -> bytes:
        flushed = zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH
        return self._stream.compress(data) + self._stream.flush(flushed)


class _Zstd:
    def __init__(self) -> None:
        self._stream = ZstdCompressor(_LEVEL)

    def encode(self, data: bytes, *, last: bool) -> bytes:
        if last:
            return self._stream.compress(data, ZstdCompressor.FLUSH_FRAME)
        return self._stream.compress(data, ZstdCompressor.FLUSH_BLOCK)


# In the order of preference: of a list of jobs, zstd makes 0.7 of gzip's bytes in 0.3 of its time.
_ENCODERS: dict[str, type[_Gzip] | type[_Zstd]] = {"zstd": _Zstd, "gzip": _Gzip}


class Compression:
    """Middleware that compresses JSON, whole or as it comes, and leaves everything else alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and compress its answer where the client takes that."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            # A range is one of bytes as they are; a client could not put parts of both together.
            encoding = None if "range" in headers else choose_encoding(headers)
            if encoding is None:
                send = _Plain(send).send
            else:
                send = _Encoded(send, encoding, head=scope["method"] == "HEAD").send
        await self._app(scope, receive, send)


def choose_encoding(headers: Headers) -> str | None:
    """Return the encoding that a client likes best of those that there are, or None."""
    weights = dict(map(_weight, ",".join(headers.getlist("accept-encoding")).lower().split(",")))
    anything = weights.get("*", 0.0)
    liked = {name: weights.get(name, anything) for name in _ENCODERS}
    best = max(liked, key=liked.__getitem__)
    return best if liked[best] > 0 and liked[best] >= weights.get("identity", 0.0) else None


def _weight(item: str) -> tuple[str, float]:
    name, _, parameters = item.partition(";")
    weight = parameters.strip().removeprefix("q=")
    try:
        return name.strip(), float(weight or 1)
    except ValueError:
        return name.strip(), 0.0


class _Plain:
    """An answer that stays as it is; caches learn that others of it are not."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(self, message: Message) -> None:
        """Send a message of the application on."""
        if message["type"] == "http.response.start" and _is_json(message):
            message = {**message, "headers": _varying(message).raw}
        await self._send(message)


class _Encoded:
    """An answer that is encoded where it is JSON and long enough.

    Its start waits for the first piece of the body, which may be all of it.
    """

    def __init__(self, send: Send, encoding: str, *, head: bool) -> None:
        self._send = send
        self._encoding = encoding
        self._head = head
        self._encoder: _Encoder | None = None
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Send a message of the application on."""
        if message["type"] == "http.response.start" and _is_json(message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            await self._send_start(self._start, message)
        elif message["type"] == "http.response.body" and self._encoder is not None:
            await self._send({**message, "body": await _encode(self._encoder, message)})
        else:
            await self._send(message)

    async def _send_start(self, start: Message, first: Message) -> None:
        self._start = None
        headers = _varying(start)
        if int(headers.get("content-length", _SMALLEST)) >= _SMALLEST:
            self._encoder = _ENCODERS[self._encoding]()
            first = {**first, "body": await _encode(self._encoder, first)}
            self._describe(headers, first)
        await self._send({**start, "headers": headers.raw})
        await self._send(first)

    def _describe(self, headers: MutableHeaders, first: Message) -> None:
        headers["Content-Encoding"] = self._encoding
        del headers["content-length"]
        # Ranges are of the bytes as they are; and their tag holds weakly only for other bytes.
        del headers["accept-ranges"]
        if "etag" in headers:
            headers["ETag"] = f"W/{headers['etag']}"
        # Answers to HEAD have no body that could say how long the one of GET will be.
        if not first.get("more_body", False) and not self._head:
            headers["Content-Length"] = str(len(first["body"]))


async def _encode(encoder: _Encoder, message: Message) -> bytes:
    body, last = message.get("body", b""), not message.get("more_body", False)
    if len(body) < _LARGE:
        return encoder.encode(body, last=last)
    return await run_in_threadpool(encoder.encode, body, last=last)


def _varying(start: Message) -> MutableHeaders:
    headers = MutableHeaders(raw=list(start["headers"]))
    headers.add_vary_header("Accept-Encoding")
    return headers


def _is_json(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    media_type = headers.get("content-type", "").partition(";")[0]
    return media_type == "application/json" and "content-encoding" not in headers
