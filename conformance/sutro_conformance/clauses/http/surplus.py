"""What a request has that the contract does not name: HTTP-07 to -09."""

from __future__ import annotations

from typing import Any

from ...api.answers import ids_in
from ...judging.clause import SHOULD, clause
from ...judging.probe import Probe
from ...scenarios.reads import unchanging
from ...wire.exchange import Exchange, Request


@clause(
    "HTTP-07",
    SHOULD,
    "Parameters that the contract does not name are ignored.",
    source="not documented",
)
def surplus_parameters(probe: Probe) -> None:
    """Proxies and newer clients add some.

    Violation: `GET /job-status/{job_id}?x=1` is answered 422.
    """
    for request in unchanging(probe)[:3]:
        more = (*request.query, ("sutro_verify", "1"))
        _expect_same(probe, request, Request("GET", request.path, more), "a surplus parameter")


@clause(
    "HTTP-08",
    SHOULD,
    "Headers that have no meaning here are ignored.",
    source="RFC 9110, section 5.1",
)
def surplus_headers(probe: Probe) -> None:
    """Browsers, proxies and tracing add many.

    Violation: a request with `X-Forwarded-For` is answered 400.
    """
    headers = (
        ("X-Sutro-Verify", "1"),
        ("X-Forwarded-For", "203.0.113.7"),
        ("Accept-Language", "de"),
        ("Content-Type", "application/json"),
        ("Cookie", "theme=dark"),
        ("Accept", "text/html, application/xhtml+xml, */*;q=0.8"),
        ("X-HTTP-Method-Override", "OPTIONS"),
        ("Origin", "https://example.com"),
    )
    for request in unchanging(probe)[:3]:
        other = Request("GET", request.path, request.query, headers=headers)
        _expect_same(probe, request, other, "surplus headers")


def _expect_same(probe: Probe, request: Request, other: Request, what: str) -> None:
    exchanges = (probe.send(request), probe.send(other))
    statuses = [each.status for each in exchanges]
    message = f"{request.path} with {what} is answered {statuses[1]}, without {statuses[0]}."
    same = statuses[0] == statuses[1]
    if same and _content(exchanges[0]) != _content(exchanges[1]):
        again = probe.send(request)
        same = _content(again) != _content(exchanges[0])
        message = f"{request.path} with {what} has another answer."
    probe.expect(same, message, *exchanges)


def _content(exchange: Exchange) -> Any:
    if exchange.request.operation == "list":
        return ids_in(exchange)
    return exchange.data


@clause(
    "HTTP-09",
    SHOULD,
    "A path that the contract does not name is answered 404.",
    source="RFC 9110, section 15.5.5",
)
def unknown_path(probe: Probe) -> None:
    """A typing error in a URL should look like one.

    Violation: `GET /no-such-path` is answered 200 with a page.
    """
    for path in ("/sutro-verify-no-such-path", "/jobs/sutro-verify/no-such-path"):
        exchange = probe.get(path)
        probe.expect_status(exchange, "An unknown path", 404)
