"""What users can tune, as one frozen object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestEvent:
    """A request about to be sent. `attempt` is 1 for the first."""

    operation: str
    method: str
    url: str
    attempt: int


@dataclass(frozen=True, slots=True)
class ResponseEvent:
    """A response that came in, of any status. `seconds` is the time since its request."""

    operation: str
    method: str
    url: str
    attempt: int
    status_code: int
    request_id: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Options:
    """Limits and hooks of a client. Times are in seconds.

    `timeout` bounds each wait for the network, `total_timeout` a whole call with its retries. A
    download renews the latter whenever it gets further.
    """

    timeout: float = 60.0
    total_timeout: float = 600.0
    max_retries: int = 4
    on_request: Callable[[RequestEvent], None] | None = None
    on_response: Callable[[ResponseEvent], None] | None = None
