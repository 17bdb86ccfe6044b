"""What users can tune, as frozen objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import frozen

from .._errors import ArgumentError

if TYPE_CHECKING:
    import os
    import ssl

    import httpx


CACHE_SIZE = 10 * 1024**3


@frozen
class RequestEvent:
    """A request about to be sent. `attempt` is 1 for the first."""

    operation: str
    method: str
    url: str
    attempt: int


@frozen
class ResponseEvent:
    """A response that came in, of any status. `seconds` is the time since its request."""

    operation: str
    method: str
    url: str
    attempt: int
    status_code: int
    request_id: str | None
    seconds: float


@frozen
class Options:
    """Limits, hooks and places of a client. Times are in seconds.

    `timeout` bounds each wait for the network, `total_timeout` a whole call with its retries. A
    download renews the latter whenever it gets further. `progress` None shows progress where
    standard error is a terminal.

    Raises:
        ArgumentError: a limit is not positive.
    """

    timeout: float | httpx.Timeout = 60.0
    total_timeout: float = 600.0
    max_retries: int = 4
    on_request: Callable[[RequestEvent], None] | None = None
    on_response: Callable[[ResponseEvent], None] | None = None
    progress: bool | None = None
    cache_dir: str | os.PathLike[str] | None = None
    cache_size: int = CACHE_SIZE

    def __attrs_post_init__(self) -> None:
        if isinstance(self.timeout, int | float) and not self.timeout > 0:
            raise ArgumentError(f"timeout is {self.timeout}; it has to be a number of seconds.")
        if not self.total_timeout > 0:
            raise ArgumentError(f"total_timeout is {self.total_timeout}; it has to be positive.")
        if self.max_retries < 0:
            raise ArgumentError(f"max_retries is {self.max_retries}; 0 turns retries off.")


@frozen
class HttpSettings:
    """How connections are made. `http_client` replaces all the rest."""

    http_client: httpx.Client | httpx.AsyncClient | None = None
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None
    proxy: str | httpx.Proxy | None = None
    verify: bool | str | ssl.SSLContext = True
    limits: httpx.Limits | None = None
