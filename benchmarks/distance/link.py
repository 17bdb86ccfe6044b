"""A link of a given length and width, emulated on loopback for benchmarks and tests.

It relays bytes, so TLS passes through as it is. Each connection is delayed and paced in both
directions by itself, and all connections of a link can share a limit:

    with Link(latency=0.040, bandwidth=mbit(100), shared_bandwidth=mbit(400)) as link:
        relay = link.to("127.0.0.1", 8000)
        httpx.get(f"http://127.0.0.1:{relay.port}/list-jobs")

What it leaves out: a new connection has its whole bandwidth at once, where TCP starts slowly, and
no packet is lost or comes out of order.
"""

from __future__ import annotations

import asyncio
import math
import random
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

LOOPBACK = "127.0.0.1"
# A piece is what the link carries in two milliseconds: pieces of 64 KiB would come whole after 5 ms
# at 100 Mbit/s, where a real link has delivered their first bytes.
_PIECE_SECONDS = 0.002
_SMALLEST_PIECE, _LARGEST_PIECE = 2_048, 65_536
# Bytes under way in one direction of a connection, as a receiver's window bounds them.
_WINDOW = 4 << 20
# How late a busy link may run and still catch up: timers are late, and no bandwidth is lost by it.
_CATCH_UP_SECONDS = 0.2
_AT_ONCE_SECONDS = 0.001
# Closing sends RST in place of FIN.
_RESET = struct.pack("ii", 1, 0)


def mbit(megabits: float) -> float:
    """Return megabits a second in bytes a second."""
    return megabits * 1e6 / 8


class Pace:
    """Tells when bytes have left, at so many bytes a second."""

    def __init__(self, bandwidth: float) -> None:
        self._bandwidth = bandwidth
        self._free = 0.0

    def leaving(self, size: int, since: float) -> float:
        """Return when `size` bytes have left that could leave from `since` on."""
        self._free = max(self._free, since) + size / self._bandwidth
        return self._free


@dataclass
class Relay:
    """A port of a link, and what has gone over it; bytes are counted as they leave their sender."""

    host: str
    upstream_port: int
    port: int = 0
    connections: int = 0
    lost: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


