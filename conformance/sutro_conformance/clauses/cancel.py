"""`/job-cancel/{job_id}`: what a cancellation does, and what it leaves alone. Needs leave."""

from __future__ import annotations

from ..api.account import jobs_in
from ..api.ids import MALFORMED
from ..api.statuses import ACTIVE, FINAL
from ..judging.ledger import status_in
from ..judging.probe import NotExercised, Probe
from ..judging.registry import MAY, MUST, SHOULD, Ruling, clause
from ..scenarios.cancelling import LEAVE, Cancellation, cancel, cancellation, ended
from ..wire.exchange import Exchange
from ..wire.target import Edition

_EVIDENCE = "Evidence, 4. cancel"
_ACTIVE = f"{LEAVE}, and an active job"
_ENDED = f"{LEAVE}, and a job that has ended"


def _cancelled(probe: Probe) -> list[Cancellation]:
    return probe.need(cancellation(probe).cancelled, _ACTIVE)


@clause(
    "CANCEL-10",
    MUST,
    "A request without the right key is refused, and cancels nothing.",
    source=_EVIDENCE + "; evidence, everywhere",
    needs=_ACTIVE,
    rests_on=["AUTH-01", "AUTH-03", "AUTH-04", "AUTH-05"],
)
def without_key(probe: Probe) -> None:
    """The only operation that changes anything.

    Violation: `GET /job-cancel/{job_id}` with a wrong key is answered 200.
    """
    for attempt in probe.need(cancellation(probe).strangers, _ACTIVE):
        method = attempt.exchange.request.method
        message = f"{method} without the right key is answered {attempt.exchange.status}."
        probe.expect(attempt.exchange.is_refusal, message, attempt.exchange)
        message = f"{method} without the right key cancels the job."
        probe.expect(not attempt.took_effect, message, attempt.exchange, attempt.status)


@clause(
    "TENANT-06",
    MUST,
    "Another account's job can't be cancelled.",
    source="Seed 2: jobs associated with the API key; " + _EVIDENCE + ": missing job: 404",
    needs=f"{_ACTIVE}, and a second API key, of another account (--second-api-key)",
    rests_on=["CANCEL-10", "AUTH-03"],
)
def foreign(probe: Probe) -> None:
    """Otherwise one customer stops another's work.

    Violation: the second key cancels the first account's job.
    """
    attempts = cancellation(probe).foreign
    needs = f"{_ACTIVE}, and a second API key, of another account (--second-api-key)"
    for attempt in probe.need(attempts, needs):
        message = f"Another account's job is answered {attempt.exchange.status}."
        probe.expect(attempt.exchange.is_refusal, message, attempt.exchange)
        message = "Another account's key cancels the job."
        probe.expect(not attempt.took_effect, message, attempt.exchange, attempt.status)


@clause(
    "CANCEL-13",
    SHOULD,
    "HEAD does not cancel.",
    source="RFC 9110, section 9.2.1: HEAD is safe",
    needs=_ACTIVE,
    rests_on=["CANCEL-10", "TENANT-06"],
)
def head(probe: Probe) -> None:
    """Link checkers send HEAD. Frameworks that answer it by running GET get this wrong, so it is a
    wish.

    Violation: HEAD on `/job-cancel/{job_id}` cancels the job.
    """
    _expect_no_effect(probe, "HEAD")


@clause(
    "CANCEL-14",
    MUST,
    "OPTIONS, PUT, PATCH and DELETE do not cancel.",
    source=_EVIDENCE + ": GET, and POST in older editions; RFC 9110, section 9.2.1",
    needs=_ACTIVE,
    rests_on=["CANCEL-10", "CANCEL-13", "TENANT-06"],
)
def other_methods(probe: Probe) -> None:
    """Browsers send OPTIONS by themselves, and tools try methods out.

    Violation: OPTIONS on `/job-cancel/{job_id}` cancels the job.
    """
    _expect_no_effect(probe, "OPTIONS", "PUT", "PATCH", "DELETE")


def _expect_no_effect(probe: Probe, *methods: str) -> None:
    for attempt in probe.need(cancellation(probe).other_methods, _ACTIVE):
        method = attempt.exchange.request.method
        probe.lacking = "an active job that HEAD does not cancel"
        if method in methods:
            message = f"{method} cancels the job."
            probe.expect(not attempt.took_effect, message, attempt.exchange, attempt.status)


