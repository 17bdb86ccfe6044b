"""Pagination of the list of jobs: which page is next, and which is the last."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from math import inf
from typing import TYPE_CHECKING, overload

from .. import _adapter
from .._errors import (
    EmptyPagesError,
    RepeatedCursorError,
    RequestTimeoutError,
    SutroError,
    TruncatedError,
    UnexpectedShapeError,
)
from .._forks import generation
from .._requests.flow import run_blocking
from .job import Job, JobsBody, decode_jobs, with_source
from .options import ListOptions
from .whole_list import WholeList, open_whole_list

if TYPE_CHECKING:
    from .._requests.flow import Flow, Response
    from .._requests.requester import Requester

# Bytes, some milliseconds of decoding: more would hold up the other tasks of an event loop.
_LARGE_BODY = 1_000_000
# A server that filters its pages may send some without jobs, but hardly so many.
_MOST_EMPTY_PAGES = 100
# In characters. Each takes up to twelve in a URL; httpx sends 65,536, most servers read 8,192.
_LONGEST_CURSOR = 5_000
_log = logging.getLogger("sutro_jobs")


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
    """One pass over the jobs: `next_page` until `is_over`, then `close`.

    After `pages_first` pages the rest comes in one response, and in pages again if a server cannot
    do that or breaks it off: a page costs a round trip, so 200 of them take 200 times as long from
    afar. With None there are pages only. Where `has_deadline`, `total_timeout` bounds all of it.
    """

    def __init__(
        self,
        requester: Callable[[], Requester],
        options: ListOptions,
        pages_first: int | None = None,
        *,
        has_deadline: bool = False,
    ) -> None:
        self._requester = requester
        total_timeout = requester().options.total_timeout if has_deadline else inf
        self._deadline = time.monotonic() + total_timeout
        self._empty_pages = 0
        self._left = options.limit
        self._page_size = options.page_size
        self._cursor = options.cursor
        # By the number of the page: one that is read again, after a fork, is not a repetition.
        self._seen = {options.cursor: 0}
        self._number = 0
        self._over = options.limit == 0
        self._pages_left = pages_first
        self._given: set[str] = set()
        self._whole: WholeList | None = None
        self._last_given: str | None = None
        self._generation = generation()

    def is_over(self) -> bool:
        """Tell whether there is no other page."""
        return self._over

    def next_page(self) -> Flow[JobPage]:
        """Read the next page, and find out what follows it.

        A server that knows no pagination sends all jobs and no cursor; that is the end as well.

        Raises:
            RepeatedCursorError: the page after it has been seen before.
            EmptyPagesError: there were too many pages without jobs.
            RequestTimeoutError: the deadline has passed.
            TruncatedError: the server broke its whole list off, and its pages lack where.
        """
        if self._whole is None and self._pages_left == 0:
            yield from self._open_whole()
        if self._whole is not None:
            page = yield from self._next_of_whole(self._whole)
            if page is not None:
                return page
        return (yield from self._fetch_page())

    def copy(self) -> Pagination:
        """Return a pass that continues from here, for a process that cannot use this one."""
        other = copy(self)
        other._whole = None
        other._pages_left = None
        return other

    def close(self) -> Flow[None]:
        """Give up what was not read."""
        whole, self._whole = self._whole, None
        # The connection of a whole list belongs to the process that opened it.
        if whole is not None and self._generation == generation():
            yield from whole.close()

    def _open_whole(self) -> Flow[None]:
        self._pages_left = None
        try:
            self._whole = yield from open_whole_list(self._requester(), self._given, self._deadline)
        except SutroError as error:
            _log.info("the list of jobs did not come whole (%s); reading pages", error)

    def _next_of_whole(self, whole: WholeList) -> Flow[JobPage | None]:
        try:
            jobs = yield from whole.next_jobs()
        except SutroError as error:
            _log.info("the whole list of jobs broke off (%s); reading pages", error)
            yield from self.close()
            return None
        if not jobs and whole.is_page:
            _log.info("the server sends pages only; reading pages")
            self._whole = None
            return None
        self._over = not jobs
        if jobs:
            self._last_given = jobs[-1].job_id
        self._limit(jobs)
        return JobPage(jobs, None)

    def _fetch_page(self) -> Flow[JobPage]:
        size = self._page_size
        if size is not None and self._left is not None:
            size = min(size, self._left)
        call = _adapter.list_jobs_call(size, self._cursor)
        requester = self._requester()
        total = min(requester.options.total_timeout, self._deadline - time.monotonic())
        if total <= 0:
            raise RequestTimeoutError(
                "The list of jobs took longer than total_timeout. Raise it, or iterate over pages."
            )
        response = yield from requester.fetch(call, total, is_list=True)
        if len(response.content) < _LARGE_BODY:
            return self._accept(response)
        return (yield from run_blocking(lambda: self._accept(response)))

    def _accept(self, response: Response) -> JobPage:
        body = decode_jobs(response)
        self._check(body, response)
        jobs = self._after_last_given(with_source(body.jobs, response.content))
        self._cursor = body.next_cursor or None
        self._over = self._cursor is None
        self._limit(jobs)
        if self._over and self._last_given is not None:
            raise TruncatedError(
                "The server broke its list of jobs off, and its pages do not tell where. Try again."
            )
        self._number += 1
        if not self._over and self._seen.setdefault(self._cursor, self._number) != self._number:
            raise RepeatedCursorError(
                "The server returned the same cursor twice, so pagination would never end. "
                "Read all jobs at once with page_size=None, and tell the operator of the server.",
                request_id=response.request_id,
            )
        if self._pages_left is not None:
            self._pages_left -= 1
            self._given.update(job.job_id for job in jobs)
        return JobPage(jobs, self._cursor)

    def _check(self, body: JobsBody, response: Response) -> None:
        """Raise where the pages that follow cannot be read, or would never end."""
        if len(body.next_cursor or "") > _LONGEST_CURSOR:
            raise UnexpectedShapeError(
                f"The server sent a cursor of {len(body.next_cursor or ''):,} characters, which no "
                "URL can hold.",
                request_id=response.request_id,
            )
        self._empty_pages = 0 if body.jobs else self._empty_pages + 1
        if self._empty_pages > _MOST_EMPTY_PAGES and body.next_cursor:
            raise EmptyPagesError(
                f"The server returned {_MOST_EMPTY_PAGES} pages in a row without any job. Tell its "
                "operator.",
                request_id=response.request_id,
            )

    def _after_last_given(self, jobs: list[Job]) -> list[Job]:
        """Leave out what the whole list gave before it broke off."""
        if self._last_given is None:
            return jobs
        for index, job in enumerate(jobs):
            if job.job_id == self._last_given:
                self._last_given = None
                return jobs[index + 1 :]
        return []

    def _limit(self, jobs: list[Job]) -> None:
        if self._left is not None:
            # A server without pagination ignores the limit, and so does a whole list.
            del jobs[self._left :]
            self._left -= len(jobs)
            self._over = self._over or self._left == 0


def find_job(requester: Requester, job_id: str) -> Flow[Job | None]:
    """Look for a job in the list, for servers that do not give a single job."""
    pagination = Pagination(lambda: requester, ListOptions(), pages_first=0, has_deadline=True)
    try:
        while not pagination.is_over():
            page = yield from pagination.next_page()
            for job in page:
                if job.job_id == job_id:
                    return job
    finally:
        yield from pagination.close()
    return None
