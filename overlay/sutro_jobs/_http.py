"""The httpx clients underneath: made when the first request needs one, shared from then on."""

from __future__ import annotations

import asyncio
import platform
import ssl
import threading
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

import httpx

from ._drivers import AsyncDriver, SyncDriver
from ._single_connections import SingleConnections

if TYPE_CHECKING:
    from ._options import HttpSettings

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

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._driver: SyncDriver | None = None

    def driver(self) -> SyncDriver:
        """Return what runs flows over these connections."""
        with self._lock:
            if self._driver is None:
                own = cast("httpx.Client | None", self._settings.http_client)
                self._driver = SyncDriver(own or _sync_client(self._settings))
            return self._driver

    def close(self) -> None:
        """Close all connections, unless they are those of the user's own client."""
        with self._lock:
            driver, self._driver = self._driver, None
        if driver is not None and self._settings.http_client is None:
            driver.client.close()


class AsyncConnections:
    """Connections of an `AsyncSutro` and of all that it made by `with_options`.

    Connections belong to an event loop, so another loop gets others.
    """

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._driver: AsyncDriver | None = None

    def driver(self) -> AsyncDriver:
        """Return what runs flows over the connections of the running event loop."""
        loop = asyncio.get_running_loop()
        if self._driver is None or self._loop is not loop:
            own = cast("httpx.AsyncClient | None", self._settings.http_client)
            self._driver, self._loop = AsyncDriver(own or _async_client(self._settings)), loop
        return self._driver

    async def close(self) -> None:
        """Close all connections, unless they are those of the user's own client."""
        driver, self._driver = self._driver, None
        same_loop = self._loop is asyncio.get_running_loop()
        if driver is not None and same_loop and self._settings.http_client is None:
            await driver.client.aclose()


def _sync_client(settings: HttpSettings) -> httpx.Client:
    return httpx.Client(
        transport=cast("httpx.BaseTransport | None", settings.transport),
        proxy=settings.proxy,
        verify=_trust(settings),
        limits=settings.limits or _LIMITS,
    )


def _async_client(settings: HttpSettings) -> httpx.AsyncClient:
    verify, limits = _trust(settings), settings.limits or _LIMITS
    single = httpx.Limits(
        max_connections=1,
        max_keepalive_connections=1 if limits.max_keepalive_connections != 0 else 0,
        keepalive_expiry=limits.keepalive_expiry,
    )
    direct = SingleConnections(
        lambda: httpx.AsyncHTTPTransport(verify=verify, limits=single),
        limits.max_connections or _MOST_CONNECTIONS,
    )
    return httpx.AsyncClient(
        transport=cast("httpx.AsyncBaseTransport | None", settings.transport),
        proxy=settings.proxy,
        verify=verify,
        limits=limits,
        # A proxy, also one that the environment names, has a pattern that comes before this one.
        mounts=None if settings.transport else {"all://*": direct},
    )


def _trust(settings: HttpSettings) -> ssl.SSLContext:
    """Return the SSL context of all connections; making one takes longer than a request."""
    if isinstance(settings.verify, str):
        return ssl.create_default_context(cafile=settings.verify)
    if isinstance(settings.verify, ssl.SSLContext):
        return settings.verify
    return httpx.create_ssl_context(verify=settings.verify)
