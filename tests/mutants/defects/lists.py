"""Wrong lists: the two shapes."""

from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..messages import Request, Response
from ..server import Server


@defect("LIST-01")
class BareArray(Server):
    """The unpaginated list is a bare array."""

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs)["jobs"]


@defect("LIST-01")
class JobsById(Server):
    """`jobs` is an object keyed by id."""

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs) | {"jobs": {job.job_id: self.view(job) for job in jobs}}


@defect("LIST-02")
class JobsCalledData(Server):
    """A page calls its jobs `data`."""

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        page = super().paged(jobs, token)
        return {"data": page["jobs"], "next_cursor": token}


@defect("LIST-01")
class ListMessageMissing(Server):
    """The unpaginated list has no `message`."""

    def whole(self, jobs: list[Job]) -> Any:
        return {"jobs": super().whole(jobs)["jobs"]}


@defect("LIST-01")
class ListMessageNull(Server):
    """The unpaginated list's `message` is null."""

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs) | {"message": None}


@defect("LIST-02")
class MessageOnPages(Server):
    """Pages carry a `message` too."""

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged(jobs, token) | {"message": "Jobs retrieved successfully."}


@defect("LIST-01")
class CursorOnWholeList(Server):
    """The unpaginated list has a `next_cursor` of null."""

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs) | {"next_cursor": None}


@defect("LIST-02")
class CursorLeftOutAtEnd(Server):
    """The last page has no `next_cursor` at all."""

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged(jobs, token) if token else {"jobs": [self.view(job) for job in jobs]}


@defect("LIST-02", "PAGE-02")
class CursorEmptyAtEnd(Server):
    """The last page's `next_cursor` is an empty string."""

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged(jobs, token or "")


@defect("LIST-02")
class CursorFalseAtEnd(Server):
    """The last page's `next_cursor` is false."""

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged(jobs, token) | {"next_cursor": token or False}


@defect("LIST-02")
class CursorIsNumber(Server):
    """Cursors are numbers: offsets into the list."""

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged(jobs, token) | {"next_cursor": token and int(token)}

    def position(self, job: Job) -> Any:
        return self.jobs_of(job.tenant).index(job) + 1

    def after(self, job: Job, position: Any) -> bool:
        return bool(self.jobs_of(job.tenant).index(job) >= position)

    def write_cursor(self, position: Any, tenant: str) -> str:
        return str(position)

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        if not cursor.isdecimal():
            raise self.bad_cursor()
        return int(cursor)


@defect("LIST-02", "LIST-17")
class PagesArePartialContent(Server):
    """The list answers with status 206 when it is paginated."""

    def list_jobs(self, request: Request, tenant: str) -> Response:
        response = super().list_jobs(request, tenant)
        response.status = 206 if "limit" in dict(request.query) else 200
        return response
