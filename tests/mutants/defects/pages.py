"""Wrong pages: sizes, boundaries and ends."""

from typing import Any
from zlib import crc32

from ..accounts import Job, large, make, mixed, table
from ..catalogue import defect
from ..server import Server

Page = tuple[list[Job], Any | None]


def long() -> list[Job]:
    """240 jobs, of which two alone share their time of creation: the 129th and the 130th."""
    numbers = range(1, 241)
    minutes = {n: n - 1 if n == 240 - 128 else n for n in numbers}
    return mixed("second") + [
        make(n, "SUCCEEDED", minutes=minutes[n], table=table(3)) for n in numbers
    ]


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


@defect("PAGE-03", "PAGE-02")
class TiesRepeated(Server):
    """After a page, the other jobs of the last one's time of creation are given once more."""

    def after(self, job: Job, position: Any) -> bool:
        created, job_id = self.position(job)
        same_time = created == position[0] and job_id != position[1]
        return bool(created < position[0] or same_time)


@defect("PAGE-03", "LIFE-04", "PAGE-10")
class TiesInAnyOrder(Server):
    """Jobs of one time of creation come in another order on each request, cursors or not."""

    turn = 0

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        start = position[0] if position else 0
        self.turn += 1
        turned = sorted(jobs, key=lambda job: crc32(f"{job.job_id}{self.turn}".encode()))
        turned.sort(key=lambda job: job.created, reverse=True)
        end = start + limit
        return turned[start:end], [end] if end < len(turned) else None


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


@defect("PAGE-03", "PAGE-05")
class HundredthJobLost(Server):
    """A page of 100 ends with the 99th job, and the next one begins with the 101st."""

    account = staticmethod(large)

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        page, following = super().page(jobs, limit, position)
        return page[:99], following


@defect("PAGE-03")
class LastJobOnNoPage(Server):
    """The oldest job is on no page, as the loop ends one too early."""

    def page(self, jobs: list[Job], limit: int, position: Any | None) -> Page:
        return super().page(jobs[:-1], limit, position)


@defect("PAGE-03")
class FarTiesLost(TiesLost):
    """Jobs of the time at which a page ends are skipped, and only the 129th and 130th share one."""

    account = staticmethod(long)
