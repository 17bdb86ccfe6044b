"""Errors: their shape, and what must never be in them: ERROR-01 to -04."""

from __future__ import annotations

import re

from ..api.shapes import problem
from ..judging.clause import MUST, SHOULD, Ruling, clause
from ..wire.exchange import Exchange
from ..wire.target import Edition

_EVIDENCE = "Evidence, everywhere: errors"


_STATUSES = {400, 401, 403, 404, 409, 422, 425}


_TRACES = re.compile(
    rb"Traceback \(most recent call last\)"
    rb'|File \\?"[^"\n]{1,200}\\?", line \d+'
    rb"|(?:\n|\\n)(?:[ \t]|\\t){1,20}at [\w.$<>]{1,200}\([^)\n]{0,300}:\d+"
    rb"|\w\.py:\d+|\bsqlalchemy\.|\bsqlite3\.|\bpsycopg"
    rb"|goroutine \d+ \["
    rb"|\bSELECT\b.{1,200}\bFROM\b"
)


@clause(
    "ERROR-01",
    MUST,
    "An error is a JSON object with `detail`: a text, or a list of `loc`, `msg` and `type`.",
    source=_EVIDENCE + ": FastAPI's `detail`",
)
def shape(exchange: Exchange, _: Edition) -> Ruling:
    """Clients show `detail` to their users.

    Violation: a 404 has the body `{"error": "not found"}`, or is HTML.
    """
    request = exchange.request
    if request.operation is None or exchange.status not in _STATUSES:
        return None
    if request.method not in ("GET", "POST"):
        return None
    if _is_refused_by_front(exchange):
        return None
    if exchange.media_type != "application/json":
        return f"A {exchange.status} is typed {exchange.header('content-type')!r}."
    found = problem("InvalidParametersError", exchange.data)
    return True if found is None else f"A {exchange.status} has another shape: {found}."


def _is_refused_by_front(exchange: Exchange) -> bool:
    """Return whether a proxy or HTTP library refused what it did not take for good HTTP."""
    request = exchange.request
    credentials = "".join(request.authorization)
    is_odd = "%" in request.target or len(request.target) > 1000
    is_odd |= len(request.authorization) > 1 or not credentials.isascii() or credentials == ""
    return is_odd and exchange.status == 400 and exchange.media_type != "application/json"


@clause(
    "ERROR-02",
    MUST,
    "No error shows a stack trace or a database's statement.",
    source=_EVIDENCE + ": `detail` is a text for people; CWE-209",
)
def no_trace(exchange: Exchange, _: Edition) -> Ruling:
    """It tells attackers what runs where, and users nothing.

    Violation: the `detail` of a 422 begins with `Traceback`.
    """
    if exchange.status < 400:
        return None
    return f"A {exchange.status} shows inner workings." if _TRACES.search(exchange.body) else True


@clause(
    "ERROR-03",
    MUST,
    "No answer repeats the API key.",
    source="CWE-200; RFC 9110, section 17.16.1: confidentiality of credentials",
)
def no_key(exchange: Exchange, _: Edition) -> Ruling:
    """Answers are logged, and errors are pasted into tickets.

    Violation: `Invalid API key: sk_live_abc123`.
    """
    return "The answer repeats the API key." if exchange.shows_key else True


@clause(
    "ERROR-04",
    SHOULD,
    "A refused parameter is answered 422.",
    source=_EVIDENCE + ": for invalid parameters status 422",
)
def invalid_parameters(exchange: Exchange, _: Edition) -> Ruling:
    """One status for one cause.

    Violation: `limit=0` is answered 400.
    """
    request = exchange.request
    limits = request.values("limit")
    if request.operation != "list" or request.query != (("limit", "".join(limits)),):
        return None
    if request.headers or not request.is_authorized or not exchange.is_refusal:
        return None
    if request.method != "GET":
        return None
    return True if exchange.status == 422 else f"A wrong `limit` is answered {exchange.status}."
