"""Cancellations that do the wrong thing."""

from typing import Any

from ..accounts import TERMINAL, Job
from ..catalogue import defect
from ..messages import Refusal, Request, Response, answer, error
from ..server import Server


@defect("CANCEL-03")
class CancelDoesNothing(Server):
    """A cancellation is confirmed and the job runs on."""

    def cancel(self, job: Job) -> None:
        pass


@defect("CANCEL-03")
class CancelOfQueuedDoesNothing(Server):
    """Only running jobs are cancelled; queued ones are confirmed and stay queued."""

    def cancel(self, job: Job) -> None:
        if self.status_of(job) == "RUNNING":
            super().cancel(job)


@defect("CANCEL-05")
class SecondCancelFails(Server):
    """The second cancellation of a job fails with 409."""

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        if self.find(tenant, job_id, "cancel").cancel_time is not None:
            return error(409, "Job is already being cancelled.")
        return super().cancel_job(request, tenant, job_id)


@defect("HTTP-01", "CANCEL-05")
class SecondCancelCrashes(Server):
    """The second cancellation of a job causes a 500."""

    def cancel(self, job: Job) -> None:
        if job.cancel_time is not None:
            raise RuntimeError("Invalid transition CANCELLING -> CANCELLING")
        super().cancel(job)


@defect("CANCEL-05", "LIFE-02", "LIFE-01")
class SecondCancelStartsOver(Server):
    """A cancelled job goes back to CANCELLING when it is cancelled again."""

    def cancel(self, job: Job) -> None:
        if job.cancel_time is not None or self.status_of(job) not in TERMINAL:
            job.cancel_time = self.now()


@defect("CANCEL-05", "LIFE-01", "CANCEL-03")
class SecondCancelResumes(Server):
    """A second cancellation takes the first one back."""

    def cancel(self, job: Job) -> None:
        if job.cancel_time is not None:
            job.cancel_time = None
        else:
            super().cancel(job)


@defect("CANCEL-06", "LIFE-02")
class FinishedGetsCancelled(Server):
    """A job that has succeeded becomes CANCELLED."""

    def cancel(self, job: Job) -> None:
        if job.cancel_time is None and self.status_of(job) == "SUCCEEDED":
            job.cancel_time = self.now() - 1
        super().cancel(job)


@defect("CANCEL-06", "LIFE-02")
class FailedGetsCancelled(Server):
    """A job that has failed becomes CANCELLED."""

    def cancel(self, job: Job) -> None:
        if job.cancel_time is None and self.status_of(job) == "FAILED":
            job.cancel_time = self.now() - 1
        super().cancel(job)


@defect("HTTP-01", "CANCEL-07")
class CancelOfFinishedCrashes(Server):
    """Cancelling a finished job causes a 500."""

    def cancel(self, job: Job) -> None:
        if self.status_of(job) in TERMINAL and job.cancel_time is None:
            raise RuntimeError("Invalid transition")
        super().cancel(job)


@defect("CANCEL-07")
class CancelOfFinishedRefused(Server):
    """Cancelling a finished job is refused with 409."""

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        job = self.find(tenant, job_id, "cancel")
        if self.status_of(job) in TERMINAL and job.cancel_time is None:
            return error(409, "The job has ended.")
        return super().cancel_job(request, tenant, job_id)


@defect("CANCEL-08")
class CancelOfMissingAs200(Server):
    """Cancelling a job that does not exist is confirmed."""

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        try:
            return super().cancel_job(request, tenant, job_id)
        except Refusal:
            return answer({"cancelled": True, "message": f"Cancelling job with job_id: {job_id}."})


@defect("CANCEL-08")
class CancelOfMissingFalse(Server):
    """Cancelling a job that does not exist gives 200 and `cancelled` false."""

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        try:
            return super().cancel_job(request, tenant, job_id)
        except Refusal:
            return answer({"cancelled": False, "message": "Job not found."})


