"""What `list_jobs` returns: jobs that are fetched page by page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import aclosing, closing
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import evolve

from .._errors import ForkError
from .._requests.flow import run_blocking
from .job import Job
from .job_frame import JobFrameBuilder
from .options import ListOptions
from .pages import JobPage, Pagination

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from .._requests.drivers import AsyncDriver, SyncDriver  # noqa: F401 - named in the base classes
    from .._requests.requester import Requester

T = TypeVar("T")
DriverT = TypeVar("DriverT")


class _Listing(Generic[DriverT]):
    """A request for jobs, not yet sent."""

    def __init__(
        self,
        driver: Callable[[], DriverT],
        requester: Callable[[], Requester],
        options: ListOptions,
    ) -> None:
        self._driver = driver
        self._requester = requester
        self._options = options

    def _pagination(self, *, wanted_whole: bool) -> Pagination:
        """Return a pass, which has a deadline where nothing is used before all is there."""
        pages_first = self._options.pages_first(wanted_whole=wanted_whole)
        return Pagination(self._requester, self._options, pages_first, has_deadline=wanted_whole)

    def _first(self) -> Pagination:
        return Pagination(self._requester, evolve(self._options, limit=1), has_deadline=True)

    def __repr__(self) -> str:
        options = self._options
        return (
            f"{type(self).__name__}(limit={options.limit}, page_size={options.page_size}, "
            f"cursor={options.cursor!r})"
        )


class JobList(_Listing["SyncDriver"]):
    """Jobs of the account, newest first.

    Iterating fetches one page at a time and prefetches the next; each iteration starts again.

    >>> for job in client.list_jobs():
    ...     print(job.job_id, job.status)
    """

    def __iter__(self) -> Iterator[Job]:
        # Closing ends the thread that prefetches, also when a loop is left early.
        with closing(self._read(wanted_whole=False)) as pages:
            for page in pages:
                yield from page

    def pages(self) -> Generator[JobPage]:
        """Iterate over pages. The `next_cursor` of a page is where another call can continue."""
        return self._pages(Pagination(self._requester, self._options))

    def _read(self, *, wanted_whole: bool) -> Generator[JobPage]:
        return self._pages(self._pagination(wanted_whole=wanted_whole))

    def _pages(self, pagination: Pagination) -> Generator[JobPage]:
        from .._requests.prefetch import SyncPrefetcher

        if pagination.is_over():
            return
        driver = self._driver()
        try:
            # Most lists have one page, for which a thread would be started in vain.
            page = driver.run(pagination.next_page())
            with SyncPrefetcher[JobPage](driver) as prefetcher:
                while not pagination.is_over():
                    before = pagination.copy()
                    prefetcher.start(pagination.next_page())
                    yield page
                    try:
                        page = prefetcher.result()
                    except ForkError:
                        pagination = before
                        page = driver.run(pagination.next_page())
            yield page
        finally:
            driver.run(pagination.close())

    def first(self) -> Job | None:
        """Return the newest job, None if there is none."""
        pagination = self._first()
        while not pagination.is_over():
            # A page may be empty and yet have a next one.
            for job in self._driver().run(pagination.next_page()):
                return job
        return None

    def to_list(self) -> list[Job]:
        """Return all jobs in a list."""
        with closing(self._read(wanted_whole=True)) as pages:
            return [job for page in pages for job in page]

    def to_polars(self) -> pl.DataFrame:
        """Return all jobs as a polars frame.

        Columns and types are always the same. Times are in UTC; nested values such as `json_schema`
        are JSON strings.
        """
        builder = JobFrameBuilder()
        with closing(self._read(wanted_whole=True)) as pages:
            for page in pages:
                builder.add(page.jobs)
        return builder.finish()

    def to_pandas(self) -> pd.DataFrame:
        """Return all jobs as a pandas frame; needs `pip install 'sutro-jobs[pandas]'`."""
        return self.to_polars().to_pandas()


class AsyncJobList(_Listing["AsyncDriver"]):
    """`JobList` for asyncio.

    >>> async for job in client.list_jobs():
    ...     print(job.job_id, job.status)
    """

    async def __aiter__(self) -> AsyncIterator[Job]:
        # Closing ends the task that prefetches, also when a loop is left early.
        async with aclosing(self._read(wanted_whole=False)) as pages:
            async for page in pages:
                for job in page:
                    yield job

    def pages(self) -> AsyncGenerator[JobPage]:
        """Iterate over pages. The `next_cursor` of a page is where another call can continue."""
        return self._pages(Pagination(self._requester, self._options))

    def _read(self, *, wanted_whole: bool) -> AsyncGenerator[JobPage]:
        return self._pages(self._pagination(wanted_whole=wanted_whole))

    async def _pages(self, pagination: Pagination) -> AsyncGenerator[JobPage]:
        from .._requests.prefetch import AsyncPrefetcher

        if pagination.is_over():
            return
        driver = self._driver()
        try:
            # Most lists have one page, for which a task would be started in vain.
            page = await driver.run(pagination.next_page())
            async with AsyncPrefetcher[JobPage](driver) as prefetcher:
                while not pagination.is_over():
                    prefetcher.start(pagination.next_page())
                    yield page
                    page = await prefetcher.result()
            yield page
        finally:
            await driver.run(pagination.close())

    async def first(self) -> Job | None:
        """Return the newest job, None if there is none."""
        pagination = self._first()
        while not pagination.is_over():
            # A page may be empty and yet have a next one.
            for job in await self._driver().run(pagination.next_page()):
                return job
        return None

    async def to_list(self) -> list[Job]:
        """Return all jobs in a list."""
        async with aclosing(self._read(wanted_whole=True)) as pages:
            return [job async for page in pages for job in page]

    async def to_polars(self) -> pl.DataFrame:
        """Return all jobs as a polars frame.

        Columns and types are always the same. Times are in UTC; nested values such as `json_schema`
        are JSON strings.
        """
        builder = JobFrameBuilder()
        async with aclosing(self._read(wanted_whole=True)) as pages:
            async for page in pages:
                await self._in_thread(partial(builder.add, page.jobs))
        return await self._in_thread(builder.finish)

    async def to_pandas(self) -> pd.DataFrame:
        """Return all jobs as a pandas frame; needs `pip install 'sutro-jobs[pandas]'`."""
        frame = await self.to_polars()
        return await self._in_thread(frame.to_pandas)

    async def _in_thread(self, function: Callable[[], T]) -> T:
        return await self._driver().run(run_blocking(function))
