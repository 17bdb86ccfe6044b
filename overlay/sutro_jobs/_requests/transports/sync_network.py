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
from types import TracebackType
from typing import Any, TypeVar

import httpcore

from .private_socket import PrivateSocket
from .readable import is_readable

T = TypeVar("T")
_RECEIVED_AT_ONCE = 262_144
_CLOCK_SLACK = 0.01
_ERRORS_OF_SOCKETS = frozenset({"builtins", "socket", "ssl"})
_Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]


class SyncNetwork(httpcore.NetworkBackend):
    """Opens the socket of one connection and closes it."""

    def __init__(self) -> None:
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

        `timeout` bounds each address in seconds. No connection of ours asks for a local address or
        for options.

        Raises:
            httpcore.ConnectTimeout: no address took the connection in time.
            httpcore.ConnectError: there is no address, or it refuses.
        """
        failures: list[Exception] = []
        with _SocketErrors(httpcore.ConnectTimeout, httpcore.ConnectError, None):
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for address in addresses:
            try:
                return self._connect(address, timeout)
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

    def _connect(self, address: _Address, timeout: float | None) -> _Stream:
        family, kind, protocol, _, target = address
        with _SocketErrors(httpcore.ConnectTimeout, httpcore.ConnectError, timeout):
            plain = _Socket(family, kind, protocol)
            self._stream = stream = _Stream(plain)
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

    def __init__(self, plain: socket.socket) -> None:
        self._socket: socket.socket | _TLS = plain

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _SocketErrors(httpcore.ReadTimeout, httpcore.ReadError, timeout):
            self._socket.settimeout(timeout)
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _SocketErrors(httpcore.WriteTimeout, httpcore.WriteError, timeout):
            self._socket.settimeout(timeout)
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
        with _SocketErrors(httpcore.ConnectTimeout, httpcore.ConnectError, timeout):
            self._socket.settimeout(timeout)
            secured = _TLS(self._socket, ssl_context, server_hostname)
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

    def settimeout(self, seconds: float | None) -> None:
        self._outer.settimeout(seconds)

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

    def _send(self) -> None:
        if self._outgoing.pending:
            self._outer.sendall(self._outgoing.read())

    def _receive(self) -> None:
        received = self._outer.recv(_RECEIVED_AT_ONCE)
        if received:
            self._incoming.write(received)
        else:
            self._incoming.write_eof()


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
