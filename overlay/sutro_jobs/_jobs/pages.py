"""Pagination of the list of jobs: which page is next, and which is the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

from .. import _adapter
from .._errors import RepeatedCursorError
from .._requests.flow import run_blocking
from .job import Job, decode_jobs, with_source
from .options import ListOptions

if TYPE_CHECKING:
    from .._requests.flow import Flow, Response
    from .._requests.requester import Requester

# Bytes, some milliseconds of decoding: more would hold up the other tasks of an event loop.
_LARGE_BODY = 1_000_000


class JobPage(Sequence[Job]):
    """Jobs of one page, newest first.

    `list_jobs(cursor=page.next_cursor)` continues after it. `next_cursor` is None on the last page.
    """

    def __init__(self, jobs: list[Job], next_cursor: str | None) -> None:
        self.jobs = jobs
        self.next_cursor = next_cursor

    @overload
    def __getitem__(self, index: int) -> Job: ...
    @overload
    def __getitem__(self, index: slice) -> list[Job]: ...
    def __getitem__(self, index: int | slice) -> Job | list[Job]:
        return self.jobs[index]

    def __iter__(self) -> Iterator[Job]:
        return iter(self.jobs)

    def __len__(self) -> int:
        return len(self.jobs)

    def __repr__(self) -> str:
        return f"JobPage({len(self)} jobs, next_cursor={self.next_cursor!r})"


class Pagination:
    """One pass over the pages: `next_page` until `is_over`."""

    def __init__(
        self,
        requester: Callable[[], Requester],
        options: ListOptions,
    ) -> None:
        self._requester = requester
        self._left = options.limit
        self._page_size = options.page_size
        self._cursor = options.cursor
        self._seen = {options.cursor}
        self._over = options.limit == 0

    def is_over(self) -> bool:
        """Tell whether the last page was read."""
        return self._over

    def next_page(self) -> Flow[JobPage]:
        """Fetch the next page.

        A server without pagination sends all jobs and no cursor, which is the last page, too.

        Raises:
            RepeatedCursorError: its cursor leads to a page that was read before.
        """
        size = self._page_size
        if size is not None and self._left is not None:
            size = min(size, self._left)
        call = _adapter.list_jobs_call(size, self._cursor)
        response = yield from self._requester().fetch(call)
        if len(response.content) < _LARGE_BODY:
            return self._accept(response)
        return (yield from run_blocking(lambda: self._accept(response)))

    def _accept(self, response: Response) -> JobPage:
        body = decode_jobs(response)
        if self._left is not None:
            # A server without pagination ignores the limit.
            del body.jobs[self._left :]
            self._left -= len(body.jobs)
        self._cursor = body.next_cursor or None
        self._over = self._cursor is None or self._left == 0
        if not self._over and self._cursor in self._seen:
            raise RepeatedCursorError(
                "The server returned the same cursor twice, so pagination would never end. "
                "Read all jobs at once with page_size=None, and tell the operator of the server.",
                request_id=response.request_id,
            )
        self._seen.add(self._cursor)
        return JobPage(with_source(body.jobs, response.content), self._cursor)


def find_job(requester: Requester, job_id: str) -> Flow[Job | None]:
    """Find a job in the list, page by page, as servers need not have an endpoint for one job."""
    pagination = Pagination(lambda: requester, ListOptions())
    while not pagination.is_over():
        page = yield from pagination.next_page()
        for job in page:
            if job.job_id == job_id:
                return job
    return None
