"""IDs that no job has: STATUS-06 to -08, and -10."""

from __future__ import annotations

from ...api.ids import MALFORMED, misspellings, near_misses
from ...api.requests import status_path
from ...judging.clause import MUST, SHOULD, Ruling, clause
from ...judging.probe import Probe
from ...wire.exchange import Exchange, Request
from ...wire.target import Edition

_JOB = "a job"


@clause(
    "STATUS-06",
    MUST,
    "An unknown job has no status: 404, or 422 where its ID may be malformed.",
    source="Evidence, 4. cancel: missing job: 404 with `detail`; RFC 9110, section 15.5.5",
)
def unknown(probe: Probe) -> None:
    """Clients tell a job that is gone from a service that fails.

    Violation: an unknown job is UNKNOWN with status code 200.
    """
    for _ in range(2):
        probe.expect_missing(probe.status(probe.unknown_id()), "The status of an unknown job")


@clause(
    "STATUS-07",
    MUST,
    "A malformed job ID has no status: it is refused with 4xx.",
    source="RFC 9110, section 15.5; evidence, everywhere: 422 for invalid parameters",
    rests_on=["STATUS-06"],
)
def malformed(exchange: Exchange, _: Edition) -> Ruling:
    """IDs come from outside, and some are made to reach other files, tables or lines of a log.

    Violation: an ID of 5,000 characters, or with a NUL in it, is answered 500.
    """
    request = exchange.request
    if request.operation != "status" or request.job_id not in MALFORMED or request.method != "GET":
        return None
    fine = exchange.is_refusal
    return True if fine else f"A malformed job ID is answered {exchange.status}."


@malformed.exercise
def ask_malformed(probe: Probe) -> None:
    """Ask for the status of malformed IDs."""
    for _ in probe.send_all(Request("GET", status_path(job_id)) for job_id in MALFORMED):
        pass


@clause(
    "STATUS-08",
    MUST,
    "An ID that is longer or shorter than that of a job is not taken for it.",
    source="Seed 1, `job_id`: public identifier of the job",
    needs=_JOB,
    rests_on=["STATUS-06"],
)
def exact(probe: Probe) -> None:
    """Looking up by prefix gives one job's data for another's ID.

    Violation: the ID without its last character is answered 200.
    """
    job_id = max(probe.require(probe.account.ids(), _JOB), key=len)
    for other in near_misses(job_id, probe.account.ids()):
        exchange = probe.send(Request("GET", status_path(other)), judged=False)
        probe.expect_refusal(exchange, f"The ID {other!r}, where there is {job_id!r} only,")


@clause(
    "STATUS-10",
    SHOULD,
    "An ID in other case, or with blanks around it or a suffix, is not that of a job.",
    source="Seed 1, `job_id`: public identifier of the job",
    needs=_JOB,
    rests_on=["STATUS-06", "STATUS-08"],
)
def case_and_blanks(probe: Probe) -> None:
    """Two spellings of one ID are two entries in clients' caches and reports. Frameworks that cut
    `.json` or `;x=1` off by themselves make it a wish.

    Violation: `Batch_Job_12345` is answered as `batch_job_12345`.
    """
    job_id = probe.require(probe.account.ids(), _JOB)[0]
    for other in misspellings(job_id):
        if other not in probe.account.ids():
            exchange = probe.send(Request("GET", status_path(other)), judged=False)
            probe.expect_refusal(exchange, f"The ID {other!r}")
