"""The report of a run: a verdict for each clause, and what decides the exit status."""

from __future__ import annotations

import enum
from typing import Any

import attrs

from .clause import Clause, Level

GROUPS = {
    "AUTH": "Authentication",
    "LIST": "Listing jobs",
    "PAGE": "Pages and cursors",
    "STATUS": "Status of a job",
    "RESULTS": "Results of a job",
    "FORMAT": "Results as CSV and Parquet",
    "CANCEL": "Cancelling a job",
    "LIFE": "The life of jobs",
    "TENANT": "Isolation of accounts",
    "HTTP": "HTTP",
    "ERROR": "Errors",
}


def report_order(clause: Clause) -> tuple[int, str]:
    """Return what clauses are sorted by in reports."""
    return list(GROUPS).index(clause.group), clause.id


class Verdict(enum.StrEnum):
    """What a run says on a clause."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_EXERCISED = "not exercised"
    UNSTABLE = "unstable"


@attrs.frozen
class Failure:
    """One way in which a clause is broken.

    `reproduction` holds the curl lines that show it, with `$SUTRO_API_KEY` for the key;
    `exchanges` what was sent and received.
    """

    message: str
    reproduction: str
    exchanges: tuple[dict[str, Any], ...]


@attrs.frozen
class ClauseResult:
    """The verdict on one clause, how many checks led to it, and why it was not exercised."""

    clause: Clause
    verdict: Verdict
    checks: int
    seconds: float
    failures: tuple[Failure, ...] = ()
    seen: tuple[str, ...] = ()
    reason: str = ""
    consequence_of: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the ID of the clause."""
        return self.clause.id

    @property
    def level(self) -> Level:
        """Return the level of the clause."""
        return self.clause.level


@attrs.frozen
class EditionPoint:
    """One point in which editions differ, and what the server does."""

    point: str
    seen: str
    edition: str


@attrs.frozen(kw_only=True)
class Report:
    """What a run found. `results` are in the order of the clauses' IDs, group by group."""

    target: str
    edition: str
    edition_points: tuple[EditionPoint, ...]
    profile: str
    seed: int
    may_cancel: str
    started: str
    seconds: float
    requests: int
    disturbances: int
    results: tuple[ClauseResult, ...]
    strict: bool = False
    fail_on: Level = Level.MUST

    def with_verdict(self, verdict: Verdict, *levels: Level) -> list[ClauseResult]:
        """Return the results with a verdict, of some levels or of all."""
        levels = levels or tuple(Level)
        return [
            result
            for result in self.results
            if result.verdict is verdict and result.level in levels
        ]

    @property
    def broken(self) -> list[ClauseResult]:
        """Return the broken clauses, causes before consequences and MUST before SHOULD."""
        order = list(Level)
        return sorted(
            self.with_verdict(Verdict.BROKEN),
            key=lambda result: (bool(result.consequence_of), order.index(result.level)),
        )

    @property
    def failing_levels(self) -> tuple[Level, ...]:
        """Return the levels at which a broken clause decides the exit status."""
        return tuple(Level)[: list(Level).index(self.fail_on) + 1]

    @property
    def exit_status(self) -> int:
        """Return 0 if the contract is kept, 1 if broken, 2 if undecided, 3 if not exercised.

        Only clauses at the level of `fail_on` count. A clause that the network kept from being
        decided gives 2. 3 is given where no clause was exercised at all and, with `strict`, where
        one MUST was not.
        """
        if self.with_verdict(Verdict.BROKEN, *self.failing_levels):
            return 1
        if self.with_verdict(Verdict.UNSTABLE, *self.failing_levels):
            return 2
        if not (self.with_verdict(Verdict.KEPT) or self.broken):
            return 3
        if self.strict and self.with_verdict(Verdict.NOT_EXERCISED, Level.MUST):
            return 3
        return 0
