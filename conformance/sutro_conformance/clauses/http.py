"""What HTTP asks of any server, on the paths of this API."""

from __future__ import annotations

from typing import Any

from .._account import jobs_in
from .._exchange import NO_KEY, RIGHT_KEY, Exchange, Request
from .._fuzzing import fuzz
from .._probe import Probe, results_path, status_path
from .._readings import SUCCEEDED
from .._registry import MUST, SHOULD, Ruling, clause, exercises
from .._target import Edition

_UNSUPPORTED = ("POST", "PUT", "PATCH", "DELETE")


@clause(
    "HTTP-01",
    MUST,
    "No request causes a server error.",
    source="RFC 9110, section 15.6.1: 500 is for what the server did not expect",
)
def no_server_error(exchange: Exchange, _: Edition) -> Ruling:
    """Judged on every answer of the run, those to schemathesis among them, which goes through
    examples, boundary values, random and chained requests. 501 and what proxies answer don't count.

    Violation: `limit=99999999999999999999` is answered 500.
    """
    if exchange.status < 500 or exchange.status == 501:
        return True
    request = exchange.request
    return f"{request.method} {request.path} is answered {exchange.status}."


exercises("HTTP-01")(fuzz)


@clause(
    "HTTP-02",
    MUST,
    "Answers in JSON are typed `application/json` and can be read as such.",
    source="RFC 9110, section 8.3; evidence, everywhere",
)
def json_answers(exchange: Exchange, edition: Edition) -> Ruling:
    """Clients that check the type refuse anything else.

    Violation: the list is typed `text/html`.
    """
    request = exchange.request
    form = request.values("result_format" if edition is Edition.E2 else "format")
    is_json = request.operation in ("list", "status", "cancel") or form == ["json"]
    if not is_json or request.method not in ("GET", "POST") or exchange.status != 200:
        return None
    if exchange.media_type != "application/json":
        return f"{request.path} is typed {exchange.header('content-type')!r}."
    return True if exchange.is_strict_json else f"{request.path} is no JSON."


def _unsupported(probe: Probe) -> list[Exchange]:
    """Send methods that no edition has, to the list and to jobs that don't exist."""
    missing = probe.account.unknown_id()
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
    return probe.remember("unsupported", lambda: [probe.send(request) for request in requests])


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
        request = exchange.request
        fine = exchange.is_refusal or exchange.status == 501
        message = f"{request.method} {request.path} is answered {exchange.status}."
        probe.expect(fine, message, exchange)


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
        message = f"{request.method} {request.path} is answered {exchange.status}."
        probe.expect(exchange.status in (405, 501), message, exchange)
        if exchange.status == 405:
            allowed = {name.strip() for name in (exchange.header("allow") or "").split(",")}
            message = f"A 405 to {request.method} allows {exchange.header('allow')!r}."
            probe.expect("GET" in allowed and request.method not in allowed, message, exchange)


def _readable(probe: Probe) -> list[Request]:
    """Return requests whose answers don't change."""
    requests = [Request("GET", "/list-jobs", (("limit", "1"),))]
    finished = probe.account.finished(1)
    requests += [Request("GET", status_path(job["job_id"])) for job in finished]
    return requests + [
        Request("GET", results_path(job["job_id"]), ((probe.format_name, form),))
        for job in probe.account.succeeded(1)
        for form in ("json", "parquet")
    ]


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
    for request in _readable(probe):
        got = probe.send(request)
        headed = probe.send(_head(request))
        if not headed.is_success:
            probe.seen(f"HEAD {request.path.split('/')[1]} is answered {headed.status}")
            fine = headed.is_refusal or headed.status == 501
            probe.expect(fine, f"HEAD is answered {headed.status}.", headed)
            continue
        message = f"HEAD is answered {headed.status}, GET {got.status}."
        probe.expect(headed.status == got.status, message, got, headed)
        for name in ("content-type", "content-length", "etag"):
            pair = got.header(name), headed.header(name)
            message = f"`{name}` is {pair[0]!r} for GET and {pair[1]!r} for HEAD."
            differs = None not in pair and pair[0] != pair[1] and request.path != "/list-jobs"
            probe.expect(not differs, message, got, headed)
        refused = probe.send(Request("HEAD", request.path, request.query, NO_KEY))
        message = f"HEAD without a key is answered {refused.status}."
        probe.expect(refused.is_refusal, message, refused)
    missing = probe.send(Request("HEAD", status_path(probe.account.unknown_id())))
    message = f"HEAD of an unknown job is answered {missing.status}."
    probe.expect(missing.is_refusal or missing.status == 501, message, missing)


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
            message = f"OPTIONS {path} is answered {exchange.status}."
            probe.expect(exchange.status < 500 or exchange.status == 501, message, exchange)
            leaks = exchange.fields.keys() & {"jobs", "job_status", "outputs"}
            probe.expect(not leaks, f"OPTIONS {path} gives `{'`, `'.join(leaks)}`.", exchange)
        probe.seen(f"OPTIONS {path.split('/')[1]} is answered {exchange.status}")


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
    for request in _readable(probe)[:3]:
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
    for request in _readable(probe)[:3]:
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
        return [job["job_id"] for job in jobs_in(exchange)]
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
        message = f"An unknown path is answered {exchange.status}."
        probe.expect(exchange.status == 404, message, exchange)


@clause(
    "HTTP-11",
    MUST,
    "A part answered with 206 is exactly the part that `Content-Range` names.",
    source="RFC 9110, sections 14.4 and 15.3.7",
    needs="a job that succeeded, and a server that answers Range requests",
)
def ranges(probe: Probe) -> None:
    """Interrupted downloads go on where they broke off, and a wrong part gives a broken file.

    Violation: `Range: bytes=4-7` gives bytes 5 to 8.
    """
    for job in probe.need(probe.account.succeeded(1), SUCCEEDED):
        request = Request("GET", results_path(job["job_id"]), ((probe.format_name, "parquet"),))
        whole = probe.send(request)
        size = len(whole.body)
        if whole.status != 200 or size < 16:
            continue
        for asked, first, last in (("0-3", 0, 3), ("4-11", 4, 11), ("-4", size - 4, size - 1)):
            headers = (("Range", f"bytes={asked}"),)
            part = probe.send(Request("GET", request.path, request.query, headers=headers))
            probe.seen(f"a Range request is answered {part.status}")
            if part.status == 206:
                wanted = f"bytes {first}-{last}/{size}"
                given = part.header("content-range")
                probe.expect(given == wanted, f"bytes={asked} gives {given!r}.", whole, part)
                fine = part.body == whole.body[first : last + 1]
                probe.expect(fine, f"bytes={asked} gives other bytes.", whole, part)


@clause(
    "HTTP-12",
    MUST,
    "304 is the answer to a known `ETag` only.",
    source="RFC 9110, sections 13.1.2 and 15.4.5",
)
def conditional(probe: Probe) -> None:
    """A client that is told that nothing changed keeps what it has.

    Violation: `If-None-Match` with an unknown tag is answered 304.
    """
    for request in _readable(probe):
        plain = probe.send(request)
        tag = plain.header("etag")
        probe.seen(f"{request.path.split('/')[1]} is sent {'with' if tag else 'without'} `ETag`")
        tags = [('"sutro-verify-no-such-tag"', {plain.status})]
        tags += [(tag, {plain.status, 304})] if tag else []
        for value, fine in tags:
            headers = (("If-None-Match", value),)
            answer = probe.send(Request("GET", request.path, request.query, headers=headers))
            message = f"`If-None-Match: {value}` is answered {answer.status}."
            probe.expect(answer.status in fine, message, answer)
