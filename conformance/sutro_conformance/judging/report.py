"""The report of a run: a verdict for each clause, and what decides the exit status."""

from __future__ import annotations

import enum
from typing import Any

import attrs

from .clause import Clause, Level

# Without leave to cancel and a second key, an account with jobs in every state decides five in six
# of the clauses that must hold, one with a single job that succeeded seven in ten, one whose jobs
# all failed six in ten, and one without jobs a third. What says nothing on results says too little.
ENOUGH = 2 / 3
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
    """What a run says on a clause.

    `NOT_OFFERED` says that the server does without what the clause is about, as it may. `ERROR`
    says that the check itself failed.
    """

    KEPT = "kept"
    BROKEN = "broken"
    NOT_EXERCISED = "not exercised"
    NOT_OFFERED = "not offered"
    UNSTABLE = "unstable"
    ERROR = "error"


class Outcome(enum.StrEnum):
    """What a run says on a server."""

    KEPT = "kept"
    BROKEN = "broken"
    ERROR = "error"
    NOT_JUDGED = "not judged"

    @property
    def exit_status(self) -> int:
        """Return the exit status of the command."""
        return list(Outcome).index(self)


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
    """What a run found. `results` are in the order of the clauses' IDs, group by group.

    `remarks` say what concerns the whole run: what was left out, and how the server limited it.
    """

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
    remarks: tuple[str, ...] = ()
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
    def undecided(self) -> list[ClauseResult]:
        """Return the clauses that must hold and of which nothing is known.

        What the server does without, as it may, is not among them.
        """
        decided = (Verdict.KEPT, Verdict.BROKEN, Verdict.NOT_OFFERED)
        return [
            result
            for result in self.results
            if result.level is Level.MUST and result.verdict not in decided
        ]

    @property
    def judged_share(self) -> float:
        """Return which part of the clauses that must hold was decided, from 0 to 1."""
        decided = len(self.with_verdict(Verdict.KEPT, Level.MUST))
        decided += len(self.with_verdict(Verdict.BROKEN, Level.MUST))
        whole = decided + len(self.undecided)
        return decided / whole if whole else 1.0

    @property
    def outcome(self) -> Outcome:
        """Return what the run says on the server.

        A broken clause at the level of `fail_on` decides. Nothing is said of a server of which too
        little was judged: fewer than `ENOUGH` of the clauses that must hold, or with `strict` fewer
        than all; nor where the way to the server kept one from being decided.
        """
        if self.with_verdict(Verdict.BROKEN, *self.failing_levels):
            return Outcome.BROKEN
        if self.with_verdict(Verdict.ERROR):
            return Outcome.ERROR
        if self.with_verdict(Verdict.UNSTABLE, *self.failing_levels):
            return Outcome.NOT_JUDGED
        is_empty = not (self.with_verdict(Verdict.KEPT) or self.broken)
        enough = 1.0 if self.strict else ENOUGH
        return Outcome.NOT_JUDGED if is_empty or self.judged_share < enough else Outcome.KEPT

    @property
    def sentence(self) -> str:
        """Return the outcome in a sentence that claims no more than was judged."""
        count = len(self.undecided)
        named = f"{count} clause{'s' * (count != 1)} that must hold"
        if self.outcome is Outcome.KEPT and count:
            return f"The server keeps the contract as far as it was judged: {named} could not be."
        return {
            Outcome.KEPT: "The server keeps the contract.",
            Outcome.BROKEN: "The server breaks the contract.",
            Outcome.ERROR: "The verifier failed: please report what stands above.",
            Outcome.NOT_JUDGED: f"Not judged: {named} could not be decided.",
        }[self.outcome]

    @property
    def exit_status(self) -> int:
        """Return 0 if the contract is kept, 1 if broken, 2 after an error, 3 if not judged."""
        return self.outcome.exit_status
