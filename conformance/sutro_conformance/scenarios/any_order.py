"""A Hypothesis state machine that reads in any order and compares answers about ended jobs."""

from __future__ import annotations

from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from ..api.answers import cursor_of, jobs_in, state, status_in
from ..api.requests import LIST_PATH, parameters, results_path, status_path
from ..api.shapes import documented
from ..api.statuses import FINAL
from ..judging.probe import Probe
from ..wire.errors import OutOfTimeError, UnstableError
from ..wire.exchange import NO_KEY, WRONG_KEY, Exchange, Request


class DisagreementError(AssertionError):
    """Two answers that should be the same are not."""

    def __init__(self, message: str, *exchanges: Exchange) -> None:
        super().__init__(message)
        self.exchanges = exchanges


def first_disagreement(probe: Probe, examples: int) -> tuple[DisagreementError | None, int]:
    """Return the shortest disagreement that was found, and how many answers were compared."""
    machine = _machine(probe)
    settings = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=12,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    try:
        hypothesis.seed(probe.settings.seed)(_runner)(machine, settings)
    except DisagreementError as disagreement:
        return disagreement, machine.compared
    except hypothesis.errors.Flaky:
        # It showed once and not again. That is a disagreement all the same.
        return machine.found, machine.compared
    except hypothesis.errors.Unsatisfiable:
        # So it calls a run that was stopped in its first example.
        if machine.stopped is None:
            raise
    if machine.stopped is not None:
        raise machine.stopped
    return None, machine.compared


def refused_requests(job_id: str) -> list[Request]:
    """Return requests that are refused, each for another reason."""
    return [
        Request("GET", LIST_PATH, authorization=NO_KEY),
        Request("GET", LIST_PATH, parameters({"limit": 0})),
        Request("GET", status_path(job_id), authorization=WRONG_KEY),
        Request("GET", results_path(job_id)),
    ]


def _runner(machine: Any, settings: hypothesis.settings) -> None:
    run_state_machine_as_test(machine, settings=settings)


def _machine(probe: Probe) -> Any:
    finished = [job["job_id"] for job in probe.account.finished(9)]
    with_results = [job["job_id"] for job in probe.account.succeeded(3)] or finished
    whole = [] if probe.account.is_large else [None]
    known: dict[Any, tuple[Any, Exchange]] = {}

    class Reads(RuleBasedStateMachine):
        """Reads, in any order."""

        compared = 0
        found: DisagreementError | None = None
        stopped: Exception | None = None

        def __init__(self) -> None:
            super().__init__()
            self.cursors: list[str] = []
            self.asked: list[Exchange] = []

        def agree(self, name: object, value: object, exchange: Exchange) -> None:
            type(self).compared += 1
            expected, reference = known.setdefault(name, (value, exchange))
            if value != expected:
                before = self.asked[-2:-1]
                message = f"{exchange.request.target} is answered otherwise than before."
                disagreement = DisagreementError(message, reference, *before, exchange)
                type(self).found = disagreement
                raise disagreement

        def ask(self, request: Request) -> Exchange:
            """Send a request; where none can be sent any more, end all examples at once.

            Hypothesis would take an error for a disagreement, and repeat it to find a shorter way.
            """
            if type(self).stopped is None:
                try:
                    exchange = probe.send(request)
                except (OutOfTimeError, UnstableError) as failure:
                    type(self).stopped = failure
                else:
                    self.asked.append(exchange)
                    return exchange
            return hypothesis.reject()

        @rule(job=st.sampled_from(finished))
        def status(self, job: str) -> None:
            exchange = self.ask(Request("GET", status_path(job)))
            self.agree(("status", job), (exchange.status, status_in(exchange)), exchange)

        @rule(
            job=st.sampled_from(with_results),
            inputs=st.booleans(),
            format_=st.sampled_from(["json", "csv", "parquet"]),
        )
        def results(self, job: str, inputs: bool, format_: str) -> None:
            query = parameters({probe.format_name: format_, "include_inputs": inputs or None})
            exchange = self.ask(Request("GET", results_path(job), query))
            # Archives carry the time at which they were made, so only JSON is compared whole.
            value = exchange.data if format_ == "json" else exchange.media_type
            self.agree(("results", job, inputs, format_), (exchange.status, value), exchange)

        @rule(limit=st.sampled_from([*whole, 1, 2, 5, 100]))
        def list_jobs(self, limit: int | None) -> None:
            exchange = self.ask(Request("GET", LIST_PATH, parameters({"limit": limit})))
            self.jobs(exchange)
            if limit is None:
                listed = {job["job_id"] for job in jobs_in(exchange)}
                self.agree("ended jobs", listed >= {*finished}, exchange)

        @rule(limit=st.integers(1, 7), which=st.integers(0, 9))
        def next_page(self, limit: int, which: int) -> None:
            if self.cursors:
                cursor = self.cursors[which % len(self.cursors)]
                query = parameters({"limit": limit, "cursor": cursor})
                self.jobs(self.ask(Request("GET", LIST_PATH, query)))

        @rule(request=st.sampled_from(refused_requests(finished[0])))
        def refused(self, request: Request) -> None:
            exchange = self.ask(request)
            self.agree(request, exchange.status, exchange)

        def jobs(self, exchange: Exchange) -> None:
            self.agree((exchange.request.operation, "status code"), exchange.status, exchange)
            cursor = cursor_of(exchange)
            if cursor is not None:
                self.cursors.append(cursor)
            for job in jobs_in(exchange):
                if state(job) in FINAL:
                    self.agree(("job", job["job_id"]), documented(job), exchange)

    return Reads
