"""httpx's requests and errors to httpcore's and back."""

from __future__ import annotations

import httpcore
import httpx

ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


def core_url(url: httpx.URL) -> httpcore.URL:
    """Return httpcore's form of a URL."""
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def core_request(request: httpx.Request) -> httpcore.Request:
    """Return httpcore's form of a request."""
    return httpcore.Request(
        request.method,
        core_url(request.url),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def pool_timeout(request: httpx.Request) -> float | None:
    """Return for how many seconds at most a request waits for a connection; None for ever."""
    timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
    return timeouts.get("pool")


def httpx_error(error: Exception) -> httpx.HTTPError:
    """Return httpx's form of one of the `ERRORS`, which has the same name."""
    kind: type[httpx.HTTPError] = getattr(httpx, type(error).__name__)
    return kind(str(error))
