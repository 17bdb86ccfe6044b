"""Methods that HTTP defines, on the paths of this API: HTTP-03 to -06."""

from __future__ import annotations

from ...api.requests import results_path, status_path
from ...judging.clause import MUST, SHOULD, clause
from ...judging.probe import Probe, once_a_run
from ...scenarios.reads import unchanging
from ...wire.exchange import NO_KEY, RIGHT_KEY, Exchange, Request

_UNSUPPORTED = ("POST", "PUT", "PATCH", "DELETE")


@once_a_run
def _unsupported(probe: Probe) -> list[Exchange]:
    """Send methods that no edition has, to the list and to jobs that do not exist."""
    missing = probe.unknown_id()
    paths = ("/list-jobs", status_path(missing), results_path(missing))
    requests = [Request(name, path) for path in paths for name in _UNSUPPORTED]
    # No key: TRACE sends back what it gets.
    requests.append(Request("TRACE", "/list-jobs", authorization=NO_KEY))
    if probe.target.allow_cancel_any:
        ended = [job["job_id"] for job in probe.account.finished(1)]
        requests += [
            Request(name, path(job))
            for job in ended
            for path in (status_path, results_path)
            for name in ("POST", "PUT")
        ]
    return [*probe.send_all(requests)]


@clause(
    "HTTP-03",
    MUST,
    "Methods that the contract does not name are refused.",
    source="RFC 9110, section 15.5.6; evidence, 1. to 3.",
)
def methods(probe: Probe) -> None:
    """A method with another meaning must not do what GET does. They are sent to the list and to
    IDs that no job has, so that nothing can come of them; with leave to cancel any job, POST and
    PUT also to one that has ended.

    Violation: `DELETE /list-jobs` is answered 200.
    """
    for exchange in _unsupported(probe):
        _expect_unsupported(probe, exchange, f"{exchange.request.method} {exchange.request.path}")


def _expect_unsupported(probe: Probe, exchange: Exchange, what: str) -> None:
    probe.expect_status(exchange, what, *range(400, 500), 501)


@clause(
    "HTTP-04",
    SHOULD,
    "A method that is not supported is answered 405, with the supported ones in `Allow`.",
    source="RFC 9110, section 15.5.6",
    rests_on=["HTTP-03"],
)
def method_not_allowed(probe: Probe) -> None:
    """It tells a wrong method from a wrong path.

    Violation: `DELETE /list-jobs` is answered 404, or 405 without `Allow`.
    """
    for exchange in _unsupported(probe):
        request = exchange.request
        if request.method == "TRACE":
            continue
        probe.expect_status(exchange, f"{request.method} {request.path}", 405, 501)
        if exchange.status == 405:
            allowed = {name.strip() for name in (exchange.header("allow") or "").split(",")}
            message = f"A 405 to {request.method} allows {exchange.header('allow')!r}."
            probe.expect("GET" in allowed and request.method not in allowed, message, exchange)


def _head(request: Request, *key: str) -> Request:
    return Request("HEAD", request.path, request.query, key or request.authorization)


@clause(
    "HTTP-05",
    MUST,
    "HEAD, where it is supported, has the status and the fields of GET, and asks for the key too.",
    source="RFC 9110, section 9.3.2",
    rests_on=["AUTH-01"],
)
def head(probe: Probe) -> None:
    """Clients ask for the size of results before they fetch them. Servers that refuse HEAD are
    reported, not blamed.

    Violation: HEAD without a key is answered 200, or names another `Content-Length` than GET.
    """
    for request in unchanging(probe):
        got = probe.send(request)
        headed = probe.send(_head(request))
        if not headed.is_success:
            probe.note(f"HEAD {request.path.split('/')[1]} is answered {headed.status}")
            _expect_unsupported(probe, headed, "HEAD")
            continue
        message = f"HEAD is answered {headed.status}, GET {got.status}."
        probe.expect(headed.status == got.status, message, got, headed)
        for name in ("content-type", "content-length", "etag"):
            pair = got.header(name), headed.header(name)
            message = f"`{name}` is {pair[0]!r} for GET and {pair[1]!r} for HEAD."
            differs = None not in pair and pair[0] != pair[1] and request.path != "/list-jobs"
            probe.expect(not differs, message, got, headed)
        refused = probe.send(Request("HEAD", request.path, request.query, NO_KEY))
        probe.expect_refusal(refused, "HEAD without a key")
    missing = probe.send(Request("HEAD", status_path(probe.unknown_id())))
    _expect_unsupported(probe, missing, "HEAD of an unknown job")


@clause(
    "HTTP-06",
    MUST,
    "OPTIONS gives no data and causes no error.",
    source="RFC 9110, section 9.3.7",
)
def options(probe: Probe) -> None:
    """Browsers send it without a key.

    Violation: `OPTIONS /list-jobs` without a key lists the jobs.
    """
    ids = probe.account.ids()[:1]
    for path in ["/list-jobs", *map(status_path, ids), *map(results_path, ids)]:
        for key in (NO_KEY, RIGHT_KEY):
            exchange = probe.send(Request("OPTIONS", path, authorization=key))
            probe.expect_no_error(exchange, f"OPTIONS {path}")
            leaks = exchange.fields.keys() & {"jobs", "job_status", "outputs"}
            probe.expect(not leaks, f"OPTIONS {path} gives `{'`, `'.join(leaks)}`.", exchange)
        probe.note(f"OPTIONS {path.split('/')[1]} is answered {exchange.status}")
