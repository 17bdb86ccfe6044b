"""States that contradict each other or go back."""

from typing import Any

from ..accounts import TERMINAL, Job, finishing
from ..catalogue import defect
from ..server import Server


@defect("STATUS-04", "CANCEL-03")
class StatusFromStaleCache(Server):
    """The status is cached on the first read and never again looked up."""

    account = staticmethod(finishing)

    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, dict[str, Any]] = {}

    def status_body(self, job: Job) -> dict[str, Any]:
        return self.cache.setdefault(job.job_id, super().status_body(job))


@defect("STATUS-04", "CANCEL-11")
class ListFromStaleCache(Server):
    """The lists show states as they were when the server started."""

    account = staticmethod(finishing)

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        first = job.course[0][1]
        ended = None if first not in TERMINAL else fields["datetime_completed"]
        return fields | {"status": first, "datetime_completed": ended}


class Counting(Server):
    """Counts how often each job's state was looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: dict[str, int] = {}

    def look(self, job: Job) -> int:
        self.looks[job.job_id] = self.looks.get(job.job_id, 0) + 1
        return self.looks[job.job_id]


@defect("LIFE-01", "STATUS-04")
class RunningAndStartingInTurn(Counting):
    """A running job is RUNNING and STARTING in turn, as if one of two replicas lagged."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "STARTING" if status == "RUNNING" and self.look(job) % 2 else status


@defect("LIFE-02", "LIFE-01", "STATUS-04")
class SucceededRunsAgain(Counting):
    """A job that succeeded is RUNNING again in its status after it was looked at some times."""

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(job)
        again = body["job_status"][job.job_id] == "SUCCEEDED" and self.look(job) > 2
        return body | ({"job_status": {job.job_id: "RUNNING"}} if again else {})


@defect("LIFE-02", "LIFE-01")
class FailedIsRetried(Counting):
    """A failed job goes back to QUEUED after it was looked at some times."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "QUEUED" if status == "FAILED" and self.look(job) > 6 else status


@defect("LIFE-02", "LIFE-01")
class SucceededTurnsFailed(Counting):
    """A job that succeeded is FAILED from the fifth look on, in list and status."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "FAILED" if status == "SUCCEEDED" and self.look(job) > 5 else status

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        reason = {"message": "Lost."} if fields["status"] == "FAILED" else None
        return fields | {"failure_reason": fields["failure_reason"] or reason}


@defect("LIFE-01")
class BackwardsInTime(Server):
    """A moving job goes from RUNNING back to QUEUED before it ends."""

    account = staticmethod(finishing)

    def status_at(self, job: Job, moment: float) -> str:
        status = super().status_at(job, moment)
        running = next((start for start, state in job.course if state == "RUNNING"), moment)
        return "QUEUED" if status == "RUNNING" and moment > running + 0.15 else status


@defect("LIFE-05", "PAGE-03", "LIFE-06", "CANCEL-11")
class EndedJobsVanish(Server):
    """Jobs that end while they are watched leave the list."""

    account = staticmethod(finishing)

    def jobs_of(self, tenant: str) -> list[Job]:
        jobs = super().jobs_of(tenant)
        return [j for j in jobs if len(j.course) == 1 or self.status_of(j) not in TERMINAL]


@defect("LIST-10")
class CompletedWhileRunning(Server):
    """Moving jobs have a `datetime_completed` from the start: when they are expected to end."""

    account = staticmethod(finishing)

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        _, ended = self.times(job, "SUCCEEDED")
        return fields | {"datetime_completed": self.time_text(ended)}
