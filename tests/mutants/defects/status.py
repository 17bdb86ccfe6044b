"""Wrong status answers."""

from typing import Any

from ..accounts import TERMINAL, Job
from ..catalogue import defect
from ..messages import Refusal, Request, Response, answer, error
from ..server import Server


@defect("STATUS-01")
class StatusMessageMissing(Server):
    """The status answer has no `message`."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return {k: v for k, v in super().status_body(job).items() if k != "message"}


@defect("STATUS-01")
class StatusMessageList(Server):
    """The status answer's `message` is an array."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(job) | {"message": ["Job status retrieved."]}


@defect("STATUS-02", "STATUS-01")
class StatusInObject(Server):
    """The map holds an object in place of the status."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(job) | {
            "job_status": {job.job_id: {"status": self.status_of(job)}}
        }


@defect("STATUS-01", "STATUS-02")
class StatusMapCalledStatus(Server):
    """The status answer calls the map `status`."""

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(job)
        return {"status": body.pop("job_status")} | body


@defect("STATUS-03", "STATUS-02")
class StatusNullForQueued(Server):
    """The status of queued jobs is null."""

    def status_body(self, job: Job) -> dict[str, Any]:
        status = self.status_of(job)
        return super().status_body(job) | {
            "job_status": {job.job_id: None if status == "QUEUED" else status}
        }


@defect("STATUS-02")
class StatusMapEmpty(Server):
    """The map is empty for jobs that have ended."""

    def status_body(self, job: Job) -> dict[str, Any]:
        empty: dict[str, Any] = {"job_status": {}} if self.status_of(job) in TERMINAL else {}
        return super().status_body(job) | empty


@defect("STATUS-02")
class StatusMapOfAll(Server):
    """The map holds all jobs of the account."""

    def status_body(self, job: Job) -> dict[str, Any]:
        jobs = self.jobs_of(job.tenant)
        return super().status_body(job) | {
            "job_status": {j.job_id: self.status_of(j) for j in jobs}
        }


@defect("STATUS-02")
class StatusNamesAnother(Server):
    """The map names another job of the account, with its status."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(self.jobs_of(job.tenant)[0])


@defect("STATUS-04")
class StatusOfAnother(Server):
    """The map names the right job with the status of the job before it."""

    def status_body(self, job: Job) -> dict[str, Any]:
        jobs = self.jobs_of(job.tenant)
        other = jobs[jobs.index(job) - 1]
        return super().status_body(job) | {"job_status": {job.job_id: self.status_of(other)}}


@defect("STATUS-02")
class StatusKeyUpperCase(Server):
    """The map's key is the id in upper case."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(job) | {"job_status": {job.job_id.upper(): self.status_of(job)}}


@defect("STATUS-01")
class MetadataList(Server):
    """`metadata` is an empty array where there is nothing to say."""

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(job)
        return body | {"metadata": body["metadata"] or []}


@defect("STATUS-01")
class MetadataText(Server):
    """`metadata` of a failed job is a string."""

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(job)
        return body | {"metadata": body["metadata"] and str(body["metadata"])}


@defect("STATUS-05", "STATUS-01")
class FailureTextInMetadata(Server):
    """`failure_reason` in the metadata is a bare string."""

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(job)
        text = {"failure_reason": "The model could not be loaded."}
        return body | {"metadata": body["metadata"] and text}


@defect("STATUS-05")
class FailureNotTold(Server):
    """The status of a failed job has no metadata."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(job) | {"metadata": None}


@defect("STATUS-05", "STATUS-09")
class FailureDiffers(Server):
    """The status and the list give different reasons for a failure."""

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(job)
        reason = {"failure_reason": {"message": "Unknown error."}}
        return body | {"metadata": body["metadata"] and reason}


@defect("STATUS-03")
class StatusLowerCase(Server):
    """The status answer is in lower case, the list in upper case."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(job) | {"job_status": {job.job_id: self.status_of(job).lower()}}


@defect("STATUS-04")
class CancelledShownAsFailed(Server):
    """The status calls a job FAILED that the list calls CANCELLED."""

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(job)
        shown = {"job_status": {job.job_id: "FAILED"}}
        return body | (shown if self.status_of(job) == "CANCELLED" else {})


@defect("STATUS-04")
class AlwaysSucceeded(Server):
    """The status of every job is SUCCEEDED."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(job) | {"job_status": {job.job_id: "SUCCEEDED"}}


@defect("STATUS-06")
class UnknownJobAs200(Server):
    """The status of a job that does not exist is UNKNOWN, with status code 200."""

    def job_status(self, request: Request, tenant: str, job_id: str) -> Response:
        try:
            return super().job_status(request, tenant, job_id)
        except Refusal:
            status = {"job_status": {job_id: "UNKNOWN"}, "metadata": None}
            return answer({"message": "Job status retrieved."} | status)


@defect("HTTP-01", "STATUS-01")
class FailedAs500(Server):
    """The status of a failed job is answered with 500."""

    def job_status(self, request: Request, tenant: str, job_id: str) -> Response:
        if self.status_of(self.find(tenant, job_id, "status")) == "FAILED":
            return error(500, "The model could not be loaded.")
        return super().job_status(request, tenant, job_id)


@defect("STATUS-01", "STATUS-04")
class FinishedForgotten(Server):
    """The status of jobs that were cancelled is 404, though the list shows them."""

    def job_status(self, request: Request, tenant: str, job_id: str) -> Response:
        if self.status_of(self.find(tenant, job_id, "status")) == "CANCELLED":
            return self.missing(job_id)
        return super().job_status(request, tenant, job_id)
