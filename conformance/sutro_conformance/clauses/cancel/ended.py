"""Cancelling a job that has ended: CANCEL-06, -07 and -12."""

from __future__ import annotations

from ...api.answers import status_in
from ...judging.clause import MAY, MUST, SHOULD, Phase, clause
from ...judging.probe import Probe
from ...scenarios.cancelling import cancel, cancel_ended_jobs
from .needs import EVIDENCE, NEEDS_ENDED


@clause(
    "CANCEL-06",
    MUST,
    "Cancelling a job that has ended leaves it as it is.",
    source=EVIDENCE + ", e3: also a finished one; e2: `cancelled` false",
    needs=NEEDS_ENDED,
    rests_on=["STATUS-01", "STATUS-02", "LIFE-02"],
    phase=Phase.CANCEL,
)
def leaves_ended(probe: Probe) -> None:
    """Results of a job that succeeded must not get lost by a late click.

    Violation: a SUCCEEDED job becomes CANCELLED.
    """
    for each in probe.require(cancel_ended_jobs(probe), NEEDS_ENDED):
        statuses = [status_in(answer) for answer in (each.before, each.after)]
        message = f"A job that was {statuses[0]} is {statuses[1]} after its cancellation."
        probe.expect(statuses[0] == statuses[1], message, each.before, each.answer, each.after)
        if each.results is not None:
            what = "After its cancellation the request for its results"
            probe.expect_status(each.results, what, 200, shown_by=[each.answer])
        changed = each.changed
        message = f"Its cancellation changes `{'`, `'.join(changed)}` of a job that has ended."
        exchanges = (each.listing_before, each.answer, each.listing_after)
        probe.expect(not changed, message, *exchanges)


@clause(
    "CANCEL-07",
    SHOULD,
    "Cancelling a job that has ended is answered 200.",
    source=EVIDENCE + ", e3: accepts any existing job; e2: 200 with `cancelled` false",
    needs=NEEDS_ENDED,
    rests_on=["CANCEL-06"],
    phase=Phase.CANCEL,
)
def accepts_ended(probe: Probe) -> None:
    """Clients need not look before they cancel. `cancelled` may be true or false.

    Violation: a SUCCEEDED job is answered 409.
    """
    for each in probe.require(cancel_ended_jobs(probe), NEEDS_ENDED):
        status, answer = status_in(each.before), each.answer
        given = answer.fields.get("cancelled")
        probe.note(f"{status} is answered {answer.status}, `cancelled` {given}")
        probe.expect_status(answer, f"The cancellation of a {status} job", 200)


@clause(
    "CANCEL-12",
    MAY,
    "The older form, POST, is answered like GET or not supported.",
    source=EVIDENCE + ", e1 and e2: POST",
    needs=NEEDS_ENDED,
    phase=Phase.CANCEL,
)
def by_post(probe: Probe) -> None:
    """Clients of 2025 send it. A job that has ended shows without harm whether they work.

    Violation: POST is answered 500.
    """
    job_id = probe.require(cancel_ended_jobs(probe), NEEDS_ENDED)[0].before.request.job_id or ""
    for method in ("GET", "POST"):
        exchange = cancel(probe, job_id, method=method)
        probe.note(f"{method} is answered {exchange.status}")
        probe.expect_no_error(exchange, method)
