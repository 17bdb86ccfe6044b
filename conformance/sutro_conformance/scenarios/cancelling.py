"""The scenario of cancelling: it runs once, and several clauses judge what it recorded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import attrs

from ..api.answers import ids_in, job_in, jobs_in, state, status_in
from ..api.requests import cancel_path
from ..api.shapes import documented
from ..api.statuses import ACTIVE, FINAL
from ..judging.probe import Probe, once_a_run
from ..wire.exchange import NO_KEY, RIGHT_KEY, SECOND_KEY, WRONG_KEY, Exchange, Request
from ..wire.target import Edition

LEAVE = "leave to cancel (--allow-cancel or --allow-cancel-any)"
_STRANGERS = (
    NO_KEY,
    WRONG_KEY,
    ("Bearer $SUTRO_API_KEY",),
    ("$SUTRO_API_KEY",),
)
_NO_CANCEL = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
_TURN = {"RUNNING": 0, "QUEUED": 1}
_LATE = 0.3
_EFFECT = {"CANCELLING", "CANCELLED"}


@attrs.frozen
class Attempt:
    """A cancellation that must have no effect, and the job's status after it."""

    exchange: Exchange
    status: Exchange

    @property
    def took_effect(self) -> bool:
        """Return whether the job is cancelled."""
        return _state(self.status) in _EFFECT


@attrs.define(kw_only=True)
class Cancellation:
    """A cancellation of an active job, its repetitions, and what became of the job and others."""

    job_id: str
    before: str
    first: Exchange
    repeated: list[Exchange]
    last: str
    last_answer: Exchange
    seconds: float
    after_repeating: str
    final_answer: Exchange
    listing: Exchange
    others_before: dict[str, str]
    others_after: dict[str, str]
    at_once: set[str]

    @property
    def listed(self) -> str:
        """Return the job's status in the list after all."""
        job = job_in(self.listing, self.job_id)
        return state(job) if job else "not there"


@attrs.define
class Scenario:
    """Everything that was done about active jobs."""

    strangers: list[Attempt] = attrs.field(factory=list)
    foreign: list[Attempt] = attrs.field(factory=list)
    other_methods: list[Attempt] = attrs.field(factory=list)
    cancelled: list[Cancellation] = attrs.field(factory=list)


def cancel(
    probe: Probe, job_id: str, *, key: tuple[str, ...] = RIGHT_KEY, method: str | None = None
) -> Exchange:
    """Cancel a job, in the form that the edition has."""
    method = method or cancel_method(probe.edition)
    return probe.send(Request(method, cancel_path(job_id), authorization=key))


def cancel_method(edition: Edition) -> str:
    """Return the method by which an edition cancels; the other one may be refused."""
    return "POST" if edition is Edition.E2 else "GET"


@once_a_run
def cancel_active_jobs(probe: Probe) -> Scenario:
    """Cancel active jobs, after trying to in ways that must have no effect."""
    scenario = Scenario()
    active = _active(probe, set())
    if active:
        _try_in_vain(probe, scenario, active)
    states: set[str] = set()
    for number in range(probe.by_profile(2, 3)):
        active = _active(probe, states)
        if not active:
            break
        # The older form, where it is taken, has to have the same effect.
        method = "POST" if number == 1 else None
        scenario.cancelled.append(_cancel_for_good(probe, active[0], method))
        states.add(scenario.cancelled[-1].before)
        if scenario.cancelled[-1].seconds > probe.settings.cancel_timeout and number == 0:
            # Further jobs would take as long, and show the same.
            break
    return scenario


def _try_in_vain(probe: Probe, scenario: Scenario, active: list[str]) -> None:
    both = ("GET", "POST")
    strangers = [(key, method) for method in both for key in _STRANGERS]
    scenario.strangers = _attempts(probe, active, strangers)
    if probe.target.second_api_key is not None and not {*active[:1]} & {*probe.other.ids()}:
        scenario.foreign = _attempts(probe, active, [(SECOND_KEY, method) for method in both])
    scenario.other_methods = _attempts(
        probe, active, [(RIGHT_KEY, method) for method in _NO_CANCEL]
    )


def _active(probe: Probe, states: set[str]) -> list[str]:
    """Return the active jobs that may be cancelled.

    Jobs in states of which none was cancelled yet come first, then those that run, then those that
    are queued, then old ones.
    """
    if not probe.target.may_cancel:
        return []
    listing = probe.send(probe.list_request())
    jobs = [job for job in jobs_in(listing) if state(job) in ACTIVE][::-1]
    jobs.sort(key=lambda job: (state(job) in states, _TURN.get(state(job), len(_TURN))))
    return probe.target.cancellable(job["job_id"] for job in jobs)


def _attempts(
    probe: Probe, active: list[str], ways: Sequence[tuple[tuple[str, ...], str]]
) -> list[Attempt]:
    """Try to cancel an active job in ways that must have no effect.

    All ways are tried side by side. Where one of them had an effect, they are tried one by one on
    other active jobs, to find out which.
    """
    remaining = [job for job in active if _state(probe.status(job)) in ACTIVE][:1]
    for job_id in remaining:
        requests = [Request(method, cancel_path(job_id), authorization=key) for key, method in ways]
        exchanges = list(probe.send_all(requests))
        status = probe.status(job_id)
        if _state(status) not in _EFFECT:
            return [Attempt(exchange, status) for exchange in exchanges]
        attempts = _one_by_one(probe, [job for job in active if job != job_id], ways)
        return attempts or [Attempt(each, status) for each in exchanges if each.is_success]
    return []


