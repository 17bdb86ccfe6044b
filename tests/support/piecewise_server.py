"""A server on loopback that sends each response in pieces, and counts the connections it has."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from attrs import define, field

# Long enough for most clients to read one piece before the next comes; nothing depends on it.
_PAUSE = 0.0005


@define
class PiecewiseServer:
    """A running server. `respond` returns the body for a path with its query."""

    respond: Callable[[str], bytes]
    url: str = ""
    connections: int = 0
    _open: dict[asyncio.StreamWriter, asyncio.Event] = field(factory=dict)
    _stop: Callable[[], object] = field(init=False)
    _hang_up: Callable[[], object] = field(init=False)

    @property
    def open(self) -> int:
        """Connections that neither side has closed."""
        return len(self._open)

    def run(self, tls: ssl.SSLContext | None, begun: threading.Event) -> None:
        """Serve until `stop`, and set `begun` once that may be called."""
        asyncio.run(self._serve(tls, begun))

    def stop(self) -> None:
        """End what runs in another thread."""
        self._stop()

    def hang_up(self) -> None:
        """Close all connections; `open` tells when that is done."""
        self._hang_up()

    async def _serve(self, tls: ssl.SSLContext | None, begun: threading.Event) -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        self._stop = partial(loop.call_soon_threadsafe, stopped.set)
        self._hang_up = partial(loop.call_soon_threadsafe, self._abort)
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, ssl=tls, backlog=512)
        port = server.sockets[0].getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        begun.set()
        await stopped.wait()
        server.close()
        self._abort()
        for over in list(self._open.values()):
            await over.wait()

    def _abort(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open[writer] = over = asyncio.Event()
        with suppress(asyncio.IncompleteReadError, OSError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = self.respond(head.split(b" ", 2)[1].decode())
                for piece in (*_halves(_head(body)), *_halves(body)):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(_PAUSE)
        del self._open[writer]
        writer.transport.abort()
        over.set()


@contextmanager
def piecewise_server(
    respond: Callable[[str], bytes], tls: ssl.SSLContext | None = None
) -> Iterator[PiecewiseServer]:
    """Serve while the block lasts, in a thread of its own, which no signal interrupts."""
    server, begun = PiecewiseServer(respond), threading.Event()
    thread = threading.Thread(target=server.run, args=(tls, begun))
    thread.start()
    begun.wait()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def _head(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)


def _halves(data: bytes) -> tuple[bytes, bytes]:
    middle = len(data) // 2
    return data[:middle], data[middle:]
