"""How connections are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from .._errors import ArgumentError
from .._forks import generation
from .validators import is_a, is_integer, must_be, or_none

if TYPE_CHECKING:
    import ssl

    import httpx


def _has_connections(limits: Any) -> bool:
    # Without any connection each request would wait until its pool timeout is over.
    most = limits.max_connections
    return most is None or (is_integer(most) and most > 0)


_proxy = must_be(
    "a URL or an httpx.Proxy",
    or_none(lambda value: isinstance(value, str) or is_a("httpx.Proxy")(value)),
)
_verify = must_be(
    "a bool, the path of a CA bundle or an SSL context",
    lambda value: isinstance(value, bool | str) or is_a("ssl.SSLContext")(value),
)
_limits = must_be(
    "an httpx.Limits with max_connections of at least 1",
    or_none(lambda value: is_a("httpx.Limits")(value) and _has_connections(value)),
)
_client = must_be("an httpx.Client", or_none(is_a("httpx.Client")))
_transport = must_be("an httpx.BaseTransport", or_none(is_a("httpx.BaseTransport")))
_async_client = must_be("an httpx.AsyncClient", or_none(is_a("httpx.AsyncClient")))
_async_transport = must_be("an httpx.AsyncBaseTransport", or_none(is_a("httpx.AsyncBaseTransport")))


@frozen(kw_only=True)
class HttpSettings:
    """How connections are made; `http_client` or `transport` replace all the rest.

    `generation` is that of the process in which the client was made.

    Raises:
        ArgumentError: a value is of another type, or would be ignored beside another.
    """

    http_client: httpx.Client | httpx.AsyncClient | None = None
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None
    proxy: str | httpx.Proxy | None = field(default=None, validator=_proxy)
    verify: bool | str | ssl.SSLContext = field(default=True, validator=_verify)
    limits: httpx.Limits | None = field(default=None, validator=_limits)
    generation: int = field(init=False, factory=generation)

    def __attrs_post_init__(self) -> None:
        parts = {"proxy": self.proxy, "verify": self.verify, "limits": self.limits}
        # An explicit True cannot be told from the default.
        given = [name for name, value in parts.items() if value not in (None, True)]
        owner = "transport" if self.http_client is None else "http_client"
        if self.http_client is not None and self.transport is not None:
            given.insert(0, "transport")
        if given and (self.http_client is not None or self.transport is not None):
            raise ArgumentError(
                f"{' and '.join(given)} would have no effect beside {owner}: configure the "
                f"{owner} itself."
            )


@frozen(kw_only=True)
class SyncHttpSettings(HttpSettings):
    """`HttpSettings` of a `Sutro`."""

    http_client: httpx.Client | None = field(default=None, validator=_client)
    transport: httpx.BaseTransport | None = field(default=None, validator=_transport)


@frozen(kw_only=True)
class AsyncHttpSettings(HttpSettings):
    """`HttpSettings` of an `AsyncSutro`."""

    http_client: httpx.AsyncClient | None = field(default=None, validator=_async_client)
    transport: httpx.AsyncBaseTransport | None = field(default=None, validator=_async_transport)
