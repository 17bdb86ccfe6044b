"""The status of a job, and its agreement with the list: STATUS-01 to -05, and -09."""

from __future__ import annotations

from ...api.answers import state
from ...api.requests import status_path
from ...api.shapes import problem
from ...api.statuses import CURRENT, OLDER, is_backwards, is_same_state
from ...judging.clause import MUST, SHOULD, Ruling, clause
from ...judging.probe import Probe
from ...scenarios.reads import statuses_read
from ...wire.exchange import Exchange, Request
from ...wire.target import Edition

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


@shape.exercise
def read_statuses(probe: Probe) -> None:
    """Read the status of jobs in every state."""
    jobs = probe.account.sample(statuses_read(probe))
    for exchange in probe.send_all(_request(job["job_id"]) for job in jobs):
        probe.expect_status(exchange, "The status of a listed job", 200)


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
    states = {job["job_id"]: state(job) for job in probe.account.jobs}
    asked = [job["job_id"] for job in probe.account.sample(statuses_read(probe))]
    moved = []
    for job, answer in zip(asked, probe.send_all(map(_request, asked)), strict=True):
        given = _any_status(answer)
        if given is not None and is_same_state(given, states[job]):
            probe.expect(True, "")
        elif given is not None:
            moved.append(job)
    if moved:
        _compare_now(probe, moved)


def _compare_now(probe: Probe, asked: list[str]) -> None:
    """Compare what differs from the first reading of the list with two readings around it."""
    before = probe.read_list_again()
    answers = [*probe.send_all(map(_request, asked))]
    after = probe.read_list_again()
    states, later = (probe.run.listing(each).states for each in (before, after))
    for job, answer in zip(asked, answers, strict=True):
        given = _any_status(answer)
        if given is not None and job in states and job in later:
            fine = _is_on_the_way(states[job], given, later[job])
            message = f"Job {job!r} is {states[job]} in the list and {given} by its status."
            probe.expect(fine, message, before, answer, after)


def _is_on_the_way(before: str, between: str, after: str) -> bool:
    if is_same_state(before, after):
        return is_same_state(before, between)
    return not is_backwards(before, between) and not is_backwards(between, after)


def _request(job_id: str) -> Request:
    return Request("GET", status_path(job_id))


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
    for job in probe.require(failed, "a failed job with a failure reason")[:5]:
        answer = probe.status(job["job_id"])
        metadata = answer.fields.get("metadata")
        reason = metadata.get("failure_reason") if isinstance(metadata, dict) else None
        if probe.edition is Edition.E2 and reason is None:
            probe.note("`metadata` holds no `failure_reason`, as e2 allows")
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
    for job in probe.require([*failed[:5], *probe.account.in_state("SUCCEEDED")[:2]], _REASON):
        answer = probe.status(job["job_id"])
        metadata = answer.fields.get("metadata")
        reason = metadata.get("failure_reason") if isinstance(metadata, dict) else None
        if reason is not None or state(job) != "FAILED":
            listed = job.get("failure_reason")
            probe.expect(reason == listed, f"{reason!r} is {listed!r} in the list.", answer)
