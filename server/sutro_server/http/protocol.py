"""HTTP parsing with limits on the request line and the header fields."""

import uuid
from http import HTTPStatus

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_TARGET = 8 * 1024
"""Bytes of a request's target, path and query together."""

MAX_FIELDS = 32 * 1024
"""Bytes of all header fields of a request."""


class LimitedProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, which has no limits of its own: it answers 414, 431 and 400 as JSON."""

    _refusal = HTTPStatus.BAD_REQUEST
    _fields = 0

    def on_message_begin(self) -> None:
        """Start counting anew."""
        super().on_message_begin()
        self._fields = 0
        # Faults close connections in ways that ASGI has no words for.
        self.scope["state"]["transport"] = self.transport

    def on_url(self, url: bytes) -> None:
        """Take in a piece of the target."""
        super().on_url(url)
        if len(self.url) > MAX_TARGET:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header field."""
        self._fields += len(name) + len(value)
        if self._fields > MAX_FIELDS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        super().on_header(name, value)

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed, or is too much of it, and close the connection."""
        body = msgspec.json.encode({"detail": f"{self._refusal.phrase}."})
        fields = (
            f"HTTP/1.1 {self._refusal.value} {self._refusal.phrase}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            f"x-request-id: {uuid.uuid4().hex}",
            "connection: close",
        )
        self.transport.write("\r\n".join(fields).encode() + b"\r\n\r\n" + body)
        self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        self._refusal = status
        # The parser turns an exception of a callback into the error that leads to
        # `send_400_response`.
        raise ValueError(status.phrase)
