"""Messages as such, whatever they are about: HTTP-01, -02, -10, and -14 to -16."""

from __future__ import annotations

import re

from ...judging.clause import MUST, SHOULD, Phase, Ruling, clause
from ...judging.probe import Probe
from ...scenarios.fuzzing import fuzz, generate
from ...wire.errors import UnstableError
from ...wire.exchange import Exchange
from ...wire.target import Edition


@clause(
    "HTTP-10",
    MUST,
    "Every request gets a whole answer.",
    source="RFC 9112, sections 6.3 and 8",
    phase=Phase.REVIEW,
)
def whole_answers(probe: Probe) -> None:
    """An answer that breaks off each time, also later, is not the network's fault.

    Violation: `Content-Length` is larger than the body.
    """
    try:
        answers = probe.list_jobs(limit=1).status > 0
    except UnstableError:
        answers = False
    broken_off = {each.exchange.request: each for each in probe.run.session.broken_off}
    for request, each in list(broken_off.items())[:5]:
        try:
            probe.send(request)
        except UnstableError:
            # Where nothing is answered any more, the server is gone rather than wrong.
            fault = answers or each.is_whole
            probe.expect(not fault, f"The answer breaks off each time: {each.text}.", each.exchange)
    probe.checks += answers


@clause(
    "HTTP-01",
    MUST,
    "No request causes a server error.",
    source="RFC 9110, section 15.6.1: 500 is for what the server did not expect",
    phase=Phase.GENERATED,
)
def no_server_error(exchange: Exchange, _: Edition) -> Ruling:
    """Judged on every answer of the run, those to schemathesis among them, which goes through
    examples, boundary values, random and chained requests. 501 does not count, nor do proxies.

    Violation: `limit=99999999999999999999` is answered 500.
    """
    if not exchange.is_server_error:
        return True
    request = exchange.request
    return f"{request.method} {request.path} is answered {exchange.status}."


no_server_error.exercise(fuzz)
no_server_error.prepare = generate


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
    format_ = request.values("result_format" if edition is Edition.E2 else "format")
    is_json = request.operation in ("list", "status", "cancel") or format_ == ["json"]
    if not is_json or request.method not in ("GET", "POST") or exchange.status != 200:
        return None
    if exchange.media_type != "application/json":
        return f"{request.path} is typed {exchange.header('content-type')!r}."
    return True if exchange.is_strict_json else f"{request.path} is not JSON."


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
