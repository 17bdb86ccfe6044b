"""What hooks are told of requests and responses."""

from __future__ import annotations

from attrs import frozen


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
