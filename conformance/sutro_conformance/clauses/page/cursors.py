"""Cursors: opaque, and of use only as they were given: PAGE-07 to -12."""

from __future__ import annotations

from ...api.answers import cursor_of, ids_in
from ...api.pages import Walk, difference
from ...judging.clause import MUST, SHOULD, Ruling, clause
from ...judging.probe import NotExercisedError, Probe
from ...wire.exchange import Exchange
from ...wire.target import Edition

_OPAQUE = "Seed 1 (list page, e2 and e3), notes: the cursor is opaque and is not to be modified"


# Base64 of odd bytes, JSON in base64, and texts that are neither.
_GARBAGE = ("sutro-verify-no-such-cursor", "AAAA", "eyJ4IjogMX0=", "!!!!", "0x00")


_ODD = ("", "x" * 5000, "Ünïcödé-光", "a\x00b", "\r\n", "%00", "../../list-jobs", "' OR '1'='1")


def _real_cursor(probe: Probe) -> str:
    page = probe.list_jobs(limit=max(1, min(3, len(probe.account.jobs) - 1)))
    cursor = cursor_of(page)
    return probe.require(cursor, "two jobs") or ""


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
    that unsigned cursors do not decode either.

    Violation: `cursor=garbage` is answered with the first page.
    """
    for garbage in _GARBAGE:
        _expect_refusal(probe, "A made-up cursor", garbage)
    cursor = _real_cursor(probe)
    for altered in _structural(cursor):
        _expect_refusal(probe, "An altered cursor", altered)


def _expect_refusal(probe: Probe, what: str, cursor: str) -> None:
    probe.expect_refusal(probe.list_jobs(limit=2, cursor=cursor), what)


def _structural(cursor: str) -> list[str]:
    """Return the cursor with its end or beginning replaced, keeping length and padding."""
    body = cursor.rstrip("=")
    padding = cursor[len(body) :]
    # These decode to bytes that are not UTF-8 text in both alphabets of base64.
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
    """Signed cursors cannot be turned into others by trying. The cursor that the documentation
    shows is not signed, so this is a wish.

    Violation: the cursor of one page, with a digit changed, is answered with another page.
    """
    cursor = _real_cursor(probe)
    body = len(cursor.rstrip("="))
    # The last character may hold unused bits of base64, which careful servers ignore too.
    for index in sorted({0, body // 4, body // 2, 3 * body // 4, max(body - 2, 0)}):
        letter = "A" if cursor[index] != "A" else "B"
        altered = cursor[:index] + letter + cursor[index + 1 :]
        _expect_refusal(probe, f"A cursor with character {index + 1} changed", altered)


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
    before = probe.account.first_listing
    exchange = probe.list_jobs(cursor=cursor)
    probe.note(f"a cursor without `limit` is answered {exchange.status}")
    if exchange.is_refusal:
        probe.expect(True, "")
        return
    listed = probe.run.listing(exchange).states
    missing = probe.run.listing(before).states.keys() - listed
    if missing:
        missing &= probe.run.listing(probe.read_list_again()).states.keys()
    message = "A cursor without `limit` changes which jobs are listed."
    probe.expect(exchange.status == 200 and not missing, message, exchange, before)


@clause(
    "PAGE-12",
    MUST,
    "No cursor, whatever is in it, causes a server error.",
    source="RFC 9110, section 15.6.1; evidence, everywhere: 422 for invalid parameters",
)
def any_bytes(exchange: Exchange, _: Edition) -> Ruling:
    """Cursors come from outside and are decoded by the server.

    Violation: a cursor that is not base64 is answered 500.
    """
    request = exchange.request
    if request.operation != "list" or not request.values("cursor") or request.method != "GET":
        return None
    broken = exchange.status >= 500
    return f"A cursor is answered {exchange.status}." if broken else True


@any_bytes.exercise
def odd_cursors(probe: Probe) -> None:
    """Send cursors of odd bytes."""
    for cursor in _ODD:
        probe.list_jobs(limit=1, cursor=cursor)


_CURSOR = "Seed 1 (list page, e2 and e3), `cursor` and `next_cursor`"


_PAGED = ["LIST-02", "LIST-17", "PAGE-01", "PAGE-02", "TENANT-01"]


_SEVERAL = "two jobs"


@clause(
    "PAGE-10",
    SHOULD,
    "A cursor gives the same page when it is used again.",
    source="RFC 9110, section 9.2.2: GET is idempotent",
    needs="two jobs",
    rests_on=_PAGED,
)
def again(probe: Probe) -> None:
    """Clients repeat a request whose answer was lost.

    Violation: a cursor is refused when it is used a second time.
    """
    cursor = probe.require(cursor_of(probe.list_jobs(limit=1)), _SEVERAL)
    pages = [probe.list_jobs(limit=1, cursor=cursor) for _ in range(3)]
    ids = [ids_in(page) for page in pages]
    for page, found in zip(pages[1:], ids[1:], strict=True):
        same = page.status == pages[0].status and found == ids[0]
        probe.expect(same, f"The page of {ids[0]} is {found} when read again.", pages[0], page)


@clause(
    "PAGE-11",
    MUST,
    "A cursor used with another `limit` is refused, or continues at the same place.",
    source=_CURSOR,
    needs="three jobs",
    rests_on=[*_PAGED, "PAGE-03"],
)
def other_limit(probe: Probe) -> None:
    """Clients adapt the size of pages to what is left to show.

    Violation: the second page with `limit=5` skips four jobs after a first one with `limit=1`.
    """
    count = len(probe.account.jobs)
    probe.require(count > 2, "three jobs")
    for first_limit, second_limit in ((1, 5), (2, 1), (min(3, count - 1), 100)):
        before = probe.account.first_listing
        first = probe.list_jobs(limit=first_limit)
        cursor = cursor_of(first)
        if cursor is None:
            raise NotExercisedError("three jobs")
        second = probe.list_jobs(limit=second_limit, cursor=cursor)
        if second.is_refusal:
            probe.note(f"a cursor with another `limit` is answered {second.status}")
            probe.expect(True, "")
            continue
        walked = Walk(second_limit, (first, second), "enough")
        known = probe.run.listing(before)
        problem = difference(walked, known, known)
        if problem:
            problem = difference(walked, known, probe.run.listing(probe.read_list_again()))
        message = f"`limit={second_limit}` after `limit={first_limit}`: {problem}."
        probe.expect(not problem, message, before, first, second)
