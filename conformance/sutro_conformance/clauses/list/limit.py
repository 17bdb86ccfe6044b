"""`limit`, whole numbers from 1 to 100: LIST-17 to -21."""

from __future__ import annotations

import re

from ...judging.clause import MAY, MUST, Ruling, clause
from ...judging.probe import Probe
from ...wire.exchange import Exchange
from ...wire.target import Edition
from .entries import ask_for_limits

_BOUNDS = "Seed 1 (list page, e2 and e3): minimum 1, maximum 100"


_NUMBER = re.compile(r"-?[0-9]+")


_HUGE = "9" * 30


def _limit(exchange: Exchange) -> str | None:
    """Return the one limit that a list request carries, or None where that is not so."""
    request = exchange.request
    limits = request.values("limit")
    if request.operation != "list" or request.method != "GET" or request.headers:
        return None
    if not request.is_authorized:
        return None
    return limits[0] if len(limits) == 1 and set(dict(request.query)) == {"limit"} else None


def _refused(exchange: Exchange, limit: str) -> Ruling:
    if exchange.status in (400, 422):
        return True
    return f"`limit={limit[:40]}` is answered {exchange.status}."


@clause(
    "LIST-17",
    MUST,
    "A `limit` from 1 to 100 is accepted.",
    source=_BOUNDS,
)
def within(exchange: Exchange, _: Edition) -> Ruling:
    """Clients ask for 100 to make few requests.

    Violation: `limit=100` is answered 422.
    """
    limit = _limit(exchange)
    if limit is None or not re.fullmatch(r"[1-9][0-9]?|100", limit):
        return None
    return True if exchange.status == 200 else f"`limit={limit}` is answered {exchange.status}."


@clause(
    "LIST-18",
    MUST,
    "A `limit` below 1 is refused.",
    source=_BOUNDS,
)
def too_small(exchange: Exchange, _: Edition) -> Ruling:
    """Pages without jobs never come to an end, and a negative number means everything to some
    databases.

    Violation: `limit=0` is answered 200.
    """
    limit = _limit(exchange)
    if limit is None or not _NUMBER.fullmatch(limit) or int(limit) >= 1:
        return None
    return _refused(exchange, limit)


@clause(
    "LIST-19",
    MUST,
    "A `limit` above 100 is refused.",
    source=_BOUNDS,
)
def too_large(exchange: Exchange, _: Edition) -> Ruling:
    """A server that takes any number can be made to load everything for one page.

    Violation: `limit=101` is answered with 100 or 101 jobs.
    """
    limit = _limit(exchange)
    if limit is None or not _NUMBER.fullmatch(limit) or int(limit) <= 100:
        return None
    return _refused(exchange, limit)


@clause(
    "LIST-20",
    MUST,
    "A `limit` that is not a whole number is refused.",
    source="Seed 1: integer; evidence, everywhere: 422 for invalid parameters",
)
def no_number(exchange: Exchange, _: Edition) -> Ruling:
    """A typing error should be told, not answered with some page or with everything.

    Violation: `limit=ten` is answered with all jobs.
    """
    limit = _limit(exchange)
    # Blanks, signs and digits of other scripts are read as numbers by careful servers too.
    if limit is None or not re.fullmatch(r"[0-9]*[A-Za-z][A-Za-z0-9]*|[0-9]+[.][0-9]*[1-9]", limit):
        return None
    if re.fullmatch(r"[0-9.]+e[0-9]+|0[xob][0-9a-f]+", limit, re.IGNORECASE):
        return None
    return _refused(exchange, limit)


@within.exercise
def ask_within(probe: Probe) -> None:
    """Ask for pages of allowed sizes."""
    ask_for_limits(probe, 1, 2, 99, 100)


@too_small.exercise
def ask_too_small(probe: Probe) -> None:
    """Ask for pages that are too small."""
    ask_for_limits(probe, 0, -1, -100)


@too_large.exercise
def ask_too_large(probe: Probe) -> None:
    """Ask for pages that are too large."""
    ask_for_limits(probe, 101, 1000, _HUGE)


@no_number.exercise
def ask_no_number(probe: Probe) -> None:
    """Ask for pages of sizes that are not numbers."""
    ask_for_limits(probe, "ten", "1.5", "null", "10x")


@clause(
    "LIST-21",
    MAY,
    "An empty or repeated `limit` is refused, or read as one of its values.",
    source="not documented",
)
def unusual(probe: Probe) -> None:
    """The evidence says nothing of these, so the report says what was seen.

    Violation: `limit=1&limit=101` is checked as 1 and used as 101.
    """
    for limit in ("", [1, 2], [1, 101], [101, 1], " 1 "):
        exchange = probe.list_jobs(limit=limit)
        probe.note(f"`{exchange.request.target}` is answered {exchange.status}")
        probe.expect_answer(exchange, "An unusual `limit`")
        if isinstance(limit, list) and exchange.status == 200:
            jobs = exchange.fields.get("jobs")
            most = max(each for each in limit if each <= 100)
            few = isinstance(jobs, list) and len(jobs) <= most
            probe.expect(few, f"`limit` {limit} gives more than {most} jobs.", exchange)
