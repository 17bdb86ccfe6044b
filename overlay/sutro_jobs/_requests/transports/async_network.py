# ruff: noqa: ASYNC109 - httpcore asks for parameters of this name
"""Sockets of asynchronous connections, which can be closed at once and without awaiting anything.

httpcore's own backend awaits when it closes, so that a task cancelled once more leaves the socket
open, and loses a socket that is cancelled when its connecting or its TLS handshake ends.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import zip_longest
from typing import Any, cast

import httpcore

from ..bounds.clock import CurrentClock
from .private_socket import PrivateSocket
from .readable import is_readable
from .resolution import Address, resolve_for_task

_READ_AHEAD = 262_144
# RFC 8305, section 5: how long one address has before the next is tried beside it.
_ATTEMPT_DELAY = 0.25
# asyncio's handshake has a timeout of its own, which cannot be turned off.
_NEVER = 1e6
_TIME_IS_UP = "The exchange takes too long."


class AsyncNetwork(httpcore.AsyncNetworkBackend):
    """Opens the socket of one connection and closes it; `current` bounds all that it waits for."""

    def __init__(self) -> None:
        self.current = CurrentClock()
        self._stream: _Stream | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the address of the host that takes the connection first.

        `timeout` bounds all of it in seconds. No connection of ours asks for a local address or for
        options.

        Raises:
            httpcore.ConnectTimeout: no address took the connection in time.
            httpcore.ConnectError: there is no address, or all refuse.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self.current.left(timeout)):
                addresses = await resolve_for_task(host, port)
                connected = await _connect_to_any(_alternating(addresses))
                stream = partial(_Stream, self.current)
                _, self._stream = await loop.create_connection(stream, sock=connected)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(error) from error
        except OSError as error:
            raise httpcore.ConnectError(error) from error
        return self._stream

    def close(self) -> None:
        """Close the socket at once."""
        if self._stream is not None:
            self._stream.close()


class _Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A socket, with TLS once that was started, and what was received and not read yet."""

    def __init__(self, current: CurrentClock) -> None:
        self._current = current
        self._received: deque[bytes | memoryview] = deque()
        self._size = 0
        self._ended = False
        self._error: Exception | None = None
        self._news: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._socket = self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received.append(data)
        self._size += len(data)
        if self._size > _READ_AHEAD:
            self._transport.pause_reading()
        _wake(self._news)

    def eof_received(self) -> None:
        self._ended = True
        _wake(self._news)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = exc
        _wake(self._news)
        _wake(self._room)

    def pause_writing(self) -> None:
        self._room = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        _wake(self._room)
        self._room = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._current.left(timeout)
        if left == 0:
            raise httpcore.ReadTimeout(_TIME_IS_UP)
        if not self._received and not self._ended:
            self._news = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(left):
                    await self._news
            except TimeoutError as error:
                raise httpcore.ReadTimeout(error) from error
            finally:
                self._news = None
        if not self._received and self._error is not None:
            raise httpcore.ReadError(self._error) from self._error
        return self._next(max_bytes) if self._received else b""

    def _next(self, max_bytes: int) -> bytes:
        chunk = self._received.popleft()
        if len(chunk) > max_bytes:
            rest = memoryview(chunk)
            self._received.appendleft(rest[max_bytes:])
            chunk = bytes(rest[:max_bytes])
        self._size -= len(chunk)
        if self._size <= _READ_AHEAD and not self._ended:
            self._transport.resume_reading()
        return bytes(chunk)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._transport.is_closing():
            raise httpcore.WriteError("The connection is closed.")
        self._transport.write(buffer)
        if self._room is None:
            return
        try:
            async with asyncio.timeout(self._current.left(timeout)):
                await self._room
        except TimeoutError as error:
            raise httpcore.WriteTimeout(error) from error

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._current.left(timeout)):
                transport = await loop.start_tls(
                    self._transport,
                    self,
                    ssl_context,
                    server_hostname=server_hostname,
                    ssl_handshake_timeout=_NEVER,
                )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(error) from error
        except OSError as error:
            raise httpcore.ConnectError(error) from error
        self._transport = cast("asyncio.Transport", transport)
        return self

    def close(self) -> None:
        self._socket.abort()

    async def aclose(self) -> None:
        self.close()

    def get_extra_info(self, info: str) -> Any:
        if info != "is_readable":
            return None
        if self._received or self._ended or self._socket.is_closing():
            return True
        return is_readable(self._socket.get_extra_info("socket").fileno())


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)


def _alternating(addresses: Sequence[Address]) -> list[Address]:
    """Put one address of each family after the other, beginning with the preferred family."""
    preferred = [address for address in addresses if address[0] == addresses[0][0]]
    others = [address for address in addresses if address[0] != addresses[0][0]]
    pairs = zip_longest(preferred, others)
    return [address for pair in pairs for address in pair if address is not None]


async def _connect_to_any(addresses: list[Address]) -> socket.socket:
    """Try one address after the other, and the next beside those that take long (RFC 8305)."""
    attempts: list[asyncio.Task[socket.socket]] = []
    try:
        for number, address in enumerate(addresses, 1):
            attempts.append(asyncio.create_task(_connect(address)))
            delay = None if number == len(addresses) else _ATTEMPT_DELAY
            if winner := await _first_success(attempts, delay):
                attempts.remove(winner)
                return winner.result()
        raise attempts[0].exception() or OSError("There is no address to connect to.")
    finally:
        for attempt in attempts:
            attempt.cancel()
            attempt.add_done_callback(_close_connected)


async def _first_success(
    attempts: list[asyncio.Task[socket.socket]], delay: float | None
) -> asyncio.Task[socket.socket] | None:
    """Wait for a socket that is connected, but no longer than until it is the next one's turn."""
    while pending := [attempt for attempt in attempts if not attempt.done()]:
        await asyncio.wait(pending, timeout=delay, return_when=asyncio.FIRST_COMPLETED)
        for attempt in attempts:
            if attempt.done() and attempt.exception() is None:
                return attempt
        if delay is not None:
            break
    return None


def _close_connected(attempt: asyncio.Task[socket.socket]) -> None:
    if not attempt.cancelled() and attempt.exception() is None:
        attempt.result().close()


async def _connect(address: Address) -> socket.socket:
    family, kind, protocol, _, target = address
    connecting = PrivateSocket(family, kind, protocol)
    try:
        connecting.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connecting, target)
    except BaseException:
        connecting.close()
        raise
    return connecting
