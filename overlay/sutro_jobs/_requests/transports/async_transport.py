"""A transport for the tasks of one event loop, any of which may be cancelled anywhere."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator
from functools import partial
from math import inf
from typing import cast

import httpcore
import httpx

from ..bounds.clock import KEY, ExchangeClock
from .async_network import AsyncNetwork
from .connection_pool import ConnectionPool
from .core_messages import ERRORS, core_request, httpx_error, pool_timeout
from .route import Route


class AsyncPooledTransport(httpx.AsyncBaseTransport):
    """Sends each request on a connection that nothing else uses until the response is closed.

    A connection whose exchange did not end cleanly is closed at once and never used again.
    """

    def __init__(self, route: Route, limits: httpx.Limits) -> None:
        self._pool = ConnectionPool(partial(_Connection, route), limits)
        most = limits.max_connections
        self._places = asyncio.Semaphore(sys.maxsize if most is None else most)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the response with its body still to be read.

        Raises:
            httpx.PoolTimeout: all connections that may be open were lent for too long.
            httpx.HTTPError: connecting, sending or reading failed.
        """
        message = core_request(request)
        await self._wait_for_place(pool_timeout(request))
        connection = self._pool.take(message.url.origin)
        try:
            connection.begin_exchange(request.extensions.get(KEY))
            response = await connection.send(message)
        except ERRORS as error:
            self.discard(connection)
            raise httpx_error(error) from error
        except BaseException:
            self.discard(connection)
            raise
        body = _Body(self, connection, cast("AsyncIterable[bytes]", response.stream))
        return httpx.Response(response.status, headers=response.headers, stream=body)

    def give_back(self, connection: _Connection) -> None:
        """Take a connection back after an exchange that ended."""
        self._pool.give_back(connection)
        self._places.release()

    def discard(self, connection: _Connection) -> None:
        """Close a connection in the middle of an exchange."""
        connection.close()
        self._places.release()

    async def aclose(self) -> None:
        """Close the connections that are idle, and those in use when they are free."""
        self._pool.close()

    async def _wait_for_place(self, patience: float | None) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        try:
            async with asyncio.timeout(patience):
                await self._places.acquire()
        except TimeoutError as error:
            raise httpx.PoolTimeout("All connections that the limits allow are in use.") from error


class _Connection:
    """A connection to one origin, open from its first request on."""

    def __init__(self, route: Route, origin: httpcore.Origin) -> None:
        self.origin = origin
        self.closed = False
        self.expires_at = inf
        self._network = AsyncNetwork()
        http = route.async_connection(origin, self._network)
        self.send, self.is_idle, self.has_expired = (
            http.handle_async_request,
            http.is_idle,
            http.has_expired,
        )

    def begin_exchange(self, clock: ExchangeClock | None) -> None:
        self._network.current.start(clock)

    def close(self) -> None:
        self.closed = True
        self._network.close()


class _Body(httpx.AsyncByteStream):
    """The body of a response, which has its connection until it is closed."""

    def __init__(
        self, transport: AsyncPooledTransport, connection: _Connection, stream: AsyncIterable[bytes]
    ) -> None:
        self._transport = transport
        self._connection: _Connection | None = connection
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._stream:
                yield chunk
        except ERRORS as error:
            self._break_off()
            raise httpx_error(error) from error
        except BaseException:
            self._break_off()
            raise

    async def aclose(self) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            await cast("httpx.AsyncByteStream", self._stream).aclose()
        except BaseException:
            self._break_off()
            raise
        self._connection = None
        self._transport.give_back(connection)

    def _break_off(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._transport.discard(connection)
