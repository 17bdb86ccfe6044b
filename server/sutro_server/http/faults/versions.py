"""Faults of tags and ranges: files that seem to change, and answers without either."""

import secrets
from collections.abc import Callable

import attrs
from starlette.datastructures import MutableHeaders
from starlette.types import Message

from .call import Call

_CONDITIONS = {b"range", b"if-range", b"if-match", b"if-none-match"}


async def wrong_etag(call: Call, _: str) -> None:
    """Give the answer a tag of its own."""
    await _forward(call, lambda headers: headers.__setitem__("ETag", f'"{secrets.token_hex(16)}"'))


async def wrong_total(call: Call, _: str) -> None:
    """Let a range be one of a file that is a byte longer."""

    def edit(headers: MutableHeaders) -> None:
        if "content-range" in headers:
            part, _, total = headers["content-range"].partition("/")
            headers["Content-Range"] = f"{part}/{int(total) + 1}"

    await _forward(call, edit)


async def no_etag(call: Call, _: str) -> None:
    """Answer without a tag."""
    await _forward(call, lambda headers: headers.__delitem__("etag"))


async def no_ranges(call: Call, _: str) -> None:
    """Answer as a server that knows neither ranges nor conditions."""
    kept = [pair for pair in call.scope["headers"] if pair[0] not in _CONDITIONS]
    bare = attrs.evolve(call, scope={**call.scope, "headers": kept})
    await _forward(bare, lambda headers: headers.__delitem__("accept-ranges"))


async def _forward(call: Call, edit: Callable[[MutableHeaders], None]) -> None:
    """Let the application answer, and edit the header fields of the answer."""

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            edit(headers)
            message = {**message, "headers": headers.raw}
        await call.send(message)

    await call.forward(send)