@clause(
    "CANCEL-01",
    MUST,
    "Cancelling an active job is accepted: 200, with `cancelled` true.",
    source=_EVIDENCE + ", e3 and SDK",
    needs=_ACTIVE,
    rests_on=["TENANT-01"],
)
def accepted(probe: Probe) -> None:
    """Clients tell their users by it whether they can rely on the end of costs.

    Violation: a RUNNING job is answered 409, or `cancelled` false.
    """
    for each in _cancelled(probe):
        message = f"The cancellation of a {each.before} job is answered {each.first.status}."
        if probe.expect(each.first.status == 200, message, each.first):
            given = each.first.fields.get("cancelled")
            # It may have ended by itself between the two requests.
            late = given is False and each.last in FINAL - {"CANCELLED"}
            message = f"`cancelled` is {given!r} for a job that was {each.before}."
            probe.expect(given is True or late, message, each.first)


@clause(
    "CANCEL-02",
    MUST,
    "The answer has a boolean `cancelled` and a text `message`.",
    source=_EVIDENCE,
    needs=LEAVE,
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
    source=_EVIDENCE + ": the job goes to CANCELLING",
    needs=_ACTIVE,
    rests_on=["CANCEL-01"],
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
    source=_EVIDENCE + ": then CANCELLED or another terminal state",
    needs=f"{_ACTIVE} that comes to an end within --cancel-timeout",
    rests_on=["CANCEL-01", "CANCEL-03", "STATUS-01", "STATUS-02"],
)
def ends(probe: Probe) -> None:
    """Clients wait for it. A job that is CANCELLING when the time is up is reported, as nobody
    says how long that may take.

    Violation: a cancelled job becomes UNKNOWN.
    """
    for each in _cancelled(probe):
        probe.seen(f"after {each.seconds:.1f} s the job was {each.last}")
        if each.last not in {"CANCELLING", *ACTIVE}:
            message = f"The cancelled job became {each.last}."
            probe.expect(each.last in FINAL, message, each.first, each.last_answer)


@clause(
    "CANCEL-05",
    MUST,
    "Cancelling a cancelled job again is accepted, and changes nothing.",
    source=_EVIDENCE + ", e3: accepts any existing job",
    needs=_ACTIVE,
    rests_on=["CANCEL-01"],
)
def again(probe: Probe) -> None:
    """Clients repeat a request whose answer was lost.

    Violation: the second cancellation is answered 409, or sets the job back to CANCELLING.
    """
    for each in _cancelled(probe):
        for exchange in each.repeated:
            message = f"Cancelling again is answered {exchange.status}."
            probe.expect(exchange.status == 200, message, each.first, exchange)
        if each.last in FINAL:
            message = f"Cancelling again made a {each.last} job {each.after_repeating}."
            same = each.after_repeating == each.last
            probe.expect(same, message, each.first, *each.repeated, each.final_answer)


@clause(
    "CANCEL-11",
    MUST,
    "A cancelled job is in the list as it is by its status, and has no results.",
    source=_EVIDENCE + "; evidence, 3.: only for jobs that succeeded",
    needs=_ACTIVE,
    rests_on=["CANCEL-03", "STATUS-04", "RESULTS-12", "TENANT-01"],
)
def in_list(probe: Probe) -> None:
    """What was done so far is not the result.

    Violation: the list still has the job as RUNNING.
    """
    for each in _cancelled(probe):
        probe.lacking = "a cancelled job that comes to an end within --cancel-timeout"
        if each.last in FINAL:
            message = f"The job is {each.last} by its status and {each.listed} in the list."
            probe.expect(each.listed == each.last, message, each.last_answer, each.listing)
        if each.last == "CANCELLED":
            answer = probe.results(each.job_id)
            message = f"The results of the cancelled job are answered {answer.status}."
            probe.expect(answer.is_refusal, message, each.last_answer, answer)