class Link:
    """A link, for as long as its `with` block runs.

    Args:
        latency: Seconds each way. A connection takes a round trip to be made.
        bandwidth: Bytes a second of each connection, in each direction; None is no limit.
        shared_bandwidth: Bytes a second of all connections together, in each direction.
        bytes_to_loss: Mean of the random number of bytes after which a connection is reset.
        seed: Repeats these numbers.
    """

    def __init__(
        self,
        *,
        latency: float = 0.0,
        bandwidth: float | None = None,
        shared_bandwidth: float | None = None,
        bytes_to_loss: float | None = None,
        seed: int = 0,
    ) -> None:
        self.latency = latency
        self.bandwidth = bandwidth
        self.shared_up = None if shared_bandwidth is None else Pace(shared_bandwidth)
        self.shared_down = None if shared_bandwidth is None else Pace(shared_bandwidth)
        self._bytes_to_loss = bytes_to_loss
        self._rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
        # epoll rounds each wait up to a whole millisecond, a tenth of 10 ms each way.
        self._loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
        self._thread = threading.Thread(target=self._loop.run_forever, name="link", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._carrying: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def to(self, host: str, port: int) -> Relay:
        """Open a port on the loopback address that leads to a server over this link."""
        opening = self._open(Relay(host, port))
        return asyncio.run_coroutine_threadsafe(opening, self._loop).result()

    async def _open(self, relay: Relay) -> Relay:
        def accept(client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
            relay.connections += 1
            connection = _Connection(self, relay, self._bytes_until_loss(), client, to_client)
            # The loop holds tasks weakly, and a stream lets go of its task when it ends.
            task = self._loop.create_task(connection.carry())
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)

        server = await asyncio.start_server(accept, LOOPBACK, 0, limit=_WINDOW)
        self._servers.append(server)
        relay.port = server.sockets[0].getsockname()[1]
        return relay

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    def _bytes_until_loss(self) -> float:
        if self._bytes_to_loss is None:
            return math.inf
        return self._rng.expovariate(1 / self._bytes_to_loss)


class _Connection:
    """One connection of a client to a server, over a link."""

    def __init__(
        self,
        link: Link,
        relay: Relay,
        bytes_left: float,
        client: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
    ) -> None:
        self._link = link
        self._relay = relay
        self._bytes_left = bytes_left
        self._client = client
        self._to_client = to_client
        self._opened = time.monotonic()

    async def carry(self) -> None:
        """Carry bytes both ways until both sides have closed, or one breaks off."""
        writers = [self._to_client]
        try:
            server, to_server = await asyncio.open_connection(
                self._relay.host, self._relay.upstream_port, limit=_WINDOW
            )
            writers.append(to_server)
            up = _Direction(self._link, self._link.shared_up, self._count_up)
            down = _Direction(self._link, self._link.shared_down, self._count_down)
            # The client may send once its request for a connection has been answered.
            ready = self._opened + 2 * self._link.latency
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(up.take(self._client, ready))
                tasks.create_task(up.give(to_server))
                tasks.create_task(down.take(server, ready))
                tasks.create_task(down.give(self._to_client))
        except* OSError:
            for writer in writers:
                _reset(writer)
        finally:
            for writer in writers:
                writer.close()

    def _count_up(self, size: int) -> None:
        self._relay.bytes_up += size
        self._spend(size)

    def _count_down(self, size: int) -> None:
        self._relay.bytes_down += size
        self._spend(size)

    def _spend(self, size: int) -> None:
        self._bytes_left -= size
        if self._bytes_left < 0:
            self._relay.lost += 1
            raise ConnectionResetError


class _Direction:
    """One direction of a connection: pieces leave their sender at its pace, and arrive later."""

    def __init__(self, link: Link, shared: Pace | None, count: Callable[[int], None]) -> None:
        self._latency = link.latency
        own = None if link.bandwidth is None else Pace(link.bandwidth)
        self._paces = [pace for pace in (own, shared) if pace is not None]
        self._count = count
        self._piece = _piece_size(link.bandwidth)
        self._under_way = asyncio.Queue[tuple[float, bytes]]()
        self._bytes_under_way = 0
        self._room = asyncio.Event()

    async def take(self, reader: asyncio.StreamReader, ready: float) -> None:
        """Take pieces from their sender, from a moment on, as fast as the link carries them."""
        await _sleep_until(ready)
        left, piece = ready, b"first"
        while piece:
            asked = time.monotonic()
            piece = await reader.read(self._piece)
            now = time.monotonic()
            was_waiting = now - asked < _AT_ONCE_SECONDS
            # What was waiting could leave once the piece before it had, however late we are.
            since = max(left, now - _CATCH_UP_SECONDS) if was_waiting else now
            left = max((pace.leaving(len(piece), since) for pace in self._paces), default=now)
            await _sleep_until(left)
            self._count(len(piece))
            self._bytes_under_way += len(piece)
            self._under_way.put_nowait((left + self._latency, piece))
            while self._bytes_under_way > _WINDOW:
                self._room.clear()
                await self._room.wait()

    async def give(self, writer: asyncio.StreamWriter) -> None:
        """Hand pieces to their receiver when they arrive, and tell it of the end."""
        while True:
            arrival, piece = await self._under_way.get()
            await _sleep_until(arrival)
            if not piece:
                writer.write_eof()
                return
            writer.write(piece)
            await writer.drain()
            self._bytes_under_way -= len(piece)
            self._room.set()


def _piece_size(bandwidth: float | None) -> int:
    if bandwidth is None:
        return _LARGEST_PIECE
    return int(min(max(bandwidth * _PIECE_SECONDS, _SMALLEST_PIECE), _LARGEST_PIECE))


async def _sleep_until(moment: float) -> None:
    left = moment - time.monotonic()
    if left > 0:
        await asyncio.sleep(left)


def _reset(writer: asyncio.StreamWriter) -> None:
    if writer.is_closing():  # Its peer was the one that broke off.
        return
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
