"""A server on loopback that writes bytes when and as a test wants them."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer

from attrs import define, field

# In seconds: slow for a program, and fast enough for a test.
PAUSE = 0.05


@define
class Conversation:
    """One connection to a raw server."""

    connection: socket.socket
    stopped: threading.Event

    def read_head(self) -> bytes:
        """Read until the empty line after the head of a request."""
        head = b""
        while not head.endswith(b"\r\n\r\n") and (piece := self.connection.recv(65_536)):
            head += piece
        return head

    def send(self, data: bytes) -> None:
        """Send all of it at once."""
        self.connection.sendall(data)

    def drip(self, data: Iterable[int], pause: float = PAUSE) -> None:
        """Send a byte at a time, until there are no more or the test has ended."""
        for byte in data:
            self.send(bytes([byte]))
            if self.stopped.wait(pause):
                return

    def flood(self, data: bytes) -> None:
        """Send the same again and again, as fast as it is read, until the test has ended."""
        while not self.stopped.is_set():
            self.send(data)


Talk = Callable[[Conversation], None]


@define
class RawServer:
    """A running server: its URL, and how many connections it was asked for."""

    url: str
    connections: int = 0
    stopped: threading.Event = field(factory=threading.Event)


class _Listener(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, talk: Talk, tls: ssl.SSLContext | None, scheme: str) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.talk = talk
        self.tls = tls
        self.site = RawServer(f"{scheme}://127.0.0.1:{self.server_address[1]}")

    def handle_error(self, *_: object) -> None:
        """Take no notice: clients break off."""


class _Connection(BaseRequestHandler):
    server: _Listener

    def handle(self) -> None:
        site = self.server.site
        site.connections += 1
        plain = self.request
        connection = (
            self.server.tls.wrap_socket(plain, server_side=True) if self.server.tls else plain
        )
        with connection, suppress(OSError):
            self.server.talk(Conversation(connection, site.stopped))


@contextmanager
def raw_server(
    talk: Talk, tls: ssl.SSLContext | None = None, scheme: str | None = None
) -> Iterator[RawServer]:
    """Serve while the block lasts; `talk` has each connection, in a thread of its own."""
    with _Listener(talk, tls, scheme or ("https" if tls else "http")) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield listener.site
        finally:
            listener.site.stopped.set()
            listener.shutdown()
            thread.join()
