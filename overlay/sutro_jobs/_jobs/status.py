"""The status of a job, whichever edition the server speaks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

import msgspec

from .. import _adapter
from .._errors import UnexpectedShapeError
from .._requests.responses.decoding import decode

if TYPE_CHECKING:
    from .._requests.flow import Flow
    from .._requests.requester import Requester


class JobStatus(StrEnum):
    """State of a job, a `StrEnum`: equal to `"SUCCEEDED"` and the like.

    Values are upper case whichever edition the server speaks. Unknown values are preserved:
    `JobStatus("ON_HOLD").value == "ON_HOLD"`.
    """

    QUEUED = "QUEUED"
    PENDING = "PENDING"
    SUBMITTED = "SUBMITTED"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"
    SUCCEEDED = "SUCCEEDED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> JobStatus | None:
        if not isinstance(value, str):
            return None
        member = cls.__members__.get(value.upper())
        if member is None:
            # Not added to the members: a server could send any number of values.
            member = str.__new__(cls, value)
            member._name_ = member._value_ = value
        return member

    @property
    def is_final(self) -> bool:
        """Whether a job in this state has ended. `CANCELLING` is not final."""
        return self in _FINAL


_FINAL = frozenset({JobStatus.SUCCEEDED, JobStatus.CANCELLED, JobStatus.FAILED})


class JobStatusReport(msgspec.Struct, frozen=True, kw_only=True):
    """Status of a job, with details.

    `failure_reason` is an object such as `{"message": "..."}`, None unless the job failed.
    `metadata` is everything that the server sent beside the status.
    """

    job_id: str
    status: JobStatus
    failure_reason: dict[str, Any] | None = None
    message: str = ""
    metadata: dict[str, Any] | None = None


class _StatusBody(msgspec.Struct):
    job_status: dict[str, JobStatus] | JobStatus
    message: str | None = None
    metadata: dict[str, Any] | None = None


_STATUS_BODY = msgspec.json.Decoder(_StatusBody)


def job_status(
    requester: Requester, job_id: str, total_timeout: float | None = None
) -> Flow[JobStatusReport]:
    """Fetch the status of a job."""
    response = yield from requester.fetch(_adapter.job_status_call(job_id), total_timeout)
    body = decode(_STATUS_BODY, response, "status")
    status = body.job_status
    if isinstance(status, dict):
        if job_id not in status:
            raise UnexpectedShapeError(
                f"The server was asked for the status of {job_id!r} and sent that of "
                f"{', '.join(map(repr, status)) or 'no job'}.",
                status_code=response.status_code,
                request_id=response.request_id,
            )
        status = status[job_id]
    return JobStatusReport(
        job_id=job_id,
        status=status,
        failure_reason=as_reason((body.metadata or {}).get("failure_reason")),
        message=body.message or "",
        metadata=body.metadata,
    )


def as_reason(value: object) -> dict[str, Any] | None:
    """Return a failure reason as an object, even if a server sends a bare string."""
    if value is None:
        return None
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    return {"message": str(value)}
