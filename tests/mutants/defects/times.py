"""Wrong times of a job, and what a state allows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ..accounts import Job, everything, make
from ..catalogue import defect
from ..server import Server
from .jobs import WithField


@defect("LIST-04", "LIST-05")
class TimeAsNumber(WithField):
    """`datetime_created` is a number of seconds."""

    field = "datetime_created"

    def change(self, value: Any, job: Job) -> Any:
        return job.created.timestamp()


@defect("LIST-05")
class TimeWithSpace(WithField):
    """`datetime_created` has a space in place of the T."""

    field = "datetime_created"

    def change(self, value: Any, job: Job) -> Any:
        return str(job.created)


@defect("LIST-05", "LIST-04")
class CompletedIsEmptyText(WithField):
    """`datetime_completed` of unfinished jobs is an empty string."""

    field = "datetime_completed"

    def change(self, value: Any, job: Job) -> Any:
        return value or ""


@defect("LIST-09")
class CompletedBeforeStarted(WithField):
    """`datetime_completed` lies before `datetime_started`."""

    field = "datetime_completed"

    def change(self, value: Any, job: Job) -> Any:
        return value and self.time_text(job.created)


@defect("LIST-09")
class StartedBeforeCreated(WithField):
    """`datetime_started` lies before `datetime_created`, as with two clocks an hour apart."""

    field = "datetime_started"

    def change(self, value: Any, job: Job) -> Any:
        return value and value.replace("2025-", "2024-")


@defect("LIST-10")
class RunningHasCompleted(WithField):
    """Running jobs have a `datetime_completed`."""

    field = "datetime_completed"

    def change(self, value: Any, job: Job) -> Any:
        started, _ = self.times(job, "RUNNING")
        return value or self.time_text(started)


@defect("LIST-11")
class SucceededNeverCompleted(WithField):
    """Jobs that succeeded have no `datetime_completed`."""

    field = "datetime_completed"

    def change(self, value: Any, job: Job) -> Any:
        return None


@defect("LIST-11")
class QueuedHasStarted(WithField):
    """Queued jobs have a `datetime_started`."""

    field = "datetime_started"

    def change(self, value: Any, job: Job) -> Any:
        return value or self.time_text(job.created)


@defect("LIFE-05", "PAGE-04", "LIFE-04")
class CompletedIsNow(WithField):
    """`datetime_completed` is the time of the request, as a wrong default factory makes it."""

    field = "datetime_completed"

    def change(self, value: Any, job: Job) -> Any:
        return value and datetime.now(UTC).isoformat()


@defect("LIFE-05", "PAGE-04", "LIFE-04")
class CostChangesOnRead(WithField):
    """The cost of a finished job grows with each read."""

    field = "job_cost"
    reads = 0

    def change(self, value: Any, job: Job) -> Any:
        self.reads += 1
        return value if value is None else value + self.reads / 1000


@defect("LIST-05")
class OffsetWithoutColon(Server):
    """Times end in `+0000`, without a colon."""

    def time_text(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


@defect("LIST-11")
class RunningNeverStarted(WithField):
    """Running jobs have no `datetime_started`."""

    field = "datetime_started"

    def change(self, value: Any, job: Job) -> Any:
        return None if self.status_of(job) == "RUNNING" else value


def ahead() -> list[Job]:
    """The newest job is to be made in two days, and was cancelled before it began."""
    newest = make(22, "CANCELLED", datetime_started=None, datetime_completed=None)
    return [*everything(), replace(newest, created=datetime.now(UTC) + timedelta(days=2))]


@defect("LIST-22")
class CreatedInFuture(Server):
    """`datetime_created` of the newest job lies two days in the future."""

    account = staticmethod(ahead)
