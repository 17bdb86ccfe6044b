"""Sends one request over the network, within a deadline that no slow server can stretch."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.request import getproxies, proxy_bypass

import attrs
import httpcore
import httpx

from .errors import BrokenOffError, DisturbedError, UnsendableError

Headers = Sequence[tuple[bytes, bytes]]
# Larger than any answer that a run asks for; what a server sends beyond it is not read.
LARGEST_BODY = 128 * 2**20
# Bodies larger than this are read one at a time, as many together would fill the memory.
_SMALL_BODY = 4 * 2**20
_WITH_LENGTH = ("POST", "PUT", "PATCH")


@attrs.frozen
class Answer:
    """An answer as it came over the wire, its body still encoded."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = attrs.field(repr=False)


class Transport(Protocol):
    """Sends requests and reads whole answers."""

    def ask(self, method: str, url: httpx.URL, headers: Headers, *, within: float) -> Answer:
        """Send a request and read its answer within some seconds.

        Raises:
            DisturbedError: the network failed, or time was up.
            BrokenOffError: the answer is not HTTP, is too large, or ends before it is whole.
            UnsendableError: the request cannot be written as HTTP.
        """

    def close(self) -> None:
        """Close all connections."""


class _Deadline(threading.local):
    """When the exchange of this thread has to be over."""

    at = float("inf")

    def left(self, timeout: float | None) -> float:
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole exchange took too long")
        return left if timeout is None else min(left, timeout)


@attrs.define(eq=False)
class _Stream(httpcore.NetworkStream):
    """A stream on which each read and write ends with the exchange, however little came."""

    inner: httpcore.NetworkStream
    deadline: _Deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, self.deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, self.deadline.left(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self.deadline.left(timeout)
        return _Stream(self.inner.start_tls(ssl_context, server_hostname, left), self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


@attrs.define(eq=False)
class _Backend(httpcore.NetworkBackend):
    deadline: _Deadline
    inner: httpcore.NetworkBackend = attrs.field(factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self.deadline.left(timeout)
        stream = self.inner.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self.deadline)


class NetworkTransport:
    """Keeps connections to one server, also through a proxy that the environment names.

    `timeout` is how long each step may take, in seconds: connecting, or waiting for more bytes.
    """

    def __init__(self, url: httpx.URL, connections: int, timeout: float) -> None:
        self._deadline = _Deadline()
        self._large = threading.Lock()
        self._timeouts = dict.fromkeys(("connect", "read", "write", "pool"), timeout)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            proxy=_proxy(url),
            max_connections=connections,
            max_keepalive_connections=connections,
            # Servers close idle connections after 5 s and more; one closed meanwhile costs a retry.
            keepalive_expiry=4.0,
            network_backend=_Backend(self._deadline),
        )

    def ask(self, method: str, url: httpx.URL, headers: Headers, *, within: float) -> Answer:
        """Send a request and read its answer, see `Transport`."""
        fields = [(b"Host", url.netloc), *headers]
        if method in _WITH_LENGTH:
            fields.append((b"Content-Length", b"0"))
        request = httpcore.Request(
            method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=fields,
            extensions={"timeout": self._timeouts},
        )
        self._deadline.at = time.monotonic() + within
        with _errors():
            response = self._pool.handle_request(request)
            try:
                body = _whole(iter(response.iter_stream()), self._large)
            finally:
                response.close()
        return Answer(response.status, readable(response.headers), body)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def readable(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Return header fields as text; bytes outside ASCII are read as UTF-8 or Latin-1."""
    return tuple((_text(name), _text(value)) for name, value in headers)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _whole(chunks: Iterator[bytes], large: threading.Lock) -> bytes:
    """Return a body, of which only one at a time may be large."""
    body = b"".join(_at_most(chunks, _SMALL_BODY))
    if len(body) < _SMALL_BODY:
        return body
    with large:
        body += b"".join(_at_most(chunks, LARGEST_BODY - len(body)))
    if len(body) >= LARGEST_BODY:
        raise BrokenOffError(f"the body is larger than {LARGEST_BODY >> 20} MiB")
    return body


def _at_most(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield chunks until they have a size together."""
    read = 0
    while read < size and (chunk := next(chunks, None)) is not None:
        read += len(chunk)
        yield chunk


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise UnsendableError(str(error)) from error
    except httpcore.RemoteProtocolError as error:
        raise BrokenOffError(f"{type(error).__name__}: {error}") from error
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProxyError) as error:
        raise DisturbedError(f"{type(error).__name__}: {error}") from error


def _proxy(url: httpx.URL) -> httpcore.Proxy | None:
    address = getproxies().get(url.scheme)
    if address is None or proxy_bypass(url.host):
        return None
    proxy = httpx.Proxy(address)
    return httpcore.Proxy(
        httpcore.URL(
            scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=b"/"
        ),
        auth=proxy.raw_auth,
    )
