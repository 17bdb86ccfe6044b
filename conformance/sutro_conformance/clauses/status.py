"""`GET /job-status/{job_id}`: the answer, and its agreement with the list."""

from __future__ import annotations

from ..api.account import jobs_in, state
from ..api.ids import MALFORMED, misspellings, relatives
from ..api.shapes import problem
from ..api.statuses import CURRENT, OLDER, is_backwards
from ..judging.probe import Probe, status_path
from ..judging.registry import MUST, SHOULD, Ruling, clause, exercises
from ..wire.exchange import Exchange, Request
from ..wire.target import Edition

_E3 = "Evidence, 2. job status, e3 and SDK"
_E2 = "Evidence, 2. job status, e1 and e2"
_JOB = "a job"
_REASON = "a job that succeeded, or failed with a failure reason"


def _answered(exchange: Exchange) -> bool:
    request = exchange.request
    return request.operation == "status" and request.method == "GET" and exchange.status == 200


@clause(
    "STATUS-01",
    MUST,
    "The answer is an object: a text `message`, `job_status`, and `metadata`, an object or null.",
    source=_E3,
    needs=_JOB,
    rests_on=["TENANT-01"],
)
def shape(exchange: Exchange, _: Edition) -> Ruling:
    """Typed clients read it whole.

    Violation: the answer is `"RUNNING"`, or `metadata` is a text.
    """
    if not _answered(exchange):
        return None
    answer = exchange.fields
    if not isinstance(answer.get("message"), str) or "job_status" not in answer:
        return "The answer has no text `message` or no `job_status`."
    if not isinstance(answer.get("metadata"), dict | None):
        return f"`metadata` is {answer['metadata']!r}."
    found = problem(
        "JobStatusResponse", {"message": "", "job_status": "", **_only_metadata(answer)}
    )
    return found or True


def _only_metadata(answer: dict[str, object]) -> dict[str, object]:
    return {"metadata": answer["metadata"]} if "metadata" in answer else {}


@clause(
    "STATUS-02",
    MUST,
    "`job_status` maps exactly the job that was asked for to its status (e2: it is the status).",
    source=f"{_E3}; {_E2}",
    needs=_JOB,
)
def names_the_job(exchange: Exchange, edition: Edition) -> Ruling:
    """The key is what shows that the answer is about the right job.

    Violation: the map has another job's ID, or several, or the status stands alone (e3).
    """
    if not _answered(exchange) or "job_status" not in exchange.fields:
        return None
    given, job_id = exchange.fields["job_status"], exchange.request.job_id
    if edition is Edition.E2 and isinstance(given, str):
        return True
    if not isinstance(given, dict):
        return f"`job_status` is {given!r} and no map from the job's ID to its status."
    if list(given) != [job_id]:
        return f"`job_status` names {list(given)} where {job_id!r} was asked for."
    if edition is Edition.E2:
        return "`job_status` is a map, which edition e2 does not know."
    return True if isinstance(given[job_id], str) else f"The status is {given[job_id]!r}."


@clause(
    "STATUS-03",
    MUST,
    "The status is a documented value, in upper case (e2: in either case).",
    source=f"{_E3}: QUEUED STARTING RUNNING SUCCEEDED CANCELLING CANCELLED FAILED UNKNOWN; {_E2}",
    needs=_JOB,
    rests_on=["STATUS-02"],
)
def documented(exchange: Exchange, edition: Edition) -> Ruling:
    """Clients wait for SUCCEEDED, FAILED or CANCELLED, and wait for ever for any other word.

    Violation: the status is `DONE`, or `running` (e3).
    """
    given = _any_status(exchange)
    if given is None:
        return None
    if edition is Edition.E2:
        return True if given.upper() in CURRENT | OLDER else f"The status is {given!r}."
    return True if given in CURRENT else f"The status is {given!r}."


def _any_status(exchange: Exchange) -> str | None:
    """Return the status that an answer gives, under whatever name."""
    given = exchange.fields.get("job_status") if _answered(exchange) else None
    if isinstance(given, dict) and len(given) == 1:
        given = next(iter(given.values()))
    return given if isinstance(given, str) else None


@exercises("STATUS-01")
def read_statuses(probe: Probe) -> None:
    """Read the status of jobs in every state."""
    for job in probe.account.sample(probe.several(8, 60)):
        exchange = probe.status(job["job_id"])
        message = f"The status of a listed job is answered {exchange.status}."
        probe.expect(exchange.status == 200, message, exchange)


