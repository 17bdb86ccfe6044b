"""Requests and responses, as plain as a server of 200 lines needs them."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass
class Request:
    method: str
    path: str
    raw_path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]

    @classmethod
    def of(cls, scope: Scope) -> "Request":
        raw = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
        return cls(
            method=scope["method"],
            path=scope["path"],
            raw_path=raw.split(b"?")[0].decode("latin-1"),
            query=parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True),
            headers=[
                (n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in scope["headers"]
            ],
        )

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def parameter(self, name: str) -> str | None:
        """The last value of a query parameter, as FastAPI reads it; None when it is absent."""
        values = [value for key, value in self.query if key == name]
        return values[-1] if values else None


@dataclass
class Response:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @json.setter
    def json(self, value: Any) -> None:
        self.body = encode(value)


class Refusal(Exception):  # noqa: N818 (no error: the server does what it should)
    """A response that ends the request early."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def answer(value: Any, status: int = 200, **headers: str) -> Response:
    """A JSON response; keyword `www_authenticate` becomes the header `www-authenticate`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(status, encode(value), {"content-type": "application/json"} | named)


def error(status: int, detail: Any, **headers: str) -> Response:
    return answer({"detail": detail}, status, **headers)


def invalid(name: str, message: str, kind: str = "value_error") -> Refusal:
    return Refusal(error(422, [{"loc": ["query", name], "msg": message, "type": kind}]))


async def send_response(send: Send, response: Response, *, with_body: bool) -> None:
    headers = response.headers | {
        "content-length": response.headers.get("content-length", str(len(response.body)))
    }
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    await send({"type": "http.response.body", "body": response.body if with_body else b""})
