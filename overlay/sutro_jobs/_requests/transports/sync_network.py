"""Sockets of synchronous connections, which can be closed whatever they are in the middle of.

httpcore's own backend loses a socket that an exception of a signal handler finds connecting or in a
TLS handshake, and takes a `TimeoutError` of such a handler for its own.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from math import inf
from types import TracebackType
from typing import Any, TypeVar

import httpcore

from ..bounds.clock import CurrentClock
from .private_socket import PrivateSocket
from .readable import is_readable
from .resolution import Address, resolve

T = TypeVar("T")
_RECEIVED_AT_ONCE = 262_144
_CLOCK_SLACK = 0.01
_ERRORS_OF_SOCKETS = frozenset({"builtins", "socket", "ssl"})
_TIME_IS_UP = "The exchange takes too long."


class SyncNetwork(httpcore.NetworkBackend):
    """Opens the socket of one connection and closes it; `current` bounds all that it waits for."""

    def __init__(self) -> None:
        self.current = CurrentClock()
        self._stream: _Stream | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that takes the connection.

        `timeout` bounds all of it in seconds, of which each address gets its share. No connection
        of ours asks for a local address or for options.

        Raises:
            httpcore.ConnectTimeout: no address took the connection in time.
            httpcore.ConnectError: there is no address, or it refuses.
        """
        failures: list[Exception] = []
        deadline = _deadline(self.current.left(timeout))
        with _SocketErrors(httpcore.ConnectTimeout, httpcore.ConnectError, _left(deadline)):
            addresses = resolve(host, port, _left(deadline))
        for number, address in enumerate(addresses):
            try:
                return self._connect(address, _left(deadline, len(addresses) - number))
            except (httpcore.ConnectTimeout, httpcore.ConnectError) as failure:
                failures.append(failure)
        raise failures[0]

    def close(self) -> None:
        """Close the socket at once."""
        if self._stream is not None:
            self._stream.close()

    def shut_down(self) -> None:
        """Let a thread that reads or writes see the end of the connection at once."""
        if self._stream is not None:
            self._stream.shut_down()

    def _connect(self, address: Address, timeout: float | None) -> _Stream:
        family, kind, protocol, _, target = address
        with _SocketErrors(httpcore.ConnectTimeout, httpcore.ConnectError, timeout):
            plain = _Socket(family, kind, protocol)
            self._stream = stream = _Stream(plain, self.current)
            try:
                plain.settimeout(timeout)
                plain.connect(target)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except BaseException:
                plain.close()
                raise
            return stream


class _Socket(PrivateSocket):
    """A socket that may be lost: an exception of a signal handler can strike before it is kept."""

    def __del__(self) -> None:
        # Not the method of this class's base, which needs a finished object.
        super(socket.socket, self).close()


class _Stream(httpcore.NetworkStream):
    """A socket, with TLS once that was started."""

    def __init__(self, plain: socket.socket, current: CurrentClock) -> None:
        self._current = current
        self._socket: socket.socket | _TLS = plain

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._current.left(timeout)
        with _SocketErrors(httpcore.ReadTimeout, httpcore.ReadError, left):
            self._socket.settimeout(left)
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._current.left(timeout)
        with _SocketErrors(httpcore.WriteTimeout, httpcore.WriteError, left):
            self._socket.settimeout(left)
            self._socket.sendall(buffer)

    def close(self) -> None:
        self._socket.close()

    def shut_down(self) -> None:
        # Closing it would not wake the thread that waits for it.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._current.left(timeout)
        with _SocketErrors(httpcore.ConnectTimeout, httpcore.ConnectError, left):
            secured = _TLS(self._socket, ssl_context, server_hostname)
            secured.settimeout(left)
            secured.shake_hands()
            self._socket = secured
        return self

    def get_extra_info(self, info: str) -> Any:
        return is_readable(self._socket.fileno()) if info == "is_readable" else None


class _TLS:
    """TLS over a socket, or over TLS to a proxy.

    `ssl.SSLSocket` cannot do the latter. It also takes the descriptor over from the socket that it
    wraps, so if that is interrupted both close it, and the second time it may be somebody else's.
    """

    def __init__(
        self, outer: socket.socket | _TLS, context: ssl.SSLContext, server_hostname: str | None
    ) -> None:
        self._outer = outer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_hostname
        )
        self._deadline = inf

    def settimeout(self, seconds: float | None) -> None:
        # Of a whole operation, which may take many pieces from the socket.
        self._deadline = _deadline(seconds)

    def fileno(self) -> int:
        return self._outer.fileno()

    def shutdown(self, how: int) -> None:
        self._outer.shutdown(how)

    def close(self) -> None:
        self._outer.close()

    def shake_hands(self) -> None:
        self._run(self._session.do_handshake)

    def sendall(self, data: bytes) -> None:
        self._run(partial(self._session.write, data))

    def recv(self, max_bytes: int) -> bytes:
        try:
            return self._run(partial(self._session.read, max_bytes))
        except ssl.SSLEOFError:
            # As with a plain socket, it is for HTTP to say whether that was the end.
            return b""

    def _run(self, operation: Callable[[], T]) -> T:
        while True:
            try:
                result = operation()
            except ssl.SSLWantReadError:
                self._send()
                self._receive()
            else:
                self._send()
                return result

    def _bound(self) -> None:
        left = _left(self._deadline)
        if left == 0:
            raise TimeoutError(_TIME_IS_UP)
        self._outer.settimeout(left)

    def _send(self) -> None:
        if self._outgoing.pending:
            self._bound()
            self._outer.sendall(self._outgoing.read())

    def _receive(self) -> None:
        self._bound()
        received = self._outer.recv(_RECEIVED_AT_ONCE)
        if received:
            self._incoming.write(received)
        else:
            self._incoming.write_eof()


def _deadline(timeout: float | None) -> float:
    """Return the moment, on the monotonic clock, when so many seconds are over."""
    return inf if timeout is None else time.monotonic() + timeout


def _left(deadline: float, shares: int = 1) -> float | None:
    """Return the seconds until a deadline, or a share of them; None if there is none."""
    left = (deadline - time.monotonic()) / shares
    return None if left == inf else max(left, 0.0)


class _SocketErrors:
    """Raises the errors of a socket as those of httpcore."""

    def __init__(
        self, too_late: type[Exception], failed: type[Exception], timeout: float | None
    ) -> None:
        self._too_late = too_late
        self._failed = failed
        self._timeout = timeout

    def __enter__(self) -> None:
        self._began = time.monotonic()
        if self._timeout == 0:
            raise self._too_late(_TIME_IS_UP)

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        if not isinstance(error, OSError) or self._is_foreign(error):
            return
        kind = self._too_late if isinstance(error, TimeoutError) else self._failed
        raise kind(error) from error

    def _is_foreign(self, error: OSError) -> bool:
        """Tell whether a signal handler raised it, and not the socket."""
        if type(error).__module__ not in _ERRORS_OF_SOCKETS:
            return True
        if not isinstance(error, TimeoutError) or error.errno is not None:
            return False
        elapsed = time.monotonic() - self._began
        return self._timeout is None or elapsed < self._timeout - _CLOCK_SLACK
