"""Wrong paging: what stands at page boundaries, and what cursors may do."""

import base64
from typing import Any

from ..accounts import Job, large, make
from ..catalogue import defect
from ..messages import Refusal, Request, Response, answer
from ..server import Server

Page = tuple[list[Job], Any | None]


@defect("PAGE-01")
class LimitIgnored(Server):
    """A page holds all jobs, whatever its `limit`."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        return jobs, None


@defect("PAGE-01")
class PageOneTooLong(Server):
    """A page holds one job more than `limit`."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        return super().page(jobs, limit + 1, position)


@defect("PAGE-05")
class PageOneTooShort(Server):
    """A page holds one job less than `limit`, unless that is 1."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        return super().page(jobs, max(1, limit - 1), position)


@defect("PAGE-03")
class PagesCapped(Server):
    """A page holds 50 jobs at most, and is the last one when more were asked for."""

    account = staticmethod(large)

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, following = super().page(jobs, limit, position)
        return page[:50], following if limit <= 50 else None


@defect("PAGE-01")
class LaterPagesOfDefaultSize(Server):
    """Pages after the first one use the default size of 20 instead of `limit`."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        return super().page(jobs, 20 if position else limit, position)


@defect("PAGE-02", "PAGE-03")
class CursorIgnored(Server):
    """`cursor` is ignored: each page is the first one."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        return super().page(jobs, limit, None)


@defect("PAGE-03")
class SkipsAtBoundary(Server):
    """The job after each page boundary is skipped."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, following = super().page(jobs, limit, position)
        at = jobs.index(page[-1]) + 1 if page and following else 0
        return page, self.position(jobs[at]) if 0 < at < len(jobs) - 1 else None


@defect("PAGE-03")
class SkipsAtSecondBoundary(Server):
    """The first job of the third page is skipped."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, following = super().page(jobs, limit, position)
        if following and jobs.index(page[-1]) + 1 == 2 * limit < len(jobs) - 1:
            following = self.position(jobs[2 * limit])
        return page, following


@defect("PAGE-03")
class RepeatsAtBoundary(Server):
    """The last job of a page is the first one of the next page."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        if limit == 1:
            return super().page(jobs, limit, position)
        rest = [job for job in jobs if position is None or self.position(job) <= position]
        return rest[:limit], self.position(rest[limit - 1]) if len(rest) > limit else None


@defect("PAGE-03")
class TiesLost(Server):
    """The cursor holds the time of creation alone: further jobs of that time are skipped."""

    def position(self, job: Job) -> Any:
        return [job.created.isoformat()]


@defect("PAGE-03")
class TiesRepeated(Server):
    """The cursor holds the time of creation alone: jobs of that time are given again."""

    def position(self, job: Job) -> Any:
        return [job.created.isoformat()]

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, following = super().page(jobs, limit, position)
        ties = [job for job in jobs if position and self.position(job) == position]
        return [*ties[1:], *page][: max(limit, len(ties) - 1)], following


@defect("PAGE-03", "LIFE-04", "PAGE-10")
class TiesInAnyOrder(Server):
    """Jobs of one time of creation come in another order on each request, cursors or not."""

    turn = 0

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        start = position[0] if position else 0
        self.turn += 1
        mixed = sorted(jobs, key=lambda job: hash((job.job_id, self.turn)))
        mixed.sort(key=lambda job: job.created, reverse=True)
        end = start + limit
        return mixed[start:end], [end] if end < len(mixed) else None


@defect("PAGE-03")
class EndsOnePageEarly(Server):
    """The last page is never reached unless it is full."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, following = super().page(jobs, limit, position)
        left = len(jobs) - jobs.index(page[-1]) - 1 if page else 0
        return page, following if left >= limit else None


@defect("PAGE-06")
class EmptyPageAtEnd(Server):
    """A full last page still has a cursor, and an empty page follows it."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, _ = super().page(jobs, limit, position)
        return page, self.position(page[-1]) if len(page) == limit else None


@defect("PAGE-02")
class CursorNeverNull(Server):
    """Each page has a cursor; after the last one come empty pages without end."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, _ = super().page(jobs, limit, position)
        return page, self.position(page[-1]) if page else position


@defect("PAGE-02", "PAGE-03")
class LastPageForEver(Server):
    """The cursor of the last page leads to the last page again."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, following = super().page(jobs, limit, position)
        return page, following or position


@defect("PAGE-02", "PAGE-03")
class StartsOverAtEnd(Server):
    """The cursor of the last page leads to the first page."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, following = super().page(jobs, limit, position)
        return page, following or ["9999", ""]


@defect("PAGE-03")
class FilteredAfterLimit(Server):
    """Queued jobs are left out of pages after the page was cut, so that pages are short of them."""

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged([job for job in jobs if self.status_of(job) != "QUEUED"], token)


@defect("PAGE-08", "PAGE-07")
class CursorUnsigned(Server):
    """An altered cursor is accepted as long as it decodes."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        try:
            raw = base64.b64decode(cursor + "==", altchars=b"-_")[16:]
            return [raw.decode("latin-1")[2:27], raw.decode("latin-1")[31:-2]]
        except ValueError:
            raise self.bad_cursor() from None


