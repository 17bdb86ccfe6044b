"""Connections: made when the first request needs one, shared from then on.

Requests go to httpx's transports directly. What an `httpx.Client` adds to them, such as cookies and
redirects, has no use here and takes a fifth of the time of a small call.
"""

from __future__ import annotations

import asyncio
import platform
import ssl
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from .._errors import ForkError
from .._forks import generation, no_fork
from .client_transport import AsyncClientTransport, ClientTransport
from .drivers import AsyncDriver, SyncDriver
from .transports.async_transport import AsyncPooledTransport
from .transports.core_messages import core_url
from .transports.route import Route, core_proxy
from .transports.sync_transport import PooledTransport

if TYPE_CHECKING:
    from .._configuration.http_settings import HttpSettings

OwnerT = TypeVar("OwnerT")
TransportT = TypeVar("TransportT")
_Owner: TypeAlias = tuple[int, asyncio.AbstractEventLoop]
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
        "User-Agent": f"sutro-jobs/{version('sutro-jobs')} python/{platform.python_version()} "
        f"httpx/{httpx.__version__}",
    }


class SyncConnections(httpx.BaseTransport):
    """Connections of a `Sutro` and of all that it made by `with_options`.

    Connections belong to a process: a child of a fork has others.
    """

    def __init__(self, settings: HttpSettings, base_url: str) -> None:
        self._settings = settings
        self._base_url = base_url
        self._transports: dict[int, httpx.BaseTransport] = {}
        self._driver = SyncDriver(self)

    def driver(self) -> SyncDriver:
        """Return what runs flows over these connections."""
        return self._driver

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over the connections of this process.

        Raises:
            ForkError: they are the user's, and belong to the parent process.
        """
        return self._transport().handle_request(request)

    def close(self) -> None:
        """Close all connections, unless they are those of the user's own client."""
        transport = self._transports.pop(generation(), None)
        if transport is not None:
            transport.close()

    def _transport(self) -> httpx.BaseTransport:
        transport = self._transports.get(generation())
        if transport is None:
            transport = _add(self._transports, generation(), self._make, _is_of_parent)
        return transport

    def _make(self) -> httpx.BaseTransport:
        _refuse_inherited(self._settings)
        if self._settings.http_client is not None:
            return ClientTransport(cast("httpx.Client", self._settings.http_client))
        if self._settings.transport is not None:
            return cast("httpx.BaseTransport", self._settings.transport)
        limits = self._settings.limits or _LIMITS
        return PooledTransport(_route(self._settings, self._base_url), limits)


class AsyncConnections(httpx.AsyncBaseTransport):
    """Connections of an `AsyncSutro` and of all that it made by `with_options`.

    Connections belong to an event loop and to a process: others have others.
    """

    def __init__(self, settings: HttpSettings, base_url: str) -> None:
        self._settings = settings
        self._base_url = base_url
        self._transports: dict[_Owner, httpx.AsyncBaseTransport] = {}
        self._driver = AsyncDriver(self)

    def driver(self) -> AsyncDriver:
        """Return what runs flows over these connections."""
        return self._driver

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over the connections of the running event loop.

        Raises:
            ForkError: they are the user's, and belong to the parent process.
        """
        return await self._transport().handle_async_request(request)

    async def close(self) -> None:
        """Close all connections of this event loop, unless they are those of the user's client."""
        transport = self._transports.pop(_owner(), None)
        if transport is not None:
            await transport.aclose()

    def _transport(self) -> httpx.AsyncBaseTransport:
        transport = self._transports.get(_owner())
        if transport is None:
            transport = _add(self._transports, _owner(), self._make, _is_over)
        return transport

    def _make(self) -> httpx.AsyncBaseTransport:
        _refuse_inherited(self._settings)
        if self._settings.http_client is not None:
            return AsyncClientTransport(cast("httpx.AsyncClient", self._settings.http_client))
        if self._settings.transport is not None:
            return cast("httpx.AsyncBaseTransport", self._settings.transport)
        limits = self._settings.limits or _LIMITS
        return AsyncPooledTransport(_route(self._settings, self._base_url), limits)


def _add(
    transports: dict[OwnerT, TransportT],
    owner: OwnerT,
    make: Callable[[], TransportT],
    is_useless: Callable[[OwnerT], bool],
) -> TransportT:
    """Make the transport of an owner, and let go of those that nobody can use any more."""
    for other in filter(is_useless, tuple(transports)):
        transports.pop(other, None)
    with no_fork():
        return transports.get(owner) or transports.setdefault(owner, make())


def _owner() -> _Owner:
    return generation(), asyncio.get_running_loop()


def _is_of_parent(owner: int) -> bool:
    return owner != generation()


def _is_over(owner: _Owner) -> bool:
    process, loop = owner
    return _is_of_parent(process) or loop.is_closed()


def _refuse_inherited(settings: HttpSettings) -> None:
    own = "transport" if settings.http_client is None else "http_client"
    if getattr(settings, own) is not None and _is_of_parent(settings.generation):
        raise ForkError(
            f"The {own} of this client was made before a fork, so its connections belong to the "
            f"parent process. Make the {own}, and a client with it, in the child process."
        )


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
    with no_fork():
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
