"""What the account under test holds: its jobs, read once, and real IDs and results to work with."""

from __future__ import annotations

import random
from collections.abc import Callable

import attrs

from ..wire.exchange import RIGHT_KEY, Exchange, Request
from .answers import Job, jobs_in, state
from .requests import LIST_PATH
from .statuses import ACTIVE, FINAL

# Larger results take seconds and hundreds of megabytes to read in three formats.
_LARGE = 20_000


def _rows(job: Job) -> int:
    rows = job.get("num_rows")
    return rows if isinstance(rows, int) else 0


@attrs.define(eq=False)
class Account:
    """Lazily reads an account and remembers what it read first."""

    send: Callable[[Request], Exchange]
    rng: random.Random
    authorization: tuple[str, ...] = RIGHT_KEY
    _first: Exchange | None = attrs.field(default=None, init=False)

    def listing(self) -> Exchange:
        """Read the whole list now."""
        return self.send(Request("GET", LIST_PATH, authorization=self.authorization))

    @property
    def first_listing(self) -> Exchange:
        """Return the whole list as it was when it was first read."""
        if self._first is None:
            self._first = self.listing()
        return self._first

    @property
    def jobs(self) -> list[Job]:
        """Return all jobs as they were when the list was first read."""
        return jobs_in(self.first_listing)

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
        """Return jobs of every state there is, the newest and the oldest among them."""
        chosen: dict[str, Job] = {}
        jobs = self.jobs
        by_state: dict[str, list[Job]] = {}
        for job in jobs:
            by_state.setdefault(state(job), []).append(job)
        first_of_each = [group[0] for group in by_state.values()]
        rest = self.rng.sample(jobs, min(count, len(jobs)))
        for job in [*jobs[:1], *jobs[-1:], *first_of_each, *rest]:
            chosen.setdefault(job["job_id"], job)
        return list(chosen.values())[: max(count, len(first_of_each) + 2)]

    def succeeded(self, count: int) -> list[Job]:
        """Return jobs with results that are quick to read and unlike one another."""
        jobs = self.in_state("SUCCEEDED")
        small = [job for job in jobs if _rows(job) <= _LARGE]
        jobs = small or sorted(jobs, key=lambda job: _rows(job))[:1]
        structured = [job for job in jobs if job.get("json_schema")]
        plain = [job for job in jobs if not job.get("json_schema")]
        several = [job for job in plain if _rows(job) > 1]
        rest = self.rng.sample(jobs, min(count, len(jobs)))
        ordered = {job["job_id"]: job for job in [*several[:1], *structured[:2], *rest]}
        return list(ordered.values())[:count]

    def finished(self, count: int) -> list[Job]:
        """Return jobs that have ended, of each final state where there are some."""
        groups = [self.in_state(name) for name in sorted(FINAL)]
        mixed = [
            job for index in range(count) for group in groups for job in group[index : index + 1]
        ]
        return mixed[:count]