@clause(
    "CANCEL-09",
    MUST,
    "A cancellation touches no other job.",
    source=_EVIDENCE,
    needs=f"{LEAVE}, and two active jobs",
    rests_on=["CANCEL-01"],
)
def no_other(probe: Probe) -> None:
    """Jobs of one account are often many, and of different people. Those of the second key's
    account are looked at too.

    Violation: all jobs of the account are cancelled.
    """
    for each in _cancelled(probe):
        others = each.others_before
        if not others:
            probe.lacking = f"{LEAVE}, and two active jobs"
            continue
        changed = {
            job for job in others if each.others_after.get(job) in ("CANCELLING", "CANCELLED")
        }
        # One that is cancelled by somebody else at this moment is no evidence, all of an account's
        # are, and those that are from the moment of the cancellation on.
        probe.seen(f"{len(changed)} of {len(others)} other active jobs were cancelled meanwhile")
        own = others.keys() & {job["job_id"] for job in jobs_in(each.listing)}
        whole = any(group and group <= changed for group in (own, others.keys() - own))
        touched = whole or changed & each.at_once
        message = f"Cancelling {each.job_id!r} also cancelled {sorted(changed)[:3]}."
        probe.expect(not touched, message, each.first, each.listing)


@clause(
    "CANCEL-06",
    MUST,
    "Cancelling a job that has ended leaves it as it is.",
    source=_EVIDENCE + ", e3: also a finished one; e2: `cancelled` false",
    needs=_ENDED,
    rests_on=["STATUS-01", "STATUS-02", "LIFE-02"],
)
def leaves_ended(probe: Probe) -> None:
    """Results of a job that succeeded must not get lost by a late click.

    Violation: a SUCCEEDED job becomes CANCELLED.
    """
    for each in probe.need(ended(probe), _ENDED):
        statuses = [status_in(answer) for answer in (each.before, each.after)]
        message = f"A job that was {statuses[0]} is {statuses[1]} after its cancellation."
        probe.expect(statuses[0] == statuses[1], message, each.before, each.answer, each.after)
        if each.results is not None:
            message = f"After its cancellation its results are answered {each.results.status}."
            probe.expect(each.results.status == 200, message, each.answer, each.results)
        message = f"Its cancellation changes `{'`, `'.join(each.changed)}` of a job that has ended."
        exchanges = (each.listing_before, each.answer, each.listing_after)
        probe.expect(not each.changed, message, *exchanges)


@clause(
    "CANCEL-07",
    SHOULD,
    "Cancelling a job that has ended is answered 200.",
    source=_EVIDENCE + ", e3: accepts any existing job; e2: 200 with `cancelled` false",
    needs=_ENDED,
    rests_on=["CANCEL-06"],
)
def accepts_ended(probe: Probe) -> None:
    """Clients need not look before they cancel. `cancelled` may be true or false.

    Violation: a SUCCEEDED job is answered 409.
    """
    for each in probe.need(ended(probe), _ENDED):
        status, answer = status_in(each.before), each.answer
        given = answer.fields.get("cancelled")
        probe.seen(f"{status} is answered {answer.status}, `cancelled` {given}")
        message = f"The cancellation of a {status} job is answered {answer.status}."
        probe.expect(answer.status == 200, message, answer)


@clause(
    "CANCEL-08",
    MUST,
    "Cancelling an unknown job is answered 404; an ID that is malformed, 4xx.",
    source=_EVIDENCE + ": missing job: 404 with `detail`",
    needs=LEAVE,
)
def unknown(probe: Probe) -> None:
    """A typing error must not look like a cancelled job.

    Violation: an unknown job is answered 200.
    """
    if not probe.target.may_cancel:
        raise NotExercised(LEAVE)
    probe.expect_missing(cancel(probe, probe.unknown_id()), "The cancellation of an unknown job")
    for job_id in MALFORMED if probe.target.allow_cancel_any else ():
        exchange = cancel(probe, job_id)
        message = f"The cancellation of a malformed ID is answered {exchange.status}."
        probe.expect(exchange.is_refusal, message, exchange)


@clause(
    "CANCEL-12",
    MAY,
    "The older form, POST, is answered like GET or not supported.",
    source=_EVIDENCE + ", e1 and e2: POST",
    needs=_ENDED,
)
def by_post(probe: Probe) -> None:
    """Clients of 2025 send it. A job that has ended shows without harm whether they work.

    Violation: POST is answered 500.
    """
    job_id = probe.need(ended(probe), _ENDED)[0].before.request.job_id or ""
    for method in ("GET", "POST"):
        exchange = cancel(probe, job_id, method=method)
        probe.seen(f"{method} is answered {exchange.status}")
        message = f"{method} is answered {exchange.status}."
        probe.expect(exchange.status < 500 or exchange.status == 501, message, exchange)
