"""Answers that depend on nothing but the request: LIFE-03, -04 and -07."""

from __future__ import annotations

from typing import Any

from ...api.answers import ids_in, jobs_in, state, status_in
from ...api.requests import LIST_PATH, results_path, status_path
from ...api.statuses import FINAL
from ...judging.clause import MUST, Phase, clause
from ...judging.probe import Probe
from ...scenarios.any_order import first_disagreement, refused_requests
from ...wire.exchange import RIGHT_KEY, SECOND_KEY, Exchange, Request

_FINISHED = "a job that has ended"


@clause(
    "LIFE-03",
    MUST,
    "Concurrent reads get the answers that they would get alone.",
    source="RFC 9110, section 9.2.1: reading is safe; evidence, 2. and 3.",
    needs=_FINISHED,
    rests_on=["STATUS-02", "RESULTS-08"],
    phase=Phase.ALONE,
)
def concurrent(probe: Probe) -> None:
    """Answers that share a variable get mixed up under load only.

    Violation: two clients that ask for two jobs at the same time both get the first.
    """
    alone = [probe.send(request) for request in probe.require(_steady(probe), _FINISHED)]
    requests = [each.request for each in alone] * probe.by_profile(3, 8)
    # What goes wrong under load only is this clause's matter and no other's.
    for number, exchange in enumerate(probe.send_all(requests, judged=False)):
        reference = alone[number % len(alone)]
        message = f"{exchange.request.path} is answered otherwise when read beside others."
        # What changes by itself, as a list does, is not held against the server.
        fine = _same(reference, exchange) or not _same(reference, probe.send(reference.request))
        probe.expect(fine, message, reference, exchange)


def _steady(probe: Probe) -> list[Request]:
    """Return requests whose answers hardly change: about jobs that have ended, and lists."""
    finished = [job["job_id"] for job in probe.account.finished(probe.by_profile(3, 6))]
    requests = [Request("GET", status_path(job)) for job in finished]
    done = [job["job_id"] for job in probe.account.succeeded(probe.by_profile(2, 3))]
    formats = {name: ((probe.format_name, name),) for name in ("json", "csv", "parquet")}
    requests += [Request("GET", results_path(job), formats["json"]) for job in done]
    for job in done[:1]:
        more = (*formats["json"], ("include_inputs", "true"))
        requests += [Request("GET", results_path(job), each) for each in (*formats.values(), more)]
    keys = [RIGHT_KEY] if probe.target.second_api_key is None else [RIGHT_KEY, SECOND_KEY]
    limits = ((("limit", "1"),), (("limit", "7"),))
    lists = [probe.list_request(key) for key in keys]
    lists += [Request("GET", LIST_PATH, limit, key) for limit in limits for key in keys]
    return requests and [*lists, *requests]


def _same(left: Exchange, right: Exchange) -> bool:
    return left.status == right.status and _value(left) == _value(right)


def _value(exchange: Exchange) -> Any:
    if exchange.request.operation == "list":
        return ids_in(exchange)
    return exchange.body if exchange.data is None else exchange.data


@clause(
    "LIFE-04",
    MUST,
    "Answers do not depend on what was asked before.",
    source="RFC 9110, section 9.2.1: reading is safe",
    needs=_FINISHED,
    rests_on=[
        *("LIFE-07", "LIST-02", "LIST-17", "PAGE-02", "PAGE-03"),
        *("STATUS-02", "RESULTS-08", "LIFE-02"),
    ],
)
def any_order(probe: Probe) -> None:
    """Random sequences of reads, refused ones among them, about jobs that have ended: each answer
    has to be the same wherever it stands. The shortest sequence that shows otherwise is reported.

    Violation: a job's results are read with the flags of the request before.
    """
    probe.require(probe.account.finished(1), _FINISHED)
    disagreement, steps = first_disagreement(probe, examples=probe.by_profile(3, 12))
    probe.checks += steps
    if disagreement is not None:
        probe.expect(False, str(disagreement), *disagreement.exchanges)


@clause(
    "LIFE-07",
    MUST,
    "A refused request changes nothing for those that follow.",
    source="RFC 9110, sections 9.2.1 and 15.5",
    needs=_FINISHED,
    rests_on=["STATUS-02", "LIFE-02"],
    phase=Phase.ALONE,
)
def after_refusals(probe: Probe) -> None:
    """One client's mistakes must not be another's errors. A job's status and the list are read
    before and after each of several kinds of refused requests.

    Violation: after a request without a key the next one is answered as if it had none either.
    """
    job_id = probe.require(probe.account.finished(1), _FINISHED)[0]["job_id"]
    reads = [Request("GET", status_path(job_id)), probe.list_request()]
    before = [probe.send(request) for request in reads]
    for refused in refused_requests(job_id):
        for reference in before:
            refusal = probe.send(refused)
            after = probe.send(reference.request)
            message = f"{reference.request.path} is answered otherwise after a refused request."
            fine = _ended(reference) <= _ended(after) and reference.status == after.status
            probe.expect(fine, message, reference, refusal, after)


def _ended(exchange: Exchange) -> set[Any]:
    """Return the jobs that have ended, or the status, that an answer names."""
    if exchange.request.operation == "status":
        return {status_in(exchange)}
    return {job["job_id"] for job in jobs_in(exchange) if state(job) in FINAL}
