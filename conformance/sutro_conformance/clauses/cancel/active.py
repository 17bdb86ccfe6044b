"""Cancelling a job that waits or runs: CANCEL-01 to -05, -09 and -11."""

from __future__ import annotations

from ...api.answers import jobs_in
from ...api.statuses import ACTIVE, FINAL
from ...judging.clause import MUST, Phase, Ruling, clause
from ...judging.probe import Probe
from ...scenarios.cancelling import LEAVE, Cancellation, cancel_active_jobs
from ...wire.exchange import Exchange
from ...wire.target import Edition
from .needs import EVIDENCE, NEEDS_ACTIVE


def _cancelled(probe: Probe) -> list[Cancellation]:
    return probe.require(cancel_active_jobs(probe).cancelled, NEEDS_ACTIVE)


@clause(
    "CANCEL-01",
    MUST,
    "Cancelling an active job is accepted: 200, with `cancelled` true.",
    source=EVIDENCE + ", e3 and SDK",
    needs=NEEDS_ACTIVE,
    rests_on=["TENANT-01"],
    phase=Phase.CANCEL,
)
def accepted(probe: Probe) -> None:
    """Clients tell their users by it whether they can rely on the end of costs.

    Violation: a RUNNING job is answered 409, or `cancelled` false.
    """
    for each in _cancelled(probe):
        if probe.expect_status(each.first, f"The cancellation of a {each.before} job", 200):
            given = each.first.fields.get("cancelled")
            # It may have ended by itself between the two requests.
            late = given is False and each.last in FINAL - {"CANCELLED"}
            message = f"`cancelled` is {given!r} for a job that was {each.before}."
            probe.expect(given is True or late, message, each.first)


@clause(
    "CANCEL-02",
    MUST,
    "The answer has a boolean `cancelled` and a text `message`.",
    source=EVIDENCE,
    needs=LEAVE,
    phase=Phase.CANCEL,
)
def shape(exchange: Exchange, _: Edition) -> Ruling:
    """Typed clients read both.

    Violation: the answer is `{"status": "ok"}`.
    """
    request = exchange.request
    if request.operation != "cancel" or exchange.status != 200:
        return None
    if request.method not in ("GET", "POST"):
        return None
    answer = exchange.fields
    if not isinstance(answer.get("cancelled"), bool):
        return f"`cancelled` is {answer.get('cancelled')!r}."
    fine = isinstance(answer.get("message"), str)
    return True if fine else f"`message` is {answer.get('message')!r}."


@clause(
    "CANCEL-03",
    MUST,
    "A job whose cancellation was accepted waits or runs no longer.",
    source=EVIDENCE + ": the job goes to CANCELLING",
    needs=NEEDS_ACTIVE,
    rests_on=["CANCEL-01"],
    phase=Phase.CANCEL,
)
def takes_effect(probe: Probe) -> None:
    """It costs money for as long as it runs. The run waits `--cancel-timeout` for it.

    Violation: `cancelled` is true and the job is RUNNING for ever.
    """
    for each in _cancelled(probe):
        if each.first.fields.get("cancelled") is True:
            message = f"After {each.seconds:.0f} s the cancelled job is still {each.last}."
            probe.expect(each.last not in ACTIVE, message, each.first, each.last_answer)


@clause(
    "CANCEL-04",
    MUST,
    "A job whose cancellation was accepted comes to an end.",
    source=EVIDENCE + ": then CANCELLED or another terminal state",
    needs=f"{NEEDS_ACTIVE} that comes to an end within --cancel-timeout",
    rests_on=["CANCEL-01", "CANCEL-03", "STATUS-01", "STATUS-02"],
    phase=Phase.CANCEL,
)
def ends(probe: Probe) -> None:
    """Clients wait for it. A job that is CANCELLING when the time is up is reported, as nobody
    says how long that may take.

    Violation: a cancelled job becomes UNKNOWN.
    """
    for each in _cancelled(probe):
        probe.note(f"after {each.seconds:.1f} s the job was {each.last}")
        if each.last not in {"CANCELLING", *ACTIVE}:
            message = f"The cancelled job became {each.last}."
            probe.expect(each.last in FINAL, message, each.first, each.last_answer)


@clause(
    "CANCEL-05",
    MUST,
    "Cancelling a cancelled job again is accepted, and changes nothing.",
    source=EVIDENCE + ", e3: accepts any existing job",
    needs=NEEDS_ACTIVE,
    rests_on=["CANCEL-01"],
    phase=Phase.CANCEL,
)
def again(probe: Probe) -> None:
    """Clients repeat a request whose answer was lost.

    Violation: the second cancellation is answered 409, or sets the job back to CANCELLING.
    """
    for each in _cancelled(probe):
        for exchange in each.repeated:
            probe.expect_status(exchange, "Cancelling again", 200, shown_by=[each.first])
        if each.last in FINAL:
            message = f"Cancelling again made a {each.last} job {each.after_repeating}."
            same = each.after_repeating == each.last
            probe.expect(same, message, each.first, *each.repeated, each.final_answer)


@clause(
    "CANCEL-11",
    MUST,
    "A cancelled job is in the list as it is by its status, and has no results.",
    source=EVIDENCE + "; evidence, 3.: only for jobs that succeeded",
    needs=NEEDS_ACTIVE,
    rests_on=["CANCEL-03", "STATUS-04", "RESULTS-12", "TENANT-01"],
    phase=Phase.CANCEL,
)
def in_list(probe: Probe) -> None:
    """What was done so far is not the result.

    Violation: the list still has the job as RUNNING.
    """
    for each in _cancelled(probe):
        probe.missing = "a cancelled job that comes to an end within --cancel-timeout"
        if each.last in FINAL:
            message = f"The job is {each.last} by its status and {each.listed} in the list."
            probe.expect(each.listed == each.last, message, each.last_answer, each.listing)
        if each.last == "CANCELLED":
            answer = probe.results(each.job_id)
            what = "The request for results of the cancelled job"
            probe.expect_refusal(answer, what, shown_by=[each.last_answer])


@clause(
    "CANCEL-09",
    MUST,
    "A cancellation touches no other job.",
    source=EVIDENCE,
    needs=f"{LEAVE}, and two active jobs",
    rests_on=["CANCEL-01"],
    phase=Phase.CANCEL,
)
def no_other(probe: Probe) -> None:
    """Jobs of one account are often many, and of different people. Those of the second key's
    account are looked at too.

    Violation: all jobs of the account are cancelled.
    """
    for each in _cancelled(probe):
        others = each.others_before
        if not others:
            probe.missing = f"{LEAVE}, and two active jobs"
            continue
        changed = {
            job for job in others if each.others_after.get(job) in ("CANCELLING", "CANCELLED")
        }
        # One that is cancelled by somebody else at this moment is no evidence, all of an account's
        # are, and those that are from the moment of the cancellation on.
        probe.note(f"{len(changed)} of {len(others)} other active jobs were cancelled meanwhile")
        own = others.keys() & {job["job_id"] for job in jobs_in(each.listing)}
        whole = any(group and group <= changed for group in (own, others.keys() - own))
        touched = whole or changed & each.at_once
        message = f"Cancelling {each.job_id!r} also cancelled {sorted(changed)[:3]}."
        probe.expect(not touched, message, each.first, each.listing)