@defect("PAGE-07")
class BadCursorMeansFirstPage(Server):
    """A cursor that can't be read gives the first page."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        try:
            return super().read_cursor(cursor, tenant)
        except Refusal:
            return ["9999", ""]


@defect("PAGE-07")
class BadCursorMeansEnd(Server):
    """A cursor that can't be read gives an empty last page."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        try:
            return super().read_cursor(cursor, tenant)
        except Refusal:
            return ["", ""]


@defect("HTTP-01", "PAGE-12", "PAGE-07")
class BadCursorCrashes(Server):
    """A cursor that can't be read causes a 500."""

    def bad_cursor(self) -> Refusal:
        raise ValueError("Incorrect padding")


@defect("HTTP-01", "PAGE-12")
class UnicodeCursorCrashes(Server):
    """A cursor with letters outside ASCII causes a 500; others are refused rightly."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        cursor.encode("ascii")
        return super().read_cursor(cursor, tenant)


@defect("PAGE-07")
class CursorCutAccepted(Server):
    """Of a cursor only the first 24 characters are checked: one that was cut is the first page."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        for job in self.jobs_of(tenant):
            known = self.write_cursor(self.position(job), tenant)
            if known.startswith(cursor[:24]):
                return self.position(job)
        return super().read_cursor(cursor, tenant)


@defect("PAGE-09")
class CursorAloneTurnsPagingOn(Server):
    """`cursor` without `limit` gives a page instead of the whole list."""

    def limit(self, request: Request) -> int | None:
        limit = super().limit(request)
        return 20 if limit is None and request.parameter("cursor") else limit


@defect("HTTP-01", "PAGE-09")
class CursorAloneCrashes(Server):
    """`cursor` without `limit` causes a 500."""

    def limit(self, request: Request) -> int | None:
        limit = super().limit(request)
        if limit is None and request.parameter("cursor") is not None:
            raise TypeError("slice indices must be integers or None")
        return limit


@defect("TENANT-04", "TENANT-05")
class CursorOfAnotherTenantAccepted(Server):
    """Cursors are not bound to a tenant: another's cursor is a place in one's own list."""

    def sign(self, body: bytes, tenant: str) -> bytes:
        return super().sign(body, "")


@defect("TENANT-04")
class CursorNamesTenant(Server):
    """The tenant stands in the cursor: who presents another's cursor reads the other's jobs."""

    def write_cursor(self, position: Any, tenant: str) -> str:
        return super().write_cursor([tenant, position], "")

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        return super().read_cursor(cursor, "")

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        if position:
            tenant, position = position
            jobs = self.jobs_of(tenant)
        return super().page(jobs, limit, position)


@defect("PAGE-10", "LIFE-04")
class CursorUsedOnce(Server):
    """A cursor works once; the second time it is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.spent: set[str] = set()

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        if cursor in self.spent:
            raise self.bad_cursor()
        position = super().read_cursor(cursor, tenant)
        self.spent.add(cursor)
        return position


@defect("PAGE-10", "LIFE-04", "LIFE-03")
class NewestCursorOnly(Server):
    """Only the newest cursor of an account works; two walks at a time break each other."""

    newest = ""

    def write_cursor(self, position: Any, tenant: str) -> str:
        self.newest = super().write_cursor(position, tenant)
        return self.newest

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        if cursor != self.newest:
            raise self.bad_cursor()
        return super().read_cursor(cursor, tenant)


class Busy(Server):
    """A new job arrives every few requests of the list."""

    every = 4
    asked = 0

    def list_jobs(self, request: Request, tenant: str) -> Response:
        self.asked += 1
        if self.asked % self.every == 0 and self.asked < 400:
            self.jobs.append(make(100 + self.asked, "SUCCEEDED", tenant=tenant))
        return super().list_jobs(request, tenant)


@defect("PAGE-03")
class SignedOffset(Busy):
    """Cursors are signed offsets: when a job arrives, the next page repeats one."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        start = position[0] if position else 0
        end = start + limit
        return jobs[start:end], [end] if end < len(jobs) else None


@defect("PAGE-03")
class SnapshotPages(Busy):
    """Pages are read from a snapshot of the start: newly arrived jobs are never on them."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        return super().page([job for job in jobs if "-01" not in job.job_id], limit, position)


@defect("PAGE-11", "PAGE-01")
class LimitOfFirstPageKept(Server):
    """`limit` is only read on the first page; the cursor carries it on."""

    limits: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        self.limits = {}

    def list_jobs(self, request: Request, tenant: str) -> Response:
        limit = self.limit(request)
        cursor = request.parameter("cursor")
        if limit is None or cursor is None:
            response = super().list_jobs(request, tenant)
        else:
            position = self.read_cursor(cursor, tenant)
            page, following = self.page(
                self.jobs_of(tenant), self.limits.get(cursor, limit), position
            )
            token = following and self.write_cursor(following, tenant)
            response = answer(self.paged(page, token))
            limit = self.limits.get(cursor, limit)
        if limit and response.status == 200 and response.json["next_cursor"]:
            self.limits[response.json["next_cursor"]] = limit
        return response
