"""Wrong cursors: altered, reused, of another account, under change."""

import base64
from typing import Any

from ..accounts import KEYS, Job, make
from ..catalogue import defect
from ..messages import Refusal, Request, Response, answer
from ..server import Server
from .pages import Page


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


@defect("PAGE-09", "LIST-01")
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


@defect("PAGE-10", "LIFE-04", "PAGE-02")
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


@defect("PAGE-10", "LIFE-04", "LIFE-03", "PAGE-02")
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


@defect("PAGE-03", "PAGE-02")
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


@defect("ERROR-03")
class CursorHoldsKey(Server):
    """The cursor holds the API key, in Base64."""

    def write_cursor(self, position: Any, tenant: str) -> str:
        key = next(key for key, owner in KEYS.items() if owner == tenant)
        return super().write_cursor([key, position], tenant)

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        _, position = super().read_cursor(cursor, tenant)
        return position
