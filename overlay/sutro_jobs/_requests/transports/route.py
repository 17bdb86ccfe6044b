"""How connections are made: whom to trust, and through which proxy."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import httpcore
import httpx

from .core_messages import core_url


@dataclass(frozen=True, slots=True)
class Route:
    """Makes httpcore's connections, which open their sockets with the backend they are given.

    httpcore's pools serve as factories only: they choose the kind of connection for a proxy. For an
    origin that is not the API's, `elsewhere` gives another route.
    """

    ssl_context: ssl.SSLContext
    proxy: httpcore.Proxy | None = None
    elsewhere: Callable[[httpcore.Origin], Route | None] = lambda _: None

    def connection(
        self, origin: httpcore.Origin, network: httpcore.NetworkBackend
    ) -> httpcore.ConnectionInterface:
        """Make a connection to `origin`; it opens with its first request."""
        route = self.elsewhere(origin) or self
        return httpcore.ConnectionPool(
            ssl_context=route.ssl_context, proxy=route.proxy, network_backend=network
        ).create_connection(origin)

    def async_connection(
        self, origin: httpcore.Origin, network: httpcore.AsyncNetworkBackend
    ) -> httpcore.AsyncConnectionInterface:
        """Make an asynchronous connection to `origin`; it opens with its first request."""
        route = self.elsewhere(origin) or self
        return httpcore.AsyncConnectionPool(
            ssl_context=route.ssl_context, proxy=route.proxy, network_backend=network
        ).create_connection(origin)


def core_proxy(proxy: str | httpx.Proxy) -> httpcore.Proxy:
    """Return httpcore's form of a proxy.

    Raises:
        ImportError: it is a SOCKS proxy, and the package for those is not installed.
    """
    proxy = httpx.Proxy(proxy) if isinstance(proxy, str) else proxy
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise ImportError("A SOCKS proxy needs the package socksio: pip install 'httpx[socks]'.")
    return httpcore.Proxy(core_url(proxy.url), proxy.raw_auth, proxy.headers.raw, proxy.ssl_context)
