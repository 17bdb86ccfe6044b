"""The list of jobs in one response, decoded while it arrives and only as fast as it is used."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from attrs import evolve

from .. import _adapter
from .._errors import DecodingError, SutroError
from .job import Job, decode_jobs, with_source
from .jobs_scanner import JobsScanner, NotAListError

if TYPE_CHECKING:
    from .._requests.flow import Flow, Response
    from .._requests.requester import Requester

# Enough for the next jobs to be ready while some are used, and few enough for any memory.
_BATCH = 100


def open_whole_list(
    requester: Requester, given: Collection[str], deadline: float
) -> Flow[WholeList]:
    """Ask for all jobs in one response; `given` has the IDs of those that were read before.

    `deadline` is the moment when all of it has to be read, on the monotonic clock.

    Raises:
        SutroError: the server cannot do that, or not now.
    """
    response = yield from requester.open(_adapter.list_jobs_call(None, None), deadline)
    return WholeList(requester, given, response)


class WholeList:
    """Jobs that follow those which were read before, newest first.

    Jobs that are newer than those are left out, as pages leave them out.
    """

    def __init__(self, requester: Requester, given: Collection[str], response: Response) -> None:
        self._requester = requester
        self._given = given
        self._response = response
        self._scanner = JobsScanner()
        self._found: list[str] = []
        self._is_past_new_jobs = not given
        self._ended = False

    def next_jobs(self) -> Flow[list[Job]]:
        """Read on until there are some jobs; there are none at the end only.

        Raises:
            DecodingError: the body is not a list of jobs, ends too early, or lacks all of `given`.
            UnexpectedShapeError: a job lacks fields, or has other types.
            SutroError: the connection broke.
        """
        jobs: list[Job] = []
        while not jobs and not self._ended:
            yield from self._read_batch()
            jobs = self._decode()
        return jobs

    @property
    def is_page(self) -> bool:
        """Whether the server sent a page all the same; known when no jobs are left."""
        return self._scanner.has_next_page

    def close(self) -> Flow[None]:
        """Give up what was not read."""
        yield from self._requester.close(self._response)

    def _read_batch(self) -> Flow[None]:
        while len(self._found) < _BATCH and not self._ended:
            piece = yield from self._requester.read(self._response)
            try:
                self._found += self._scanner.feed(piece)
            except NotAListError as error:
                raise self._undecodable(str(error)) from error
            self._ended = not piece
        if self._ended:
            yield from self.close()

    def _decode(self) -> list[Job]:
        found, self._found = self._found, []
        body = f'{{"jobs":[{",".join(found)}]}}'.encode()
        jobs = with_source(decode_jobs(evolve(self._response, content=body)).jobs, body)
        if not self._is_past_new_jobs:
            jobs = self._without_new(jobs)
        return [job for job in jobs if job.job_id not in self._given]

    def _without_new(self, jobs: list[Job]) -> list[Job]:
        first = next((n for n, job in enumerate(jobs) if job.job_id in self._given), None)
        if first is None and self._ended:
            raise self._undecodable("it lacks all jobs of the pages before it")
        self._is_past_new_jobs = first is not None
        return jobs[len(jobs) if first is None else first :]

    def _undecodable(self, why: str) -> SutroError:
        return DecodingError(
            f"The server sent a list of jobs that cannot be read: {why}. Try again.",
            status_code=self._response.status_code,
            request_id=self._response.request_id,
        )
