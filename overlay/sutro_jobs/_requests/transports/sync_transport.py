"""A transport for threads, which an exception of a signal handler may break off anywhere."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from math import inf
from typing import Any, cast

import httpcore
import httpx

from ..bounds.clock import KEY as CLOCK
from .connection_pool import ConnectionPool
from .core_messages import ERRORS, core_request, httpx_error, pool_timeout
from .interruption import KEY as INTERRUPTION
from .interruption import Interruption
from .route import Route
from .sync_network import SyncNetwork

# A signal can strike between freeing a connection and telling so: whoever waits looks by itself.
_LOOK_AGAIN = 0.5


class PooledTransport(httpx.BaseTransport):
    """Sends each request on a connection that nothing else uses until the response is closed.

    A connection whose exchange did not end cleanly is closed at once and never used again.
    """

    def __init__(self, route: Route, limits: httpx.Limits) -> None:
        self._pool = ConnectionPool(partial(_Connection, route), limits)
        # A signal handler may make a call in the middle of another one.
        self._lock = threading.RLock()
        self._turns: deque[threading.Lock] = deque()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the response with its body still to be read.

        Raises:
            httpx.PoolTimeout: all connections that may be open were lent for too long.
            httpx.HTTPError: connecting, sending or reading failed.
        """
        message = core_request(request)
        connection = self._take(message.url.origin, pool_timeout(request))
        try:
            connection.begin_exchange(request.extensions)
            response = connection.send(message)
            body = _Body(self, connection, cast("Iterable[bytes]", response.stream))
            return httpx.Response(response.status, headers=response.headers, stream=body)
        except ERRORS as error:
            self.discard(connection)
            raise httpx_error(error) from error
        except BaseException:
            self.discard(connection)
            raise

    def give_back(self, connection: _Connection) -> None:
        """Take a connection back after an exchange that ended."""
        connection.end_exchange()
        with self._lock:
            self._pool.give_back(connection)
        self._call_next()

    def discard(self, connection: _Connection) -> None:
        """Close a connection in the middle of an exchange."""
        connection.end_exchange()
        connection.close()
        self._call_next()

    def close(self) -> None:
        """Close the connections that are idle, and those in use when they are free."""
        with self._lock:
            self._pool.close()

    def _take(self, origin: httpcore.Origin, patience: float | None) -> _Connection:
        with self._lock:
            if not self._pool.is_exhausted():
                return self._pool.take(origin)
        return self._wait(origin, inf if patience is None else patience)

    def _wait(self, origin: httpcore.Origin, patience: float) -> _Connection:
        ends = time.monotonic() + patience
        turn = threading.Lock()
        turn.acquire()
        try:
            while (left := ends - time.monotonic()) > 0:
                with self._lock:
                    if not self._pool.is_exhausted():
                        return self._pool.take(origin)
                    if turn not in self._turns:
                        self._turns.append(turn)
                turn.acquire(timeout=min(left, _LOOK_AGAIN))
            raise httpx.PoolTimeout("All connections that the limits allow are in use.")
        finally:
            self._withdraw(turn)

    def _withdraw(self, turn: threading.Lock) -> None:
        with self._lock:
            if turn in self._turns:
                self._turns.remove(turn)
                return
        self._call_next()

    def _call_next(self) -> None:
        if self._turns:
            with suppress(IndexError):
                self._turns.popleft().release()


class _Connection:
    """A connection to one origin, open from its first request on."""

    def __init__(self, route: Route, origin: httpcore.Origin) -> None:
        self.origin = origin
        self.closed = False
        self.expires_at = inf
        self._network = SyncNetwork()
        self._interruption: Interruption | None = None
        http = route.connection(origin, self._network)
        self.send, self.is_idle, self.has_expired = (
            http.handle_request,
            http.is_idle,
            http.has_expired,
        )

    def begin_exchange(self, extensions: Mapping[str, Any]) -> None:
        self._network.current.start(extensions.get(CLOCK))
        self._interruption = interruption = extensions.get(INTERRUPTION)
        if interruption is not None:
            interruption.begin_exchange(self._network.shut_down)

    def end_exchange(self) -> None:
        interruption, self._interruption = self._interruption, None
        if interruption is not None:
            interruption.end_exchange()

    def close(self) -> None:
        self.closed = True
        self._network.close()


class _Body(httpx.SyncByteStream):
    """The body of a response, which has its connection until it is closed."""

    def __init__(
        self, transport: PooledTransport, connection: _Connection, stream: Iterable[bytes]
    ) -> None:
        self._transport = transport
        self._connection: _Connection | None = connection
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except ERRORS as error:
            self._break_off()
            raise httpx_error(error) from error
        except BaseException:
            self._break_off()
            raise

    def close(self) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            cast("httpx.SyncByteStream", self._stream).close()
        except BaseException:
            self._break_off()
            raise
        self._connection = None
        self._transport.give_back(connection)

    def _break_off(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._transport.discard(connection)
