"""Right servers with other cursors."""

import base64
import secrets
from typing import Any

from ..catalogue import right
from ..messages import Request
from ..server import Server


@right
class FreshCursors(Server):
    """A cursor for the same place is another text each time."""

    def write_cursor(self, position: Any, tenant: str) -> str:
        return super().write_cursor([secrets.token_hex(4), *position], tenant)

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        return super().read_cursor(cursor, tenant)[1:]


@right
class IdsAsCursors(Server):
    """A cursor is the id of the last job on a page."""

    def write_cursor(self, position: Any, tenant: str) -> str:
        return str(position[1])

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        for job in self.jobs_of(tenant):
            if job.job_id == cursor:
                return self.position(job)
        raise self.bad_cursor()


@right
class LenientCursors(Server):
    """Cursors are read leniently: padding and unused bits are not checked."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        try:
            raw = base64.urlsafe_b64decode(cursor.rstrip("=") + "==")
        except ValueError:
            raise self.bad_cursor() from None
        return super().read_cursor(base64.urlsafe_b64encode(raw).decode(), tenant)


@right
class CursorNeedsLimit(Server):
    """`cursor` without `limit` is refused with 422."""

    def limit(self, request: Request) -> int | None:
        limit = super().limit(request)
        if limit is None and request.parameter("cursor") is not None:
            raise self.bad_cursor()
        return limit


@right
class EmptyCursorIsNone(Server):
    """An empty `cursor` is read as none."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        return super().read_cursor(cursor, tenant) if cursor else None
