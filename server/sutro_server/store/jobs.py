"""The jobs of all tenants: reading them, listing them newest first, cancelling them."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import msgspec

from .clock import Clock
from .database import Database
from .lifecycle import Timeline, active_document, active_status, cancelled_document

NEWEST = (2**63 - 1, 2**63 - 1)
"""The position before the first job of every list."""

_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}

_COLUMNS = "number, job_id, created, document, active, starts, runs, cancelled, ends, results"


class _Outcome(msgspec.Struct):
    status: str
    failure_reason: dict[str, Any] | None = None


# Not frozen: a page holds a hundred of them, and attrs needs three times as long for frozen ones.
@attrs.define
class Job:
    """One job as it was at the moment of reading."""

    number: int
    job_id: str
    created: int
    document: bytes
    active: int
    starts: int | None
    runs: int | None
    cancelled: int | None
    ends: int | None
    results_id: str | None

    @property
    def position(self) -> tuple[int, int]:
        """The job's sort key in its tenant's list."""
        return self.created, self.number

    @property
    def timeline(self) -> Timeline:
        """The times at which the job changes, which matter while it is active."""
        return Timeline(self.starts, self.runs, self.cancelled, self.ends)

    def as_json(self, now: int) -> bytes:
        """Return the Job object at `now`."""
        return active_document(self.document, self.timeline, now) if self.active else self.document

    def outcome(self, now: int) -> tuple[str, dict[str, Any] | None]:
        """Return the status at `now` and, for a failed job, its failure reason."""
        if self.active:
            return active_status(self.timeline, now), None
        outcome = msgspec.json.decode(self.document, type=_Outcome)
        return outcome.status, outcome.failure_reason


@attrs.frozen
class NewJob:
    """A job to be stored: its final document, and its times where it has not ended yet."""

    job_id: str
    created: int
    document: bytes
    timeline: Timeline | None = None
    results_id: str | None = None


class Jobs:
    """The jobs of a store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, tenant: int, job_id: str) -> tuple[Job, int] | None:
        """Return a job and the moment at which it was so, or None where the tenant has none."""
        now = self._store_ends(tenant)
        try:
            row = (
                self._database.connection()
                .execute(
                    f"SELECT {_COLUMNS} FROM jobs WHERE tenant = ? AND job_id = ?",  # noqa: S608
                    (tenant, job_id),
                )
                .fetchone()
            )
        except UnicodeEncodeError:
            # A lone surrogate, which JSON can carry and no stored ID holds.
            return None
        return (Job(*row), now) if row else None

    def page(
        self, tenant: int, limit: int, after: tuple[int, int] = NEWEST
    ) -> tuple[list[Job], int]:
        """Return up to `limit` jobs after a position, newest first, and the moment of reading."""
        now = self._store_ends(tenant)
        rows = self._database.connection().execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE tenant = ? AND (created, number) < (?, ?) "  # noqa: S608
            "ORDER BY created DESC, number DESC LIMIT ?",
            (tenant, *after, limit),
        )
        return [Job(*row) for row in rows], now

    def pages(self, tenant: int, size: int = 1000) -> Iterator[tuple[list[Job], int]]:
        """Yield all jobs of a tenant, newest first, in pages, each with its moment of reading."""
        position = NEWEST
        while True:
            jobs, now = self.page(tenant, size, position)
            if jobs:
                yield jobs, now
            if len(jobs) < size:
                return
            position = jobs[-1].position

    def cancel(self, tenant: int, job_id: str) -> bool | None:
        """Cancel a job and return True, False if it had ended, None where the tenant has none."""
        found = self.get(tenant, job_id)
        if found is None:
            return None
        if not found[0].active:
            return False
        with self._database.write() as connection:
            now = self._clock.now()
            self._store_ends_in(connection, tenant, now)
            return self._cancel_in(connection, found[0].number, now)

    def add(self, tenant: int, jobs: Iterable[NewJob]) -> int:
        """Store jobs, all or none; skip those whose ID the tenant has. Return how many were new."""
        with self._database.write() as connection:
            before = connection.total_changes
            connection.executemany(
                "INSERT INTO jobs (tenant, job_id, created, document, active, starts, runs, "
                "cancelled, ends, results) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                (_row(tenant, job) for job in jobs),
            )
            return connection.total_changes - before

    def of_results(self, results_id: str) -> str | None:
        """Return the ID of the job whose results have that ID, or None where there is none."""
        query = "SELECT job_id FROM jobs WHERE results = ?"
        row = self._database.connection().execute(query, (results_id,)).fetchone()
        return row[0] if row else None

    def _store_ends(self, tenant: int) -> int:
        """Write down which of a tenant's jobs have ended by now; return now.

        An end counts once it is stored, and never before. Otherwise a cancellation that waits for
        the write lock could undo an end that somebody has seen.
        """
        connection = self._database.connection()
        now = self._clock.now()
        due = connection.execute(
            "SELECT 1 FROM jobs WHERE active AND tenant = ? AND ends <= ? LIMIT 1", (tenant, now)
        ).fetchone()
        if due:
            try:
                with self._database.write():
                    self._store_ends_in(connection, tenant, now)
            except sqlite3.OperationalError as error:
                # Nobody sees an end that cannot be stored; reading goes on without it.
                if not _is_unwritable(error):
                    raise
        return now

    @staticmethod
    def _store_ends_in(connection: sqlite3.Connection, tenant: int, now: int) -> None:
        connection.execute(
            "UPDATE jobs SET active = 0 WHERE active AND tenant = ? AND ends <= ?", (tenant, now)
        )

    @staticmethod
    def _cancel_in(connection: sqlite3.Connection, number: int, now: int) -> bool:
        row = connection.execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE number = ?",  # noqa: S608
            (number,),
        ).fetchone()
        job = Job(*row)
        if not job.active:
            return False
        if job.cancelled is None:
            document, timeline = cancelled_document(job.document, job.timeline, now)
            connection.execute(
                "UPDATE jobs SET document = ?, cancelled = ?, ends = ? WHERE number = ?",
                (document, timeline.cancelled, timeline.ends, number),
            )
        return True


def _is_unwritable(error: sqlite3.Error) -> bool:
    # The lowest byte is the kind of error, the others say more about it.
    return error.sqlite_errorcode & 0xFF in _UNWRITABLE


def _row(tenant: int, job: NewJob) -> tuple[object, ...]:
    active = job.timeline is not None
    times = job.timeline or Timeline()
    return (
        tenant,
        job.job_id,
        job.created,
        job.document,
        int(active),
        *attrs.astuple(times),
        job.results_id,
    )
