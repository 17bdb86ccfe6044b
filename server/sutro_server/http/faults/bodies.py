"""Faults of answers: JSON that is wrong or not whole, and bodies of the wrong length."""

from typing import Any
from urllib.parse import parse_qs

import msgspec
from starlette.types import Message

from ...store.jobs import NEWEST
from .call import Call


async def wrong_length(call: Call, value: str) -> None:
    """Leave bytes out of the body and of its length."""
    start, body = await call.collect()
    await call.answer(start, body[: max(0, len(body) - int(value))])


async def malformed_json(call: Call, _: str) -> None:
    """Send half of a JSON body as if it were all."""
    start, body = await call.collect()
    await call.answer(start, body[: len(body) // 2] if _is_json(start) else body)


async def wrong_shape(call: Call, _: str) -> None:
    """Send JSON that is not what the contract says."""
    start, body = await call.collect()
    await call.answer(start, b'[{"unexpected":null}]' if _is_json(start) else body)


async def empty_page(call: Call, _: str) -> None:
    """Let the first page be empty, with a cursor to all jobs."""
    start, body = await call.collect()
    query = _query(call)
    if start["status"] == 200 and "limit" in query and "cursor" not in query:
        first = call.store.cursors.write(call.scope["state"]["tenant"], NEWEST)
        body = msgspec.json.encode({"jobs": [], "next_cursor": first})
    await call.answer(start, body)


async def repeated_cursor(call: Call, _: str) -> None:
    """Let the next cursor be the one that was sent."""
    start, body = await call.collect()
    query = _query(call)
    if start["status"] == 200 and {"limit", "cursor"} <= query.keys():
        page = msgspec.json.decode(body)
        body = msgspec.json.encode(page | {"next_cursor": query["cursor"][-1]})
    await call.answer(start, body)


async def wrong_size(call: Call, value: str) -> None:
    """Let the size of a file of results be so many bytes too large."""
    start, body = await call.collect()
    if start["status"] == 200 and body:
        link: dict[str, Any] = msgspec.json.decode(body)
        link["artifact"]["size_bytes"] += int(value)
        body = msgspec.json.encode(link)
    await call.answer(start, body)


async def short_lived_url(call: Call, value: str) -> None:
    """Let URLs of results expire after so many seconds, whatever was asked for."""
    # Of two values of a parameter the application takes the last one.
    query = call.scope["query_string"] + f"&expires_in_seconds={value}".encode()
    scope = {**call.scope, "query_string": query}
    await call.app(scope, call.receive, call.send)


def _query(call: Call) -> dict[str, list[str]]:
    return parse_qs(call.scope["query_string"].decode("latin-1"))


def _is_json(start: Message) -> bool:
    return any(pair == (b"content-type", b"application/json") for pair in start["headers"])