@defect("HTTP-01", "CANCEL-08")
class CancelOfMissingCrashes(Server):
    """Cancelling a job that does not exist causes a 500."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        try:
            return super().find(tenant, job_id, operation)
        except Refusal:
            if operation == "cancel":
                raise AttributeError("'NoneType' object has no attribute 'status'") from None
            raise


@defect("CANCEL-03", "CANCEL-09")
class CancelHitsAnother(Server):
    """The account's newest active job is cancelled, whichever was asked for."""

    def cancel(self, job: Job) -> None:
        for other in self.jobs_of(job.tenant):
            if self.status_of(other) not in TERMINAL | {"CANCELLING"}:
                return super().cancel(other)
        return None


@defect("CANCEL-09")
class CancelHitsAll(Server):
    """All active jobs of the account are cancelled."""

    def cancel(self, job: Job) -> None:
        for other in self.jobs_of(job.tenant):
            super().cancel(other)


@defect("CANCEL-03", "CANCEL-04", "CANCEL-11")
class CancelDeletes(Server):
    """A cancelled job is deleted: its status is 404."""

    def cancel(self, job: Job) -> None:
        if self.status_of(job) not in TERMINAL:
            self.jobs.remove(job)


@defect("CANCEL-11", "LIFE-06")
class CancelledVanishes(Server):
    """A job that was cancelled keeps its status and leaves both lists."""

    def jobs_of(self, tenant: str) -> list[Job]:
        return [job for job in super().jobs_of(tenant) if job.cancel_time is None]


@defect("LIFE-01", "LIFE-02", "CANCEL-04")
class CancelTakenBack(Server):
    """A cancelled job runs again after half a second."""

    def status_of(self, job: Job) -> str:
        asked = job.cancel_time
        if asked is not None and self.now() - asked > 0.5:
            return self.status_at(job, self.now())
        return super().status_of(job)


@defect("LIFE-02", "CANCEL-11")
class CancelSucceedsLater(Server):
    """A cancelled job is CANCELLED for a moment and SUCCEEDED after that."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        late = job.cancel_time is not None and self.now() - job.cancel_time > 0.6
        return "SUCCEEDED" if late else status


@defect("CANCEL-11", "STATUS-04")
class CancelNotInList(Server):
    """The list goes on showing a cancelled job as it was."""

    def view(self, job: Job) -> dict[str, Any]:
        asked, job.cancel_time = job.cancel_time, None
        fields = super().view(job)
        job.cancel_time = asked
        return fields


@defect("CANCEL-03", "STATUS-04")
class CancelNotInStatus(Server):
    """The status goes on showing a cancelled job as it was; the list knows better."""

    def status_body(self, job: Job) -> dict[str, Any]:
        asked, job.cancel_time = job.cancel_time, None
        body = super().status_body(job)
        job.cancel_time = asked
        return body


@defect("LIFE-02")
class CancelMarksFailed(Server):
    """A cancelled job is shown as FAILED without having failed, then as CANCELLED."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "FAILED" if status == "CANCELLING" else status


@defect("LIFE-05", "CANCEL-06")
class CancelOfFinishedMovesTime(Server):
    """Cancelling a finished job sets its `datetime_completed` to now."""

    def cancel(self, job: Job) -> None:
        if self.status_of(job) == "SUCCEEDED":
            job.values["datetime_completed"] = self.time_text(self.epoch)
        super().cancel(job)


@defect("CANCEL-06", "LIFE-05")
class CancelOfFinishedLosesResults(Server):
    """Cancelling a job that has succeeded deletes its results."""

    def cancel(self, job: Job) -> None:
        if self.status_of(job) == "SUCCEEDED":
            job.values["deleted"] = True
        super().cancel(job)

    def ready(self, job: Job) -> bool:
        return super().ready(job) and "deleted" not in job.values

    def view(self, job: Job) -> dict[str, Any]:
        return {name: value for name, value in super().view(job).items() if name != "deleted"}