@clause(
    "STATUS-04",
    MUST,
    "The status of a job agrees with the list.",
    source="Seed 1, `status`: current status of the job; evidence, 2. job status",
    needs=_JOB,
    rests_on=["STATUS-02", "STATUS-03"],
)
def agrees(probe: Probe) -> None:
    """Two answers about one thing. A job may move on between two readings, so the list is read
    before and after, and the status may be anything on the way.

    Violation: the list says RUNNING and the status FAILED.
    """
    before = probe.list_jobs()
    states = {job["job_id"]: state(job) for job in jobs_in(before)}
    asked = [job["job_id"] for job in probe.account.sample(probe.several(10, 60))]
    answers = {job: probe.status(job) for job in asked if job in states}
    after = probe.list_jobs()
    later = {job["job_id"]: state(job) for job in jobs_in(after)}
    for job, answer in answers.items():
        given = _any_status(answer)
        if given is None or job not in later:
            continue
        steady = states[job] == later[job]
        fine = given.upper() == states[job] if steady else not is_backwards(states[job], given)
        fine = fine and not is_backwards(given, later[job])
        message = f"Job {job!r} is {states[job]} in the list and {given} by its status."
        probe.expect(fine, message, before, answer, after)


@clause(
    "STATUS-05",
    MUST,
    "The status of a failed job has its `failure_reason` in `metadata`, where the list has one.",
    source=_E3 + ": for a failed job `metadata` holds a `failure_reason` object",
    needs="a failed job with a failure reason",
    rests_on=["STATUS-01", "STATUS-02", "LIFE-02"],
)
def failure_reason(probe: Probe) -> None:
    """Who waits for a job by its status should not need the list to learn why it failed.

    Violation: `metadata` is null for a FAILED job.
    """
    failed = [job for job in probe.account.in_state("FAILED") if job.get("failure_reason")]
    for job in probe.need(failed, "a failed job with a failure reason")[:5]:
        answer = probe.status(job["job_id"])
        metadata = answer.fields.get("metadata")
        reason = metadata.get("failure_reason") if isinstance(metadata, dict) else None
        if probe.edition is Edition.E2 and reason is None:
            probe.seen("`metadata` holds no `failure_reason`, as e2 allows")
            continue
        if answer.status == 200:
            message = "The status of a failed job does not say why it failed."
            probe.expect(isinstance(reason, dict), message, answer)


@clause(
    "STATUS-09",
    SHOULD,
    "The failure reason is the same in the list and in the status.",
    source=_E3 + "; seed 1, `failure_reason`",
    needs=_REASON,
    rests_on=["STATUS-05"],
)
def same_reason(probe: Probe) -> None:
    """Two reasons for one failure leave users with none.

    Violation: the list says `Out of memory.` and the status `The model could not be loaded.`
    """
    failed = [job for job in probe.account.in_state("FAILED") if job.get("failure_reason")]
    for job in probe.need([*failed[:5], *probe.account.in_state("SUCCEEDED")[:2]], _REASON):
        answer = probe.status(job["job_id"])
        metadata = answer.fields.get("metadata")
        reason = metadata.get("failure_reason") if isinstance(metadata, dict) else None
        if reason is not None or state(job) != "FAILED":
            listed = job.get("failure_reason")
            probe.expect(reason == listed, f"{reason!r} is {listed!r} in the list.", answer)


@clause(
    "STATUS-06",
    MUST,
    "An unknown job has no status: 404.",
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


@exercises("STATUS-07")
def ask_malformed(probe: Probe) -> None:
    """Ask for the status of malformed IDs."""
    for job_id in MALFORMED:
        probe.get(status_path(job_id))


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
    job_id = max(probe.need(probe.account.ids(), _JOB), key=len)
    for other in relatives(job_id, probe.account.ids()):
        exchange = probe.send(Request("GET", status_path(other)), judged=False)
        message = f"The ID {other!r} is answered {exchange.status} where there is {job_id!r} only."
        probe.expect(exchange.is_refusal, message, exchange)


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
    job_id = probe.need(probe.account.ids(), _JOB)[0]
    for other in misspellings(job_id):
        if other not in probe.account.ids():
            exchange = probe.send(Request("GET", status_path(other)), judged=False)
            message = f"The ID {other!r} is answered {exchange.status}."
            probe.expect(exchange.is_refusal, message, exchange)
