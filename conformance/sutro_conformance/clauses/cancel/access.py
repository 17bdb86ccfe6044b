"""Who may cancel what, and by which method: CANCEL-08, -10, -13 and -14."""

from __future__ import annotations

from ...api.ids import MALFORMED
from ...api.requests import cancel_path
from ...judging.clause import MUST, SHOULD, Phase, clause
from ...judging.probe import NotExercisedError, Probe
from ...scenarios.cancelling import LEAVE, cancel, cancel_active_jobs, cancel_method
from ...wire.exchange import Request
from .needs import EVIDENCE, NEEDS_ACTIVE


@clause(
    "CANCEL-10",
    MUST,
    "A request without the right key is refused, and cancels nothing.",
    source=EVIDENCE + "; evidence, everywhere",
    needs=NEEDS_ACTIVE,
    rests_on=["AUTH-01", "AUTH-03", "AUTH-04", "AUTH-05"],
    phase=Phase.CANCEL,
)
def without_key(probe: Probe) -> None:
    """The only operation that changes anything.

    Violation: `GET /job-cancel/{job_id}` with a wrong key is answered 200.
    """
    for attempt in probe.require(cancel_active_jobs(probe).strangers, NEEDS_ACTIVE):
        method = attempt.exchange.request.method
        probe.expect_refusal(attempt.exchange, f"{method} without the right key")
        message = f"{method} without the right key cancels the job."
        probe.expect(not attempt.took_effect, message, attempt.exchange, attempt.status)


@clause(
    "CANCEL-13",
    SHOULD,
    "HEAD does not cancel.",
    source="RFC 9110, section 9.2.1: HEAD is safe",
    needs=NEEDS_ACTIVE,
    rests_on=["CANCEL-10", "TENANT-06"],
    phase=Phase.CANCEL,
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
    source=EVIDENCE + ": GET, and POST in older editions; RFC 9110, section 9.2.1",
    needs=NEEDS_ACTIVE,
    rests_on=["CANCEL-10", "CANCEL-13", "TENANT-06"],
    phase=Phase.CANCEL,
)
def other_methods(probe: Probe) -> None:
    """Browsers send OPTIONS by themselves, and tools try methods out.

    Violation: OPTIONS on `/job-cancel/{job_id}` cancels the job.
    """
    _expect_no_effect(probe, "OPTIONS", "PUT", "PATCH", "DELETE")


def _expect_no_effect(probe: Probe, *methods: str) -> None:
    for attempt in probe.require(cancel_active_jobs(probe).other_methods, NEEDS_ACTIVE):
        method = attempt.exchange.request.method
        probe.missing = "an active job that HEAD does not cancel"
        if method in methods:
            message = f"{method} cancels the job."
            probe.expect(not attempt.took_effect, message, attempt.exchange, attempt.status)


@clause(
    "CANCEL-08",
    MUST,
    "Cancelling an unknown job is answered 404, or 422 where its ID may be malformed.",
    source=EVIDENCE + ": missing job: 404 with `detail`",
    needs=LEAVE,
    phase=Phase.CANCEL,
)
def unknown(probe: Probe) -> None:
    """A typing error must not look like a cancelled job.

    Violation: an unknown job is answered 200.
    """
    if not probe.target.may_cancel:
        raise NotExercisedError(LEAVE)
    probe.expect_missing(cancel(probe, probe.unknown_id()), "The cancellation of an unknown job")
    malformed = MALFORMED if probe.target.allow_cancel_any else ()
    method = cancel_method(probe.edition)
    for exchange in probe.send_all(Request(method, cancel_path(job_id)) for job_id in malformed):
        probe.expect_refusal(exchange, "The cancellation of a malformed ID")
