"""Request IDs, and an access log of one JSON object a line."""

import re
import sys
import time
import uuid
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..times import SECOND, to_text

# Values of these are flags and numbers; anybody may read them in a log.
_HARMLESS = {"format", "include_cumulative_logprobs", "include_inputs", "limit", "result_format"}
_REDACTED = "[redacted]"
# Clients may put the question mark of a presigned URL wrongly, and so its query into the path.
_SIGNATURE = re.compile(r"signature=[\s\S]*")


class AccessLog:
    """Middleware that gives every answer an `X-Request-ID` and writes a line about it if asked.

    No line holds an API key: header fields are not written, values of unknown query parameters are
    not either, and paths with the key of their request or a signature are redacted.
    """

    def __init__(self, app: ASGIApp, *, write: bool) -> None:
        self._app = app
        self._write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note how it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})
        sent = {"status": 0, "bytes": 0}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent["status"] = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            else:
                sent["bytes"] += len(message.get("body", b""))
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, receive, sending)
        finally:
            if self._write:
                taken = time.perf_counter() - started
                _log(
                    {
                        "request_id": request_id,
                        **_request(scope),
                        **sent,
                        "ms": round(taken * 1e3, 3),
                    }
                )


def _log(entry: dict[str, Any]) -> None:
    now = to_text(time.time_ns() * SECOND // 10**9)
    sys.stderr.write(msgspec.json.encode({"time": now, **entry}).decode() + "\n")
    sys.stderr.flush()


def _request(scope: Scope) -> dict[str, Any]:
    client = scope.get("client")
    return {
        "client": client[0] if client else None,
        "tenant": scope["state"].get("tenant"),
        "method": scope["method"],
        "path": _redacted_path(scope),
        "query": _redacted_query(scope["query_string"]),
    }


def _redacted_query(query: bytes) -> str:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=None)
    return urlencode(
        [
            (
                name if name in _HARMLESS | {"cursor"} else _REDACTED,
                value if name in _HARMLESS else _REDACTED,
            )
            for name, value in pairs
        ]
    )


def _redacted_path(scope: Scope) -> str:
    path = _SIGNATURE.sub(_REDACTED, scope["path"])
    for name, value in scope["headers"]:
        if name == b"authorization":
            for secret in re.split(rb"\s+", value.strip()):
                # Shorter words, such as the scheme, are part of many a path.
                if len(secret) > 3:
                    path = path.replace(secret.decode("latin-1"), _REDACTED)
    return path
