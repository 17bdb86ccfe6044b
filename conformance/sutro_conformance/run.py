"""One verification from the first request to the report."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import attrs

from .api.account import Account
from .api.requests import LIST_PATH
from .clauses import all_clauses
from .judging.causes import with_causes
from .judging.clause import Clause, Level, Phase
from .judging.findings import Finding
from .judging.ledger import Ledger
from .judging.probe import NotExercisedError, NotOfferedError, Probe, RunContext
from .judging.report import ClauseResult, EditionPoint, Failure, Report, Verdict, report_order
from .scenarios.accounts import is_same_account
from .scenarios.editions import choose_edition, edition_points
from .settings import Settings
from .wire.errors import OutOfTimeError, UnsendableError, UnstableError
from .wire.exchange import SECOND_KEY, Exchange, Request
from .wire.preflight import find_base_url
from .wire.session import Session
from .wire.target import Edition, Target

# A server may send any number of headers, of any length.
_MOST_HEADERS = 60
_LONGEST_HEADER = 600
_LONGEST_MESSAGE = 1000
# A page of a report that people read to the end.
_MOST_FAILURES = 4
_FAILED = "the check itself failed, please report it"
_ANSWER = "an answer that can be judged by it"


@attrs.define(eq=False)
class Verification:
    """A run against one target. Use it as a context manager.

    Raises:
        CouldNotRunError: the server cannot be reached, or refuses the key.
    """

    target: Target
    settings: Settings
    context: RunContext = attrs.field(init=False)
    ledger: Ledger = attrs.field(init=False)
    session: Session = attrs.field(init=False)
    _points: tuple[EditionPoint, ...] = ()
    _remarks: list[str] = attrs.field(factory=list)
    _began: float = attrs.field(factory=time.monotonic)
    _started: datetime = attrs.field(factory=lambda: datetime.now(UTC))

    def __attrs_post_init__(self) -> None:
        self.ledger = Ledger(all_clauses())
        self.session = Session(self.target, self.settings, self.ledger.record)

    def __enter__(self) -> Verification:
        try:
            self._prepare()
        except BaseException:
            self.session.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def _prepare(self) -> None:
        try:
            first_listing = find_base_url(self.session)
        except OutOfTimeError:
            # Nothing is known of the account, and no clause gets an answer any more.
            now = time.monotonic()
            first_listing = Exchange(Request("GET", LIST_PATH), 0, (), b"", now, now)
        account = Account(self.session.send, first=first_listing)
        other = None
        if self.target.second_api_key is not None:
            other = Account(self.session.send, SECOND_KEY)
        self._points = edition_points(account)
        edition = choose_edition(self.settings.edition, self._points)
        is_same = other is not None and self._is_same_account(account, other, edition)
        self.context = RunContext(
            self.target,
            self.settings,
            self.session,
            edition,
            account,
            None if is_same else other,
            is_same,
            self.ledger.sightings,
            self.ledger.tags,
            self.ledger.listing,
        )
        self.ledger.begin(edition)

    def _is_same_account(self, account: Account, other: Account, edition: Edition) -> bool:
        name = "result_format" if edition is Edition.E2 else "format"
        try:
            is_same = is_same_account(account, other, name)
        except (UnstableError, OutOfTimeError):
            return False
        if is_same:
            self._remarks.append(
                "Both API keys are of one account, as both list the same jobs and get what is"
                " theirs: whether accounts are kept apart was not judged."
            )
        return is_same

    def _probe(self, clause: Clause) -> Probe:
        # Each clause has random numbers of its own, so that none changes with what others do.
        rng = random.Random(f"{self.settings.seed} {clause.id}")  # noqa: S311 (repeatable)
        return Probe(self.context, rng)

    def examine(self, clause: Clause) -> ClauseResult:
        """Run the check of one clause and return what it alone says."""
        began = time.monotonic()
        probe = self._probe(clause)
        reason, undecided = "", Verdict.NOT_EXERCISED
        try:
            if clause.check is not None:
                clause.check(probe)
        except NotExercisedError as missing:
            reason = str(missing)
        except NotOfferedError as missing:
            reason, undecided = str(missing), Verdict.NOT_OFFERED
        except OutOfTimeError:
            reason = "more time (--time-budget)"
        except (UnstableError, UnsendableError) as failure:
            reason, undecided = str(failure), Verdict.UNSTABLE
        except Exception as error:  # noqa: BLE001 (a strange answer must not end the run)
            reason = f"{_FAILED}: {type(error).__name__}: {error}"
            undecided = Verdict.ERROR
        return self._result(clause, probe, undecided, reason, time.monotonic() - began)

    def _result(
        self, clause: Clause, probe: Probe, undecided: Verdict, reason: str, seconds: float
    ) -> ClauseResult:
        if probe.findings:
            verdict = Verdict.BROKEN
        elif undecided in (Verdict.UNSTABLE, Verdict.ERROR) or not probe.checks:
            verdict = undecided
        else:
            verdict = Verdict.KEPT
        failures = tuple(self._failure(finding) for finding in smallest(probe.findings))
        return ClauseResult(
            clause=clause,
            verdict=verdict,
            checks=probe.checks,
            seconds=seconds,
            failures=failures,
            seen=tuple(map(self.session.redacted, probe.notes)),
            reason=self.session.redacted(reason or probe.missing or clause.needs or _ANSWER)[
                :_LONGEST_MESSAGE
            ],
        )

    def _shown(self, text: str) -> str:
        return self.session.redacted(text)[:_LONGEST_MESSAGE]

    def _failure(self, finding: Finding) -> Failure:
        base_url, redacted = self.session.base_url, self.session.redacted
        lines = [each.request.curl(base_url) for each in finding.exchanges]
        exchanges = tuple(described(each, redacted) for each in finding.exchanges)
        return Failure(self._shown(finding.message), "\n".join(dict.fromkeys(lines)), exchanges)

    def results(self) -> Iterator[ClauseResult]:
        """Check all selected clauses, phase by phase, and yield each verdict as it falls.

        Reading clauses are checked side by side, unless the server mixes such requests up.
        """
        is_steady = True
        for phase, clauses in groupby(self.settings.clauses, lambda clause: clause.phase):
            if phase is Phase.READ and is_steady:
                yield from self._side_by_side(list(clauses))
                continue
            for clause in clauses:
                result = self.completed(self.examine(clause))
                if phase is Phase.ALONE and result.verdict is Verdict.BROKEN:
                    is_steady = False
                    self.session.send_one_at_a_time()
                yield result

    def _side_by_side(self, clauses: Sequence[Clause]) -> Iterator[ClauseResult]:
        # Most checks wait for an answer; how many requests are on their way, the session bounds.
        with ThreadPoolExecutor(2 * self.session.concurrency) as workers:
            for clause in self.settings.clauses:
                if clause.prepare is not None:
                    workers.submit(clause.prepare, self._probe(clause))
            # Random sequences of reads are the longest chain of requests, so they begin first.
            longest_first = sorted(clauses, key=lambda clause: clause.group != "LIFE")
            tasks = [workers.submit(self.examine, clause) for clause in longest_first]
            try:
                yield from (task.result() for task in as_completed(tasks))
            except BaseException:
                # Checks that are under way end with their next request.
                self.session.pace.budget = 0.0
                workers.shutdown(wait=False, cancel_futures=True)
                raise

    def report(
        self, results: Sequence[ClauseResult], *, strict: bool = False, fail_on: Level = Level.MUST
    ) -> Report:
        """Return the report on verdicts that `examine` gave."""
        final = with_causes([self.completed(result) for result in results])
        return Report(
            target=self.session.base_url,
            edition=str(self.context.edition),
            edition_points=self._points,
            profile=str(self.settings.profile),
            seed=self.settings.seed,
            may_cancel=self.target.leave,
            started=self._started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - self._began, 2),
            requests=self.session.requests,
            disturbances=len(self.session.disturbances),
            results=tuple(sorted(final, key=lambda result: report_order(result.clause))),
            remarks=(*self._remarks, *self._limits()),
            strict=strict,
            fail_on=fail_on,
        )

    def _limits(self) -> Iterator[str]:
        """Return how the server limited the run."""
        pace = self.session.pace
        if pace.refusals:
            yield (
                f"The server answered 429 {pace.refusals} times, so the run slowed down to"
                f" {pace.rate:.1f} requests a second."
            )

    def completed(self, result: ClauseResult) -> ClauseResult:
        """Add what the exchanges of the run so far say to what the check said."""
        tally = self.ledger.tally(result.clause)
        if tally.error and not tally.findings:
            reason = self.session.redacted(f"{_FAILED}: {tally.error}")
            result = attrs.evolve(result, verdict=Verdict.ERROR, reason=reason)
        if result.verdict is Verdict.BROKEN or not tally.checks:
            return result
        verdict = Verdict.BROKEN if tally.findings else Verdict.KEPT
        if result.verdict in (Verdict.UNSTABLE, Verdict.ERROR) and not tally.findings:
            verdict = result.verdict
        failures = tuple(self._failure(finding) for finding in tally.findings)
        return attrs.evolve(
            result, verdict=verdict, checks=result.checks + tally.checks, failures=failures
        )


def verify(
    target: Target,
    settings: Settings | None = None,
    *,
    progress: Callable[[ClauseResult, int], None] = lambda result, total: None,
    strict: bool = False,
    fail_on: Level = Level.MUST,
) -> Report:
    """Verify a server and return the report on it.

    `progress` is called with each verdict as it falls and the number of clauses. `strict` and
    `fail_on` decide the report's exit status, see there.

    Raises:
        CouldNotRunError: the server cannot be reached, or refuses the key.
    """
    with Verification(target, settings or Settings()) as verification:
        total = len(verification.settings.clauses)
        results = []
        for result in verification.results():
            results.append(result)
            progress(verification.completed(result), total)
        return verification.report(results, strict=strict, fail_on=fail_on)


def smallest(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that take the least to repeat."""

    def size(finding: Finding) -> tuple[int, int]:
        return len(finding.exchanges), sum(len(each.request.target) for each in finding.exchanges)

    return sorted(findings, key=size)[:_MOST_FAILURES]


def described(exchange: Exchange, redacted: Callable[[str], str] = str) -> dict[str, Any]:
    """Return what a report shows of an exchange."""
    request = exchange.request
    headers = [f"Authorization: {value}" for value in request.authorization]
    headers += [f"{name}: {value}" for name, value in request.headers]
    return {
        "request": {"method": request.method, "target": request.target, "headers": headers},
        "response": {
            "status": exchange.status,
            "headers": [
                redacted(f"{name}: {value}")[:_LONGEST_HEADER]
                for name, value in exchange.headers[:_MOST_HEADERS]
            ],
            "body": redacted(exchange.excerpt()),
        },
    }
