"""The error for a request that got no response, or one that cannot be read."""

from __future__ import annotations

import httpx

from ..._errors import ConnectionFailedError, RequestTimeoutError, SutroError, TruncatedError
from ..bounds.clock import OverdueError
from ..bounds.size import BodyError

# What transports raise, and what reading a body does.
TRANSPORT_ERRORS = (httpx.HTTPError, httpx.InvalidURL, BodyError, OverdueError)
# The text of h11's error, which has no class of its own.
_BODY_CUT = "without sending complete message body"


def transport_error(what: str, error: Exception) -> SutroError:
    """Return the error for one of the `TRANSPORT_ERRORS`; `what` names the request."""
    if isinstance(error, BodyError):
        return error.kind(f"{what}: {error}.")
    if isinstance(error, httpx.TimeoutException | OverdueError):
        return RequestTimeoutError(
            f"{what} got no response in time. Try again, or raise timeout or total_timeout."
        )
    if isinstance(error, httpx.RemoteProtocolError) and _BODY_CUT in str(error):
        return TruncatedError(f"{what}: the response ended early ({error}). Try again.")
    return ConnectionFailedError(
        f"{what}: {type(error).__name__}: {error}. Check api_url and the network."
    )
