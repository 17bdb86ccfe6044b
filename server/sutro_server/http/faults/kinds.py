"""The catalogue of faults: each takes the place of the application for one request."""

from collections.abc import Awaitable, Callable

import attrs

from . import bodies, connections, statuses, versions
from .call import Call


@attrs.frozen
class Kind:
    """A kind of fault: what it does, in code and in words, and what its value means.

    `value` is `TIMES`, `BYTES`, `SECONDS`, `DURATION`, or empty for faults that take none.
    `default` is taken where none is given; without one `TIMES` means every request. A kind with an
    operation concerns that one only.
    """

    run: Callable[[Call, str], Awaitable[None]]
    value: str
    about: str
    default: str = ""
    operation: str | None = None


KINDS: dict[str, Kind] = {
    "cut": Kind(
        connections.cut,
        "BYTES",
        "close the connection after so many bytes of the body, or half of it",
    ),
    "drip": Kind(
        connections.drip, "BYTES", "send the body slowly, so many bytes a second", default="1000"
    ),
    "empty-page": Kind(
        bodies.empty_page, "", "let the first page be empty, with a cursor to all jobs"
    ),
    "expired-url": Kind(
        statuses.status(403, "The URL has expired."),
        "TIMES",
        "answer 403, as for a URL of results that has expired",
        operation="files",
    ),
    "internal-error": Kind(statuses.status(500, "Internal server error."), "TIMES", "answer 500"),
    "latency": Kind(connections.latency, "DURATION", "wait before answering", default="1s"),
    "malformed-json": Kind(bodies.malformed_json, "", "send half of a JSON body as if it were all"),
    "no-etag": Kind(versions.no_etag, "TIMES", "answer without an ETag"),
    "no-ranges": Kind(
        versions.no_ranges, "TIMES", "answer as a server that knows neither ranges nor conditions"
    ),
    "origin-timeout": Kind(
        statuses.origin_timeout, "TIMES", "answer 524 with HTML, as the proxy does"
    ),
    "redirect": Kind(statuses.redirect, "TIMES", "redirect to a path where nothing is"),
    "repeated-cursor": Kind(
        bodies.repeated_cursor, "", "let next_cursor be the cursor that was sent"
    ),
    "reset": Kind(connections.reset, "TIMES", "reset the connection instead of answering"),
    "short-lived-url": Kind(
        bodies.short_lived_url,
        "SECONDS",
        "let URLs of results expire so soon, whatever was asked for",
        default="1",
        operation="results-url",
    ),
    "too-many-requests": Kind(
        statuses.status(429, "Too many requests.", lambda: {"Retry-After": "1"}),
        "TIMES",
        "answer 429 with Retry-After in seconds",
    ),
    "too-many-requests-date": Kind(
        statuses.status(429, "Too many requests.", statuses.retry_after_date),
        "TIMES",
        "answer 429 with Retry-After as a date",
    ),
    "unavailable": Kind(statuses.status(503, "Service unavailable."), "TIMES", "answer 503"),
    "wrong-etag": Kind(versions.wrong_etag, "TIMES", "give each answer another ETag"),
    "wrong-length": Kind(
        bodies.wrong_length,
        "BYTES",
        "leave so many bytes out of the body and of Content-Length",
        default="1",
    ),
    "wrong-shape": Kind(bodies.wrong_shape, "", "send JSON that is not what the contract says"),
    "wrong-size": Kind(
        bodies.wrong_size,
        "BYTES",
        "let the size of a file of results be so much too large",
        default="1",
        operation="results-url",
    ),
    "wrong-total": Kind(
        versions.wrong_total, "TIMES", "let ranges be of a file that is a byte longer"
    ),
}
"""All kinds of faults by name."""
