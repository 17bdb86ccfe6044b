"""Right servers that cancel in other ways."""

from typing import Any

from ..accounts import TERMINAL, Job
from ..catalogue import right
from ..server import Server


@right
class CancelledFalseForFinished(Server):
    """Cancelling a finished job answers `cancelled` false."""

    def cancelled(self, job: Job) -> dict[str, Any]:
        if self.status_of(job) in TERMINAL:
            return {"cancelled": False, "message": "The job has already completed."}
        return super().cancelled(job)


@right
class CancelLosesRace(Server):
    """A cancelled job may end as SUCCEEDED, when its last row was done before."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "SUCCEEDED" if status == "CANCELLED" and job.cancel_time is not None else status


@right
class CancelAtOnce(Server):
    """A cancelled job is CANCELLED at once."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "CANCELLED" if status == "CANCELLING" else status


@right
class CancelTakesEffectLater(Server):
    """A cancelled job runs on for a moment before it is CANCELLING."""

    def status_of(self, job: Job) -> str:
        asked = job.cancel_time
        if asked is not None and self.now() - asked < 0.15:
            return self.status_at(job, self.now())
        return super().status_of(job)


@right
class CancelTakesMinutes(Server):
    """A cancelled job is CANCELLING for minutes."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "CANCELLING" if job.cancel_time is not None and status == "CANCELLED" else status
