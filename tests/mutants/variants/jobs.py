"""Right servers that describe jobs in other ways."""

from datetime import datetime, timedelta, timezone
from typing import Any

from ..accounts import Job
from ..catalogue import right
from ..server import Server


@right
class TimesWithOffset(Server):
    """Times have an offset in place of Z."""

    def time_text(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


@right
class TimesWithFractions(Server):
    """Times have three digits of a second, except on whole minutes."""

    def time_text(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        text = moment.strftime("%Y-%m-%dT%H:%M:%S")
        return text + ("Z" if moment.second == 0 else ".250000Z")


@right
class TimesInAnotherZone(Server):
    """Times are given in the zone of New Delhi."""

    def time_text(self, moment: datetime | None) -> str | None:
        zone = timezone(timedelta(hours=5, minutes=30))
        return None if moment is None else moment.astimezone(zone).isoformat()


@right
class CreatedUnknown(Server):
    """Some jobs have no `datetime_created`."""

    def view(self, job: Job) -> dict[str, Any]:
        unknown = {"datetime_created": None} if job.job_id.endswith("7") else {}
        return super().view(job) | unknown


@right
class MetadataWhereNeeded(Server):
    """A status has `metadata` for failed jobs only."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return {k: v for k, v in super().status_body(job).items() if k != "metadata" or v}


@right
class NoRunType(Server):
    """Jobs have no `run_type`."""

    def view(self, job: Job) -> dict[str, Any]:
        return {name: value for name, value in super().view(job).items() if name != "run_type"}


@right
class RowsUnknown(Server):
    """`num_rows`, tokens and costs are null."""

    def view(self, job: Job) -> dict[str, Any]:
        names = ("num_rows", "input_tokens", "output_tokens", "job_cost", "cost_estimate")
        return super().view(job) | dict.fromkeys(names)


@right
class FailureWithCode(Server):
    """A failure's reason is a code and details, without a message."""

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        return fields | {"failure_reason": fields["failure_reason"] and {"code": 17}}

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(job)
        return body | {"metadata": body["metadata"] and {"failure_reason": {"code": 17}}}


@right
class MoreFields(Server):
    """Jobs, lists, statuses and answers have fields that nobody knows yet."""

    def view(self, job: Job) -> dict[str, Any]:
        return super().view(job) | {"labels": ["a"], "region": "eu", "retries": 0}

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged(jobs, token) | {"total": 99}

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs) | {"count": len(jobs)}

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(job) | {"progress": 0.5}

    def cancelled(self, job: Job) -> dict[str, Any]:
        return super().cancelled(job) | {"previous": "RUNNING"}
