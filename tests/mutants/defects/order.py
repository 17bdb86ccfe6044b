"""Wrong order of jobs, and jobs that a list lacks."""

from typing import Any

from ..accounts import TERMINAL, Job, large
from ..catalogue import defect
from ..server import Server


@defect("LIST-07")
class OldestFirst(Server):
    """Both lists are oldest first."""

    def jobs_of(self, tenant: str) -> list[Job]:
        return super().jobs_of(tenant)[::-1]

    def after(self, job: Job, position: Any) -> bool:
        return bool(self.position(job) > position)


@defect("LIST-07", "PAGE-03")
class PagesOldestFirst(Server):
    """Pages are oldest first; the unpaginated list is newest first."""

    def page(
        self, jobs: list[Job], limit: int, position: Any | None
    ) -> tuple[list[Job], Any | None]:
        return super().page(jobs[::-1], limit, position)

    def after(self, job: Job, position: Any) -> bool:
        return bool(self.position(job) > position)


@defect("LIST-07", "PAGE-03")
class PageReversed(Server):
    """Each page is oldest first in itself."""

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged(jobs[::-1], token)


@defect("LIST-07", "PAGE-03")
class WholeListOldestFirst(Server):
    """The unpaginated list is oldest first; pages are newest first."""

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs[::-1])


@defect("LIST-07")
class ActiveFirst(Server):
    """Active jobs come before finished ones, whatever their age."""

    def rank(self, job: Job) -> Any:
        return (job.course[-1][1] not in TERMINAL, job.created, job.job_id)

    def position(self, job: Job) -> Any:
        return [*self.rank(job)[:1], *super().position(job)]


@defect("LIST-07")
class SortedById(Server):
    """Jobs are sorted by their ids."""

    def rank(self, job: Job) -> Any:
        return job.job_id

    def position(self, job: Job) -> Any:
        return [job.job_id]


@defect("LIST-07")
class SortedByCompletion(Server):
    """Jobs are sorted by the time of completion, unfinished ones last."""

    def rank(self, job: Job) -> Any:
        return (job.course[-1][1] in TERMINAL, job.created, job.job_id)

    def position(self, job: Job) -> Any:
        return [*self.rank(job)[:1], *super().position(job)]


@defect("PAGE-03")
class WholeListCut(Server):
    """The unpaginated list ends after 100 jobs."""

    account = staticmethod(large)

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs[:100])


@defect("PAGE-03")
class WholeListOneShort(Server):
    """The unpaginated list lacks the oldest job."""

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs[:-1])


@defect("LIST-08")
class WholeListRepeats(Server):
    """The unpaginated list holds a job twice, as a wrong join makes it."""

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole([*jobs[:3], *jobs[2:]])


@defect("PAGE-03")
class FailedHiddenOnPages(Server):
    """Pages leave out failed jobs; the unpaginated list has them."""

    def page(
        self, jobs: list[Job], limit: int, position: Any | None
    ) -> tuple[list[Job], Any | None]:
        kept = [job for job in jobs if self.status_of(job) != "FAILED"]
        return super().page(kept, limit, position)


@defect("PAGE-03")
class CancelledHiddenInWholeList(Server):
    """The unpaginated list leaves out cancelled jobs; pages have them."""

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole([job for job in jobs if self.status_of(job) != "CANCELLED"])


@defect("PAGE-04")
class PagesLackPrompt(Server):
    """`system_prompt` is null on pages and present in the unpaginated list."""

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        page = super().paged(jobs, token)
        for job in page["jobs"]:
            job["system_prompt"] = None
        return page
