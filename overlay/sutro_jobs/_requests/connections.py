"""Connections: made when the first request needs one, shared from then on.

Requests go to httpx's transports directly. What an `httpx.Client` adds to them, such as cookies and
redirects, has no use here and takes a fifth of the time of a small call.
"""

from __future__ import annotations

import asyncio
import platform
import ssl
import threading
from collections.abc import Mapping
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from .client_transport import AsyncClientTransport, ClientTransport
from .drivers import AsyncDriver, SyncDriver
from .transports.async_transport import AsyncPooledTransport
from .transports.core_messages import core_url
from .transports.route import Route, core_proxy
from .transports.sync_transport import PooledTransport

if TYPE_CHECKING:
    from .._configuration.http_settings import HttpSettings

_MOST_CONNECTIONS = 100
_LIMITS = httpx.Limits(
    max_connections=_MOST_CONNECTIONS, max_keepalive_connections=_MOST_CONNECTIONS
)


def default_headers(settings: HttpSettings) -> Mapping[str, str]:
    """Return the headers of every request: those of the user's own client, or ours."""
    if settings.http_client is not None:
        return settings.http_client.headers
    return {
        "Accept": "*/*",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": f"sutro-jobs/{version('sutro-jobs')} python/{platform.python_version()} "
        f"httpx/{httpx.__version__}",
    }


class SyncConnections:
    """Connections of a `Sutro` and of all that it made by `with_options`."""

    def __init__(self, settings: HttpSettings, base_url: str) -> None:
        self._settings = settings
        self._base_url = base_url
        self._lock = threading.Lock()
        self._driver: SyncDriver | None = None

    def driver(self) -> SyncDriver:
        """Return what runs flows over these connections."""
        with self._lock:
            if self._driver is None:
                self._driver = SyncDriver(self._transport())
            return self._driver

    def close(self) -> None:
        """Close all connections, unless they are those of the user's own client."""
        with self._lock:
            driver, self._driver = self._driver, None
        if driver is not None:
            driver.transport.close()

    def _transport(self) -> httpx.BaseTransport:
        if self._settings.http_client is not None:
            return ClientTransport(cast("httpx.Client", self._settings.http_client))
        if self._settings.transport is not None:
            return cast("httpx.BaseTransport", self._settings.transport)
        limits = self._settings.limits or _LIMITS
        return PooledTransport(_route(self._settings, self._base_url), limits)


class AsyncConnections:
    """Connections of an `AsyncSutro` and of all that it made by `with_options`.

    Connections belong to an event loop, so another loop gets others.
    """

    def __init__(self, settings: HttpSettings, base_url: str) -> None:
        self._settings = settings
        self._base_url = base_url
        self._loop: asyncio.AbstractEventLoop | None = None
        self._driver: AsyncDriver | None = None

    def driver(self) -> AsyncDriver:
        """Return what runs flows over the connections of the running event loop."""
        loop = asyncio.get_running_loop()
        if self._driver is None or self._loop is not loop:
            self._driver, self._loop = AsyncDriver(self._transport()), loop
        return self._driver

    async def close(self) -> None:
        """Close all connections, unless they are those of the user's own client."""
        driver, self._driver = self._driver, None
        if driver is not None and self._loop is asyncio.get_running_loop():
            await driver.transport.aclose()

    def _transport(self) -> httpx.AsyncBaseTransport:
        if self._settings.http_client is not None:
            return AsyncClientTransport(cast("httpx.AsyncClient", self._settings.http_client))
        if self._settings.transport is not None:
            return cast("httpx.AsyncBaseTransport", self._settings.transport)
        limits = self._settings.limits or _LIMITS
        return AsyncPooledTransport(_route(self._settings, self._base_url), limits)


def _route(settings: HttpSettings, base_url: str) -> Route:
    """Return whom to trust and which way to take; making an SSL context takes milliseconds."""
    verify = settings.verify
    if isinstance(verify, str):
        verify = ssl.create_default_context(cafile=verify)
    elif isinstance(verify, bool):
        verify = httpx.create_ssl_context(verify=verify)
    home = core_url(httpx.URL(base_url)).origin

    # Making an SSL context takes milliseconds, and a download opens several connections.
    route_to = cache(partial(_route_to_store, settings))

    def elsewhere(origin: httpcore.Origin) -> Route | None:
        return None if origin == home else route_to(str(origin))

    return Route(verify, _proxy_to(settings, base_url), elsewhere)


def _route_to_store(settings: HttpSettings, origin: str) -> Route:
    """Return the way to a host that presigned URLs lead to, which gets no client certificate."""
    verify = settings.verify
    if isinstance(verify, str):
        context = ssl.create_default_context(cafile=verify)
    else:
        # A context of the user's own may hold a certificate, which cannot be taken out of it.
        context = httpx.create_ssl_context(verify=verify is not False)
    return Route(context, _proxy_to(settings, origin))


def _proxy_to(settings: HttpSettings, url: str) -> httpcore.Proxy | None:
    proxy = settings.proxy or _environment_proxy(url)
    return core_proxy(proxy) if proxy else None


def _environment_proxy(base_url: str) -> str | None:
    """Return the proxy that HTTPS_PROXY and the like name, unless NO_PROXY excepts the host."""
    parts = urlsplit(base_url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
