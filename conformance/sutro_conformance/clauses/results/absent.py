"""Jobs without results: RESULTS-11 to -14."""

from __future__ import annotations

from ...api.answers import state, status_in
from ...api.ids import MALFORMED
from ...api.requests import results_path
from ...api.statuses import FINAL
from ...judging.clause import MUST, Ruling, clause
from ...judging.probe import Probe
from ...scenarios.results import FORMATS
from ...wire.exchange import Exchange, Request
from ...wire.target import Edition

_EVIDENCE = "Evidence, 3. job results"


@clause(
    "RESULTS-11",
    MUST,
    "There are no results before a job has succeeded.",
    source=_EVIDENCE + ": only for jobs that succeeded; the status code is documented nowhere",
    needs="a job that waits or runs",
    rests_on=["STATUS-04", "LIFE-01"],
)
def not_before(probe: Probe) -> None:
    """Half of the rows would pass for all of them. Any 4xx is right, and reported.

    Violation: the results of a RUNNING job are answered 200.
    """
    waiting = [job for job in probe.account.jobs if state(job) not in FINAL | {"UNKNOWN"}]
    for job in probe.require(waiting, "a job that waits or runs")[: probe.by_profile(6, 15)]:
        _expect_no_results(probe, job["job_id"])


@clause(
    "RESULTS-12",
    MUST,
    "A job that failed or was cancelled has no results.",
    source=_EVIDENCE + ": only for jobs that succeeded",
    needs="a job that failed or was cancelled",
)
def not_without_success(probe: Probe) -> None:
    """What a failed job has done so far is not its result.

    Violation: the results of a FAILED job are answered 200 with an empty array.
    """
    ended = [job for job in probe.account.jobs if state(job) in FINAL - {"SUCCEEDED"}]
    for job in probe.require(ended, "a job that failed or was cancelled")[
        : probe.by_profile(6, 15)
    ]:
        _expect_no_results(probe, job["job_id"])


def _expect_no_results(probe: Probe, job_id: str) -> None:
    for format_ in FORMATS:
        answer = probe.results(job_id, format_)
        if answer.is_success:
            status = probe.status(job_id)
            now = (status_in(status) or str(status.fields.get("job_status"))).upper()
            message = f"The results of a job that is {now} are answered {answer.status}."
            probe.expect(now == "SUCCEEDED", message, status, answer)
        else:
            probe.expect_refusal(answer, "The request for results of a job without any")
            probe.note(f"results that are not there are answered {answer.status}")


@clause(
    "RESULTS-13",
    MUST,
    "An unknown job has no results: 404, or 422 where its ID may be malformed.",
    source="Evidence, 4. cancel: missing job: 404 with `detail`; RFC 9110, section 15.5.5",
)
def unknown(probe: Probe) -> None:
    """Clients tell a job that is gone from one that is not ready.

    Violation: the results of an unknown job are `{"outputs": []}`.
    """
    for format_ in FORMATS:
        exchange = probe.results(probe.unknown_id(), format_)
        probe.expect_missing(exchange, "The request for results of an unknown job")


@clause(
    "RESULTS-14",
    MUST,
    "A malformed job ID has no results: it is refused with 4xx.",
    source="RFC 9110, section 15.5; evidence, everywhere: 422 for invalid parameters",
    rests_on=["RESULTS-13"],
)
def malformed(exchange: Exchange, _: Edition) -> Ruling:
    """Results are files, so an ID that is used as a name must not lead to another file.

    Violation: the ID `../../etc/passwd` is answered 500.
    """
    request = exchange.request
    if request.operation != "results" or request.job_id not in MALFORMED or request.method != "GET":
        return None
    return True if exchange.is_refusal else f"A malformed job ID is answered {exchange.status}."


@malformed.exercise
def ask_malformed(probe: Probe) -> None:
    """Ask for the results of malformed IDs."""
    query = ((probe.format_name, "json"),)
    for _ in probe.send_all(Request("GET", results_path(job_id), query) for job_id in MALFORMED):
        pass
