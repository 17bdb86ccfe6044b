"""What HTTP asks of any server, on the paths of this API."""

from __future__ import annotations

import re
from typing import Any

import attrs

from ..api.account import jobs_in
from ..judging.probe import Probe, results_path
from ..judging.registry import MUST, SHOULD, Ruling, clause, exercises
from ..scenarios.fuzzing import fuzz
from ..scenarios.results import SUCCEEDED, unchanging
from ..wire.exchange import NO_KEY, Exchange, Request
from ..wire.target import Edition


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
    source="RFC 9110, sections 13.1.5, 14.4, 15.3.7 and 15.5.17",
    needs="a job that succeeded, and a server that answers Range requests",
)
def ranges(probe: Probe) -> None:
    """Interrupted downloads go on where they broke off, and a wrong part gives a broken file.
    Parts need the key as the whole does, and `If-Range` with another tag gives the whole.

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
                _expect_careful(probe, part.request, size)


def _expect_careful(probe: Probe, request: Request, size: int) -> None:
    """Expect a server that gives parts not to give them to strangers, nor parts that are not."""
    stranger = probe.send(attrs.evolve(request, authorization=NO_KEY))
    message = f"A Range request without a key is answered {stranger.status}."
    probe.expect(stranger.is_refusal, message, stranger)
    changed = (*request.headers, ("If-Range", '"sutro-verify-no-such-tag"'))
    whole = probe.send(attrs.evolve(request, headers=changed))
    message = f"Range with an unknown tag in `If-Range` is answered {whole.status}."
    probe.expect(whole.status == 200, message, whole)
    beyond = probe.send(attrs.evolve(request, headers=(("Range", f"bytes={size + 9}-"),)))
    message = f"A range beyond the end is answered {beyond.status}."
    probe.expect(beyond.status in (200, 416), message, beyond)


@clause(
    "HTTP-12",
    MUST,
    "304 is the answer to a known `ETag` or a time of no earlier change only.",
    source="RFC 9110, sections 13.1.2, 13.1.3 and 15.4.5",
)
def conditional(probe: Probe) -> None:
    """A client that is told that nothing changed keeps what it has.

    Violation: `If-None-Match` with an unknown tag is answered 304.
    """
    for request in unchanging(probe):
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
        headers = (("If-Modified-Since", "Thu, 01 Jan 1970 00:00:01 GMT"),)
        answer = probe.send(attrs.evolve(request, headers=headers))
        message = f"`If-Modified-Since` with a time in 1970 is answered {answer.status}."
        probe.expect(answer.status == plain.status, message, answer)


@clause(
    "HTTP-13",
    MUST,
    "A strong `ETag` stands for one document.",
    source="RFC 9110, section 8.8.1",
    rests_on=["LIFE-03"],
)
def one_body_a_tag(probe: Probe) -> None:
    """Clients and caches that are told that the tag is still the same keep what they have. All
    answers of the run are compared; a server that sends no tags keeps this clause.

    Violation: the tag of a status is made from the job's ID, and stays when the job has ended.
    """
    tags = probe.shared.tags
    for first, other in tags.conflicts:
        message = f"`ETag: {first.header('etag')}` of {first.request.target} stands for two."
        probe.expect(False, message, first, other)
    probe.seen(f"{tags.count} answers with a strong `ETag`")
    probe.checks += 1


@clause(
    "HTTP-14",
    SHOULD,
    "Bodies are compressed only for clients that ask for it.",
    source="RFC 9110, sections 12.5.3 and 8.4",
)
def encodings(exchange: Exchange, _: Edition) -> Ruling:
    """Simple clients write what they get to a file. The verifier asks for `identity`.

    Violation: the list is sent with `Content-Encoding: gzip`.
    """
    encoding = exchange.header("content-encoding")
    fine = encoding is None or encoding.strip().lower() == "identity"
    return True if fine else f"{exchange.request.path} is encoded as {encoding!r}."


@clause(
    "HTTP-15",
    SHOULD,
    "No object in an answer has a name twice.",
    source="RFC 8259, section 4",
    rests_on=["HTTP-02"],
)
def unique_names(exchange: Exchange, _: Edition) -> Ruling:
    """Some parsers take the first value, others the last.

    Violation: `{"jobs": [], "jobs": []}`.
    """
    if exchange.media_type != "application/json" or exchange.data is None:
        return None
    twice = exchange.repeated_name
    return True if twice is None else f"{exchange.request.path} has `{twice}` twice."


@clause(
    "HTTP-16",
    SHOULD,
    "Answers to a key are not marked for shared caches.",
    source="RFC 9111, section 3.5",
)
def private(exchange: Exchange, _: Edition) -> Ruling:
    """`public` and `s-maxage` let a proxy give one customer's data to another.

    Violation: results carry `Cache-Control: public, max-age=3600`.
    """
    if not (exchange.request.is_authorized and exchange.is_success):
        return None
    varies = {name.strip().lower() for name in (exchange.header("vary") or "").split(",")}
    given = (exchange.header("cache-control") or "").lower()
    shared = re.search(r"\b(public|s-maxage)\b", given) and not varies & {"authorization", "*"}
    return f"{exchange.request.path} has `Cache-Control: {given}`." if shared else True
