"""Right servers behind networks and proxies, and with other headers."""

import asyncio
import secrets
from collections.abc import MutableMapping
from email.utils import formatdate
from typing import Any

from ..catalogue import right
from ..messages import Receive, Request, Response, Scope, Send, error
from ..server import Server


@right
class Slow(Server):
    """Each answer takes 30 ms."""

    async def dispatch(self, request: Request) -> Response:
        await asyncio.sleep(0.03)
        return await super().dispatch(request)


class Counting(Server):
    """Does something else once in a while."""

    every = 37
    count = 0

    async def handle(self, request: Request) -> Response:
        self.count += 1
        if self.count % self.every == 0:
            return self.instead(request)
        return await super().handle(request)

    def instead(self, request: Request) -> Response:
        raise NotImplementedError


@right
class Limited(Counting):
    """One request in 37 is refused with 429 and `Retry-After`."""

    def instead(self, request: Request) -> Response:
        return error(429, "Too many requests.", retry_after="0")


@right
class Proxied(Counting):
    """One request in 211 is answered by the proxy: 524 with an HTML page."""

    every = 211

    def instead(self, request: Request) -> Response:
        page = b"<html><title>524: A timeout occurred</title></html>"
        return Response(524, page, {"content-type": "text/html; charset=UTF-8"})


@right
class Resetting(Server):
    """One request in 53 is cut off in the midst of its answer."""

    needs_network = True
    count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        if self.count % 53:
            await super().__call__(scope, receive, send)
            return
        length = [(b"content-length", b"999")]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        raise ConnectionResetError


@right
class DateInRetryAfter(Counting):
    """One request in 97 is refused with 429, and `Retry-After` is a date."""

    every = 97

    def instead(self, request: Request) -> Response:
        return error(429, "Too many requests.", retry_after=formatdate(usegmt=True))


@right
class FrontRefuses(Server):
    """What stands before the server refuses control characters and long URLs, in HTML."""

    async def dispatch(self, request: Request) -> Response:
        if len(request.raw_path) > 2000:
            return Response(414, b"<h1>Request-URI Too Large</h1>", {"content-type": "text/html"})
        if any(ord(letter) < 32 for letter in request.path):
            return Response(400, b"<h1>Bad Request</h1>", {"content-type": "text/html"})
        return await super().dispatch(request)


@right
class Chunked(Server):
    """Bodies come without a length, in chunks."""

    needs_network = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def without_length(message: MutableMapping[str, Any]) -> None:
            if "headers" in message:
                kept = [pair for pair in message["headers"] if pair[0] != b"content-length"]
                message["headers"] = kept
            await send(message)

        await super().__call__(scope, receive, without_length)


@right
class CharsetNamed(Server):
    """JSON is `application/json; charset=utf-8`, in capitals."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.type == "application/json":
            response.headers["content-type"] = "Application/JSON; charset=UTF-8"
        return response


@right
class MoreHeaders(Server):
    """Each response has headers of its own."""

    def rewrite(self, request: Request, response: Response) -> Response:
        response.headers |= {
            "cache-control": "no-store",
            "strict-transport-security": "max-age=31536000",
            "server-timing": f"total;dur={secrets.randbelow(90)}",
            "vary": "Accept-Encoding, Authorization",
        }
        return response