def _one_by_one(
    probe: Probe, active: list[str], ways: Sequence[tuple[tuple[str, ...], str]]
) -> list[Attempt]:
    """Try ways to cancel an active job one after the other, until one of them has an effect."""
    attempts: list[Attempt] = []
    for job_id in [job for job in active if _state(probe.status(job)) in ACTIVE][:1]:
        for key, method in ways:
            exchange = cancel(probe, job_id, key=key, method=method)
            attempts.append(Attempt(exchange, probe.status(job_id)))
            if attempts[-1].took_effect:
                break
    return attempts


def _cancel_for_good(probe: Probe, job_id: str, method: str | None) -> Cancellation:
    before = _state(probe.status(job_id))
    others_before = _others(_listings(probe), job_id)
    first = cancel(probe, job_id, method=method)
    if method is not None and first.is_refusal:
        method = None
        first = cancel(probe, job_id)
    began = time.monotonic()
    at_once = _others(_listings(probe), job_id)
    # What is answered meanwhile is judged by what judges every answer.
    probe.results(job_id)
    repeated = [cancel(probe, job_id, method=method)]
    last_answer = _wait(probe, job_id)
    seconds = time.monotonic() - began
    repeated.append(cancel(probe, job_id, method=method))
    final_answer = probe.status(job_id)
    listings = _listings(probe)
    return Cancellation(
        job_id=job_id,
        before=before,
        first=first,
        repeated=repeated,
        last=_state(last_answer),
        last_answer=last_answer,
        seconds=seconds,
        after_repeating=_state(final_answer),
        final_answer=final_answer,
        listing=listings[0],
        others_before={job: old for job, old in others_before.items() if old in ACTIVE},
        others_after=_others(listings, job_id),
        at_once={
            job
            for job, new in at_once.items()
            if new in _EFFECT and others_before.get(job) in ACTIVE
        },
    )


def _listings(probe: Probe) -> list[Exchange]:
    """Read the list, and that of the other account where there is a key for it."""
    keys = [RIGHT_KEY] if probe.target.second_api_key is None else [RIGHT_KEY, SECOND_KEY]
    return [*probe.send_all(probe.list_request(key) for key in keys)]


def _others(listings: Sequence[Exchange], job_id: str) -> dict[str, str]:
    """Return the states of all jobs but one."""
    return {
        job["job_id"]: state(job)
        for listing in listings
        for job in jobs_in(listing)
        if job["job_id"] != job_id
    }


def _wait(probe: Probe, job_id: str) -> Exchange:
    """Read the job's status until it is final or time is up."""
    deadline = time.monotonic() + probe.settings.cancel_timeout
    pause = 0.05
    while True:
        answer = probe.status(job_id)
        if _state(answer) in FINAL or answer.status != 200 or time.monotonic() > deadline:
            return answer
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)


@attrs.frozen
class LateCancellation:
    """A cancellation of a job that has ended, and what was said of the job before and after it."""

    before: Exchange
    answer: Exchange
    after: Exchange
    results: Exchange | None
    first_listing: Exchange
    listing_before: Exchange
    listing_after: Exchange

    @property
    def changed(self) -> list[str]:
        """Return the fields of the listed job that changed, and had not changed by themselves."""
        listings = self.first_listing, self.listing_before, self.listing_after
        job_id = self.before.request.job_id
        first, before, after = (documented(job_in(each, job_id)) for each in listings)
        steady = [name for name in before if first.get(name) == before[name]]
        return sorted(name for name in steady if after and after.get(name) != before[name])


@once_a_run
def cancel_ended_jobs(probe: Probe) -> list[LateCancellation]:
    """Cancel jobs that have ended, and see what becomes of them."""
    first = probe.send(probe.list_request())
    newest = {*ids_in(first)}
    jobs = [job["job_id"] for job in probe.account.finished(90) if job["job_id"] in newest]
    chosen = probe.target.cancellable(jobs)[:3]
    with ThreadPoolExecutor(max(len(chosen), 1)) as threads:
        found = threads.map(lambda job: _cancel_ended(probe, job, first), chosen)
        return [each for each in found if each is not None]


def _cancel_ended(probe: Probe, job_id: str, first: Exchange) -> LateCancellation | None:
    before = probe.status(job_id)
    if _state(before) not in FINAL:
        return None
    had_results = probe.results(job_id).status == 200
    listing = probe.send(probe.list_request())
    answer = cancel(probe, job_id)
    # A cancellation that takes effect later would show by then.
    time.sleep(_LATE)
    after = probe.status(job_id)
    results = probe.results(job_id) if had_results else None
    again = probe.send(probe.list_request())
    return LateCancellation(before, answer, after, results, first, listing, again)


def _state(answer: Exchange) -> str:
    given = status_in(answer)
    return given.upper() if given else f"answered {answer.status}"
