"""Wrong lists: the two shapes, bounds of `limit`, order, and what is in them."""

from typing import Any

from ..accounts import TERMINAL, Job, large
from ..catalogue import defect
from ..messages import Refusal, Request, Response, error, invalid
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
        return self.jobs_of(job.tenant).index(job) >= position

    def write_cursor(self, position: Any, tenant: str) -> str:
        return str(position)

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        if not cursor.isdecimal():
            raise self.bad_cursor()
        return int(cursor)


@defect("LIST-02")
class PagesArePartialContent(Server):
    """The list answers with status 206 when it is paginated."""

    def list_jobs(self, request: Request, tenant: str) -> Response:
        response = super().list_jobs(request, tenant)
        response.status = 206 if "limit" in dict(request.query) else 200
        return response


class OtherLimit(Server):
    """Reads `limit` wrongly, and then pages rightly."""

    def parse_limit(self, text: str) -> int:
        try:
            return super().parse_limit(text)
        except Refusal as refusal:
            return self.refused(text, refusal)

    def refused(self, text: str, refusal: Refusal) -> int:
        raise refusal


@defect("LIST-18")
class LimitZeroAccepted(OtherLimit):
    """`limit=0` is accepted, and read as the default."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text == "0":
            return 20
        raise refusal


@defect("LIST-18")
class LimitNegativeAccepted(OtherLimit):
    """`limit=-1` is accepted, and means all jobs."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text.startswith("-") and text[1:].isdecimal():
            return 10**9
        raise refusal


@defect("LIST-19")
class Limit101Accepted(OtherLimit):
    """`limit=101` is accepted: the bound is one too high."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text == "101":
            return 101
        raise refusal


@defect("LIST-19")
class LimitClamped(OtherLimit):
    """A `limit` over 100 is read as 100."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text.isdecimal() and int(text) > 100:
            return 100
        raise refusal


@defect("LIST-17")
class Limit100Refused(Server):
    """`limit=100` is refused: the bound is one too low."""

    def parse_limit(self, text: str) -> int:
        return super().parse_limit("101" if text == "100" else text)


@defect("LIST-17")
class Limit1Refused(Server):
    """`limit=1` is refused: the lower bound is one too high."""

    def parse_limit(self, text: str) -> int:
        return super().parse_limit("0" if text == "1" else text)


@defect("LIST-20")
class LimitTextIgnored(Server):
    """A `limit` that is no number is ignored."""

    def limit(self, request: Request) -> int | None:
        text = request.parameter("limit")
        return None if text and not text.lstrip("-").isdecimal() else super().limit(request)


@defect("HTTP-01", "LIST-20")
class LimitTextCrashes(OtherLimit):
    """A `limit` that is no number causes a 500."""

    def refused(self, text: str, refusal: Refusal) -> int:
        int(text)
        raise refusal


@defect("HTTP-01", "LIST-19")
class LimitHugeCrashes(OtherLimit):
    """A `limit` beyond 64 bits causes a 500, as the database refuses it."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text.lstrip("-").isdecimal() and abs(int(text)) > 2**63:
            raise OverflowError
        raise refusal


@defect("LIST-20")
class LimitFractionAccepted(OtherLimit):
    """`limit=1.5` is accepted and cut to 1."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text.replace(".", "", 1).isdecimal() and "." in text:
            return max(1, int(float(text)))
        raise refusal


@defect("ERROR-01")
class LimitErrorAs400Html(Server):
    """A refused `limit` is explained in HTML."""

    def parse_limit(self, text: str) -> int:
        try:
            return super().parse_limit(text)
        except Refusal:
            page = b"<html><h1>Bad Request</h1></html>"
            raise Refusal(Response(400, page, {"content-type": "text/html"})) from None


@defect("PAGE-01", "LIST-19", "LIST-21")
class RepeatedLimitUnchecked(Server):
    """Of a repeated `limit` the first is checked and the last is used."""

    def limit(self, request: Request) -> int | None:
        values = [value for name, value in request.query if name == "limit"]
        if len(values) < 2 or not values[-1].isdecimal():
            return super().limit(request)
        self.parse_limit(values[0])
        return int(values[-1])


@defect("LIFE-04", "PAGE-03")
class LimitSticks(Server):
    """Once a page was read, the unpaginated list is cut to the same `limit`."""

    last = 10**6

    def limit(self, request: Request) -> int | None:
        limit = super().limit(request)
        self.last = self.last if limit is None else limit
        return limit

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs[: self.last])


@defect("LIST-07")
class OldestFirst(Server):
    """Both lists are oldest first."""

    def jobs_of(self, tenant: str) -> list[Job]:
        return super().jobs_of(tenant)[::-1]

    def after(self, job: Job, position: Any) -> bool:
        return self.position(job) > position


@defect("LIST-07", "PAGE-03")
class PagesOldestFirst(Server):
    """Pages are oldest first; the unpaginated list is newest first."""

    def page(
        self, jobs: list[Job], limit: int, position: Any | None
    ) -> tuple[list[Job], Any | None]:
        return super().page(jobs[::-1], limit, position)

    def after(self, job: Job, position: Any) -> bool:
        return self.position(job) > position


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


@defect("LIST-17")
class LimitBeyondAccountRefused(Server):
    """A `limit` larger than the account is refused with 416."""

    def page(
        self, jobs: list[Job], limit: int, position: Any | None
    ) -> tuple[list[Job], Any | None]:
        if limit > len(jobs):
            raise Refusal(error(416, "Page out of range."))
        return super().page(jobs, limit, position)


@defect("LIST-01")
class LimitRequired(Server):
    """A list without `limit` is refused with 422."""

    def limit(self, request: Request) -> int | None:
        limit = super().limit(request)
        if limit is None:
            raise invalid("limit", "Field required", "missing")
        return limit
