"""Cancellations with other effects, or with none."""

from ..accounts import TERMINAL, Job
from ..catalogue import defect
from ..messages import Request, Response, answer
from ..server import Server


@defect("CANCEL-09")
class CancelHitsOtherTenant(Server):
    """A cancellation cancels all active jobs of the other account, too."""

    def cancel(self, job: Job) -> None:
        super().cancel(job)
        for other in self.jobs:
            if other.tenant != job.tenant:
                super().cancel(other)


@defect("CANCEL-03")
class CancelByPostDoesNothing(Server):
    """A cancellation by POST is confirmed and the job runs on; by GET it ends."""

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        if request.method == "POST":
            return answer(self.cancelled(self.find(tenant, job_id, "cancel")))
        return super().cancel_job(request, tenant, job_id)


@defect("CANCEL-06")
class CancelOfFailedClearsReason(Server):
    """Cancelling a job that has failed sets its `failure_reason` to null."""

    def cancel(self, job: Job) -> None:
        if self.status_of(job) == "FAILED":
            job.values["failure_reason"] = None
        super().cancel(job)


@defect("CANCEL-06")
class CancelOfFinishedRefunds(Server):
    """Cancelling a job that has ended sets its `job_cost` to 0."""

    def cancel(self, job: Job) -> None:
        if self.status_of(job) in TERMINAL:
            job.values["job_cost"] = 0.0
        super().cancel(job)


@defect("CANCEL-14")
class OptionsCancels(Server):
    """OPTIONS, which browsers send by themselves, cancels."""

    def check_method(self, operation: str, request: Request) -> None:
        if (operation, request.method) != ("cancel", "OPTIONS"):
            super().check_method(operation, request)
