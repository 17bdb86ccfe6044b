"""What the account under test holds: its jobs, read once, and those that stand at some boundary."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import attrs

from ..wire.exchange import RIGHT_KEY, Exchange, Request
from .answers import Job, jobs_in, slim_jobs, state
from .requests import LIST_PATH
from .statuses import ACTIVE, FINAL

# Larger results take seconds and hundreds of megabytes to read in three formats.
LARGE_RESULTS = 20_000
# A list of more jobs than these takes a megabyte, so that it is read a few times only.
LARGE_LIST = 1_000


# Whole jobs of a long list would take kilobytes each.
_CHOSEN_BY = (
    *("job_id", "status", "num_rows", "json_schema", "failure_reason"),
    *("datetime_created", "created_at", "run_type"),
)


def rows_of(job: Job) -> int:
    """Return how many rows a job has, 0 where that is not said."""
    rows = job.get("num_rows")
    return rows if isinstance(rows, int) and rows > 0 else 0


@attrs.define(eq=False)
class Account:
    """Lazily reads an account and remembers what it read first."""

    send: Callable[[Request], Exchange]
    authorization: tuple[str, ...] = RIGHT_KEY
    _first: Exchange | None = None
    _jobs: list[Job] | None = attrs.field(default=None, init=False)
    _lock: threading.RLock = attrs.field(factory=threading.RLock, init=False)

    @property
    def first_listing(self) -> Exchange:
        """Return the whole list as it was when it was first read."""
        with self._lock:
            if self._first is None:
                request = Request("GET", LIST_PATH, authorization=self.authorization)
                self._first = self.send(request)
            return self._first

    @property
    def jobs(self) -> list[Job]:
        """Return all jobs as they were when the list was first read.

        Of a long list they have the fields only by which jobs are chosen.
        """
        with self._lock:
            if self._jobs is None:
                first = self.first_listing
                self._jobs = slim_jobs(first, _CHOSEN_BY) if first.is_large else jobs_in(first)
            return self._jobs

    @property
    def is_large(self) -> bool:
        """Return whether the whole list is so long that it is read a few times only."""
        return len(self.jobs) > LARGE_LIST

    def ids(self) -> list[str]:
        """Return the IDs of all jobs, in the order of the list."""
        return [job["job_id"] for job in self.jobs]

    def in_state(self, *states: str) -> list[Job]:
        """Return the jobs that were in one of the states when the list was first read."""
        return [job for job in self.jobs if state(job) in states]

    def active(self) -> list[Job]:
        """Return the jobs that were waiting or running."""
        return self.in_state(*ACTIVE)

    def sample(self, count: int) -> list[Job]:
        """Return jobs that stand at boundaries, and others spread evenly over the list.

        The newest and the oldest of all and of each state come first, then those with most and
        fewest rows.
        """
        groups: dict[str, list[Job]] = {}
        for job in self.jobs:
            groups.setdefault(state(job), []).append(job)
        boundaries = [job for group in groups.values() for job in (group[0], group[-1])]
        chosen = [*self.jobs[:1], *self.jobs[-1:], *boundaries, *_extremes(self.jobs)]
        return distinct([*chosen, *spread(self.jobs, count)])[: max(count, len(groups) + 2)]

    def succeeded(self, count: int) -> list[Job]:
        """Return jobs with results that are quick to read and unlike one another.

        Those with several rows come first, then structured ones, then those with most, fewest and
        no rows, the newest and the oldest, and others spread evenly over the list.
        """
        jobs = self.in_state("SUCCEEDED")
        small = [job for job in jobs if rows_of(job) <= LARGE_RESULTS]
        jobs = small or sorted(jobs, key=rows_of)[:1]
        structured = [job for job in jobs if job.get("json_schema")]
        several = [job for job in jobs if not job.get("json_schema") and rows_of(job) > 1]
        empty = [job for job in jobs if job.get("num_rows") == 0]
        chosen = [*several[:1], *structured[:2], *_extremes(jobs), *empty[:1]]
        return distinct([*chosen, *jobs[:1], *jobs[-1:], *spread(jobs, count)])[:count]

    def with_large_results(self) -> list[Job]:
        """Return the jobs that succeeded and have too many rows to be read in every format."""
        return [job for job in self.in_state("SUCCEEDED") if rows_of(job) > LARGE_RESULTS]

    def finished(self, count: int) -> list[Job]:
        """Return jobs that have ended, of each final state where there are some."""
        groups = [self.in_state(name) for name in sorted(FINAL)]
        mixed = [
            job for index in range(count) for group in groups for job in group[index : index + 1]
        ]
        return mixed[:count]


def _extremes(jobs: list[Job]) -> list[Job]:
    """Return the jobs with most and with fewest rows."""
    ordered = sorted(jobs, key=rows_of)
    return [*ordered[-1:], *ordered[:1]]


def spread(jobs: list[Job], count: int) -> list[Job]:
    """Return jobs at even distances from the first to the last."""
    if len(jobs) <= count or count < 2:
        return jobs[:count]
    return [jobs[index * (len(jobs) - 1) // (count - 1)] for index in range(count)]


def distinct(jobs: Iterable[Job]) -> list[Job]:
    """Return each job once, where it comes first."""
    return list({job["job_id"]: job for job in jobs}.values())
