"""Cursors of `GET /list-jobs`: opaque, and of use only as they were given."""

from __future__ import annotations

from ..api.account import jobs_in
from ..api.pages import cursor_of
from ..judging.probe import Probe
from ..judging.registry import MUST, SHOULD, Ruling, clause, exercises
from ..wire.exchange import Exchange
from ..wire.target import Edition

_OPAQUE = "Seed 1 (list page, e2 and e3), notes: the cursor is opaque and is not to be modified"
_GARBAGE = ("sutro-verify-no-such-cursor", "AAAA", "eyJ4IjogMX0=", "!!!!", "0x00")
_ODD = ("", "x" * 5000, "Ünïcödé-光", "a\x00b", "\r\n", "%00", "../../list-jobs", "' OR '1'='1")


def _real_cursor(probe: Probe) -> str:
    page = probe.list_jobs(limit=max(1, min(3, len(probe.account.jobs) - 1)))
    cursor = cursor_of(page)
    return probe.need(cursor, "two jobs") or ""


@clause(
    "PAGE-07",
    MUST,
    "A made-up cursor, or a real one with its beginning or end replaced, is refused.",
    source=_OPAQUE,
    rests_on=["PAGE-01"],
)
def made_up(probe: Probe) -> None:
    """Jobs from a place that no page ended at are an answer to a question nobody asked; a client
    that mixed up its cursors would never notice. What replaces parts of the cursor is chosen so
    that unsigned cursors don't decode either.

    Violation: `cursor=garbage` is answered with the first page.
    """
    for garbage in _GARBAGE:
        _expect_refusal(probe, "A made-up cursor", garbage)
    cursor = _real_cursor(probe)
    for altered in _structural(cursor):
        _expect_refusal(probe, "An altered cursor", altered)


def _expect_refusal(probe: Probe, what: str, cursor: str) -> None:
    exchange = probe.list_jobs(limit=2, cursor=cursor)
    probe.expect(exchange.is_refusal, f"{what} is answered {exchange.status}.", exchange)


def _structural(cursor: str) -> list[str]:
    """Return the cursor with its end or beginning replaced, keeping length and padding."""
    body = cursor.rstrip("=")
    padding = cursor[len(body) :]
    # These decode to bytes that are no UTF-8 text in both alphabets of base64.
    filler = "w8w8w8w8" if cursor.isdigit() or "8888" in body else "88888888"
    size = min(8, len(body))
    altered = [body[:-size] + filler[:size] + padding, filler[:size] + body[size:] + padding]
    return [each for each in altered if each != cursor]


@clause(
    "PAGE-08",
    SHOULD,
    "A cursor with any one character changed is refused.",
    source=_OPAQUE,
    needs="two jobs",
    rests_on=["PAGE-07"],
)
def one_character(probe: Probe) -> None:
    """Signed cursors can't be turned into others by trying. The cursor that the documentation
    shows is not signed, so this is a wish.

    Violation: the cursor of one page, with a digit changed, is answered with another page.
    """
    cursor = _real_cursor(probe)
    body = len(cursor.rstrip("="))
    places = {0, body // 4, body // 2, 3 * body // 4, max(body - 2, 0)}
    for place in sorted(places):
        letter = "A" if cursor[place] != "A" else "B"
        _expect_refusal(
            probe,
            f"A cursor with character {place + 1} changed",
            cursor[:place] + letter + cursor[place + 1 :],
        )


@clause(
    "PAGE-09",
    MUST,
    "A cursor without `limit` is refused, or ignored.",
    source="Seed 1 (list page, e2 and e3): only used when `limit` is also provided",
    needs="two jobs",
)
def without_limit(probe: Probe) -> None:
    """Without `limit` there are no pages, so there is nothing for a cursor to continue.

    Violation: `GET /list-jobs?cursor=…` gives the jobs behind the cursor only.
    """
    cursor = _real_cursor(probe)
    before = probe.list_jobs()
    exchange = probe.list_jobs(cursor=cursor)
    after = probe.list_jobs()
    probe.seen(f"a cursor without `limit` is answered {exchange.status}")
    if exchange.is_refusal:
        probe.expect(True, "")
        return
    lasting = _ids(before) & _ids(after)
    message = "A cursor without `limit` changes which jobs are listed."
    complete = exchange.status == 200 and lasting <= _ids(exchange)
    probe.expect(complete, message, exchange, after)


def _ids(exchange: Exchange) -> set[str]:
    return {job["job_id"] for job in jobs_in(exchange)}


@clause(
    "PAGE-12",
    MUST,
    "No cursor, whatever is in it, causes a server error.",
    source="RFC 9110, section 15.6.1; evidence, everywhere: 422 for invalid parameters",
)
def any_bytes(exchange: Exchange, _: Edition) -> Ruling:
    """Cursors come from outside and are decoded by the server.

    Violation: a cursor that is no base64 is answered 500.
    """
    request = exchange.request
    if request.operation != "list" or not request.values("cursor") or request.method != "GET":
        return None
    broken = exchange.status >= 500
    return f"A cursor is answered {exchange.status}." if broken else True


@exercises("PAGE-12")
def odd_cursors(probe: Probe) -> None:
    """Send cursors of odd bytes."""
    for cursor in _ODD:
        probe.list_jobs(limit=1, cursor=cursor)
