"""Wrong answers to a cancellation."""

from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..messages import Refusal, Request, Response, error
from ..server import Server


@defect("CANCEL-02", "CANCEL-01")
class CancelledCalledCanceled(Server):
    """The answer spells the key `canceled`."""

    def cancelled(self, job: Job) -> dict[str, Any]:
        body = super().cancelled(job)
        return {"canceled": body["cancelled"], "message": body["message"]}


@defect("CANCEL-02", "CANCEL-01")
class CancelledIsText(Server):
    """`cancelled` is the string `true`."""

    def cancelled(self, job: Job) -> dict[str, Any]:
        return super().cancelled(job) | {"cancelled": "true"}


@defect("CANCEL-02", "CANCEL-01")
class CancelledIsStatus(Server):
    """`cancelled` is the status of the job."""

    def cancelled(self, job: Job) -> dict[str, Any]:
        return super().cancelled(job) | {"cancelled": self.status_of(job)}


@defect("CANCEL-02")
class CancelMessageMissing(Server):
    """The answer has no `message`."""

    def cancelled(self, job: Job) -> dict[str, Any]:
        return {"cancelled": True}


@defect("CANCEL-02")
class CancelMessageNull(Server):
    """The answer's `message` is null."""

    def cancelled(self, job: Job) -> dict[str, Any]:
        return super().cancelled(job) | {"message": None}


@defect("CANCEL-01")
class CancelAs202(Server):
    """A cancellation is answered with 202."""

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        response = super().cancel_job(request, tenant, job_id)
        response.status = 202
        return response


@defect("CANCEL-01", "CANCEL-02")
class CancelAs204(Server):
    """A cancellation is answered with 204 and no body."""

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        super().cancel_job(request, tenant, job_id)
        return Response(204, b"")


@defect("CANCEL-01")
class CancelFalseYetCancels(Server):
    """`cancelled` is false for an active job, which is cancelled all the same."""

    def cancelled(self, job: Job) -> dict[str, Any]:
        return super().cancelled(job) | {"cancelled": False}


@defect("CANCEL-01")
class CancelOnlyByPost(Server):
    """A cancellation by GET is not supported, as in an older edition."""

    def check_method(self, operation: str, request: Request) -> None:
        if operation == "cancel" and request.method == "GET":
            raise Refusal(error(405, "Method Not Allowed", allow="POST"))
        super().check_method(operation, request)


@defect("HTTP-05", "CANCEL-09", "CANCEL-13")
class HeadCancels(Server):
    """HEAD, which is to be safe, cancels."""

    def check_method(self, operation: str, request: Request) -> None:
        if operation != "cancel" or request.method != "HEAD":
            super().check_method(operation, request)
