"""What both clients share: configuration, and copying, pickling and representing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, Self, TypedDict, TypeVar, Unpack

from attrs import evolve

from .._configuration.account import Account, Secret, resolve_account
from .._configuration.options import (
    CACHE_SIZE,
    MAX_LIST_SIZE,
    MAX_RESPONSE_SIZE,
    MIN_DOWNLOAD_SPEED,
    Options,
)
from .._forks import load_before_forks
from .lazy import lazy

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Callable

    import httpx

    from .._adapter import Operation
    from .._configuration.events import RequestEvent, ResponseEvent
    from .._configuration.http_settings import HttpSettings
    from .._requests.requester import Requester

HttpClientT = TypeVar("HttpClientT", bound="httpx.Client | httpx.AsyncClient")
HttpTransportT = TypeVar("HttpTransportT", bound="httpx.BaseTransport | httpx.AsyncBaseTransport")
ConnectionsT = TypeVar("ConnectionsT")
# By the first call of a client, its first connection or its first retry.
_LOADED_BY_CALLS = (
    "sutro_jobs._requests.connections",
    "sutro_jobs._requests.prefetch",
    "sutro_jobs._requests.requester",
    "certifi",
    "encodings.idna",
    "tenacity",
)


class OptionChanges(TypedDict, total=False):
    """Arguments of `with_options`; the constructor documents them."""

    timeout: float | httpx.Timeout
    total_timeout: float
    max_retries: int
    min_download_speed: float
    max_response_size: int
    max_list_size: int
    on_request: Callable[[RequestEvent], None] | None
    on_response: Callable[[ResponseEvent], None] | None
    progress: bool | None
    cache_dir: str | os.PathLike[str] | None
    cache_size: int


class Client(Generic[HttpClientT, HttpTransportT, ConnectionsT]):
    """Base of `Sutro`, which documents the arguments, and `AsyncSutro`."""

    _settings_type: ClassVar[type[HttpSettings]]

    def __init__(
        self,
        *,
        api_url: str | None = None,
        api_key: str | None = None,
        timeout: float | httpx.Timeout = 60.0,
        total_timeout: float = 600.0,
        max_retries: int = 4,
        http_client: HttpClientT | None = None,
        transport: HttpTransportT | None = None,
        proxy: str | httpx.Proxy | None = None,
        verify: bool | str | ssl.SSLContext = True,
        limits: httpx.Limits | None = None,
        on_request: Callable[[RequestEvent], None] | None = None,
        on_response: Callable[[ResponseEvent], None] | None = None,
        progress: bool | None = None,
        cache_dir: str | os.PathLike[str] | None = None,
        cache_size: int = CACHE_SIZE,
        min_download_speed: float = MIN_DOWNLOAD_SPEED,
        max_response_size: int = MAX_RESPONSE_SIZE,
        max_list_size: int = MAX_LIST_SIZE,
    ) -> None:
        secret = None if api_key is None else Secret(api_key)
        del api_key  # Not even the traceback of an error from here on shows it.
        self._account = resolve_account(api_url, secret)
        self._options = Options(
            timeout=timeout,
            total_timeout=total_timeout,
            max_retries=max_retries,
            min_download_speed=min_download_speed,
            max_response_size=max_response_size,
            max_list_size=max_list_size,
            on_request=on_request,
            on_response=on_response,
            progress=progress,
            cache_dir=cache_dir,
            cache_size=cache_size,
        )
        self._http = self._settings_type(
            http_client=http_client,
            transport=transport,
            proxy=proxy,
            verify=verify,
            limits=limits,
        )
        self._shares_connections = False
        load_before_forks(_LOADED_BY_CALLS)

    @property
    def api_url(self) -> str:
        """URL that the paths of the API are appended to."""
        return self._account.base_url

    def with_options(self, **changes: Unpack[OptionChanges]) -> Self:
        """Return a client with other options over the same connections.

        Closing it leaves them open: they are closed with the client that they come from.
        """
        # Not by the constructor, which would look for the account again, in an environment that may
        # have changed.
        other = object.__new__(type(self))
        other.__setstate__((self._account, evolve(self._options, **changes), self._http))
        other.__dict__["_connections"] = self._connections
        other.__dict__["_missing_operations"] = self._missing_operations
        other._shares_connections = True
        return other

    @lazy
    def _connections(self) -> ConnectionsT:
        raise NotImplementedError

    # A method to pass on, as only a list that is iterated needs httpx.
    def _get_requester(self) -> Requester:
        return self._requester

    @lazy
    def _missing_operations(self) -> set[Operation]:
        return set()

    @lazy
    def _requester(self) -> Requester:
        from .._requests.connections import default_headers
        from .._requests.requester import Requester

        headers = default_headers(self._http)
        return Requester(
            self._account,
            self._options,
            headers,
            self._missing_operations,
            may_leave_origin=self._http.http_client is None,
        )

    def __getstate__(self) -> tuple[Account, Options, HttpSettings]:
        if self._http.http_client is not None or self._http.transport is not None:
            raise TypeError(
                f"{type(self).__name__} with an http_client or a transport cannot be copied "
                "or pickled: create another one where it is needed."
            )
        return self._account, self._options, self._http

    def __setstate__(self, state: tuple[Account, Options, HttpSettings]) -> None:
        self._account, self._options, self._http = state
        self._shares_connections = False
        load_before_forks(_LOADED_BY_CALLS)

    def __repr__(self) -> str:
        # Tools that show locals of tracebacks meet clients whose configuration was refused.
        shown = f"api_url={self.api_url!r}" if "_account" in vars(self) else "..."
        return f"{type(self).__name__}({shown})"
