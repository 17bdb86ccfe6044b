"""An HTTP server on loopback that answers as a test says."""

import json
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Protocol
from urllib.parse import parse_qs

import httpx
from attrs import define, field, frozen

NO_LINGER = struct.pack("ii", 1, 0)


@frozen
class Request:
    """A request as it came over the wire.

    `target` is the path with its query. `headers` are case-insensitive and keep repeated fields.
    """

    method: str
    target: str
    headers: httpx.Headers = field(factory=httpx.Headers)
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, list[str]]:
        """The values of each query parameter, decoded."""
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)


@frozen
class Response:
    """What a server says to one request.

    `body` is bytes, an iterator of bytes that are sent as they come, or else any value, which is
    sent as JSON. A `Content-Length` that is given is sent as it is, right or wrong; without one it
    is the length of the body, or the connection is closed after an iterator.
    """

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(factory=dict)

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    def json(self) -> Any:
        """Return the value that the body is the JSON of."""
        return json.loads(self.content)


@frozen
class Raw:
    """Bytes in place of a response, after which the connection ends: closed, or reset."""

    data: bytes = b""
    reset: bool = False


Reply = Response | Raw
Handler = Callable[[Request], Reply]


@define
class ScriptedServer:
    """A running server: what it was asked, in order of arrival, and by how many connections.

    `handler` may be replaced at any time. A handler that holds its answer back waits for `stopped`,
    which is set when the test ends.
    """

    url: str
    handler: Handler
    requests: list[Request] = field(factory=list)
    connections: int = 0
    stopped: threading.Event = field(factory=threading.Event)
    errors: list[BaseException] = field(factory=list)

    @property
    def targets(self) -> list[str]:
        """Paths and queries of all requests."""
        return [request.target for request in self.requests]


class Script(Protocol):
    """Starts servers that are stopped after the test, over TLS where a context is given."""

    def __call__(
        self, script: Handler | Sequence[Reply], tls: ssl.SSLContext | None = None
    ) -> ScriptedServer: ...


@contextmanager
def scripted_server(
    script: Handler | Sequence[Reply], tls: ssl.SSLContext | None = None
) -> Iterator[ScriptedServer]:
    """Serve while the block lasts.

    A script is a function that answers each request, or replies of which the last is repeated.

    Raises:
        Exception: what a handler raised; its connection was closed.
    """
    with _Listener(handler_of(script), tls) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield listener.site
        finally:
            listener.site.stopped.set()
            listener.shutdown()
            thread.join()
    for error in listener.site.errors:
        raise error


def handler_of(script: Handler | Sequence[Reply]) -> Handler:
    """Return a handler that gives the replies one after another, and the last one ever after."""
    if callable(script):
        return script
    *first, last = script
    left = iter(first)
    return lambda _: next(left, last)


class _Listener(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, handler: Handler, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.tls = tls
        scheme = "https" if tls else "http"
        self.site = ScriptedServer(f"{scheme}://127.0.0.1:{self.server_address[1]}", handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.site.connections += 1
        if self.tls:
            # The handshake is left to the connection's own thread: a client that never begins it
            # would keep this one from accepting others.
            connection = self.tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address

    def handle_error(self, *_: object) -> None:
        """Take no notice: what a handler raised is in `errors`, and clients may break off."""


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def __getattr__(self, name: str) -> Callable[[], None]:
        if re.fullmatch("do_[A-Z]+", name):
            return self._answer
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        site = self.server.site
        request = self._request()
        site.requests.append(request)
        try:
            reply = site.handler(request)
        except Exception as error:  # noqa: BLE001 - the test's own thread raises it
            site.errors.append(error)
            reply = Raw()
        if isinstance(reply, Response):
            self._send(reply)
        else:
            self._send_raw(reply)

    def _request(self) -> Request:
        fields = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in self.headers.items()]
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(int(length)) if length.isdecimal() else b""
        return Request(self.command, self.path, httpx.Headers(fields, encoding="latin-1"), body)

    def _send(self, response: Response) -> None:
        headers, pieces = framed(response)
        self.send_response_only(response.status)
        for name, value in headers.raw:
            self.send_header(name.decode("latin-1"), value.decode("latin-1"))
        self.end_headers()
        if self.command != "HEAD":
            for piece in pieces:
                self.wfile.write(piece)

    def _send_raw(self, raw: Raw) -> None:
        self.wfile.write(raw.data)
        self.close_connection = True
        if raw.reset:
            # Closed with nothing to linger for, before the server shuts it down in good order.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self.connection.close()


def framed(response: Response) -> tuple[httpx.Headers, Iterator[bytes]]:
    """Return the header fields and the pieces of the body to send."""
    headers = httpx.Headers(response.headers)
    if isinstance(response.body, Iterator):
        if "Content-Length" not in headers:
            headers["Connection"] = "close"
        return headers, response.body
    if not isinstance(response.body, bytes):
        headers.setdefault("Content-Type", "application/json")
    if response.status not in (204, 304):
        headers.setdefault("Content-Length", str(len(response.content)))
    return headers, iter([response.content])
