"""Waiting for a job to end."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from .._errors import (
    JobCancelledError,
    JobFailedError,
    SutroError,
    WaitTimeoutError,
)
from .._requests.flow import sleep
from .._requests.progress import ProgressLine
from .._requests.retry import is_transient
from .options import WaitOptions
from .status import JobStatus, JobStatusReport, job_status

if TYPE_CHECKING:
    from .._requests.flow import Flow
    from .._requests.requester import Requester

# Seconds. A short job is over after a few polls; 1.5 reaches 30 s after nine.
_FIRST_INTERVAL = 1.0
_GROWTH = 1.5
# Seconds that the last poll may take when no time is left: enough for one over half the world.
_LAST_POLL = 0.4
# Seconds that the API may be unreachable: a deployment or a maintenance, but not a wrong URL.
_LONGEST_OUTAGE = 3600.0


def wait_for_job(
    requester: Requester,
    job_id: str,
    options: WaitOptions,
) -> Flow[JobStatusReport]:
    """Poll the status of a job until it has ended. `Sutro.wait_for_job` documents the rest."""
    watch = _Watch(job_id, options.timeout)
    interval = min(_FIRST_INTERVAL, options.poll_interval)
    with ProgressLine(requester.options.progress) as line:
        while True:
            report = yield from _poll(requester, watch)
            if report is not None:
                if options.on_progress:
                    options.on_progress(report)
                if report.status.is_final:
                    return _success(report)
            line.show(watch.describe)
            # Jitter, as full intervals would let many waiting programs poll at the same moment.
            pause = interval * random.uniform(0.5, 1.0)  # noqa: S311
            yield from sleep(watch.at_most(pause))
            interval = min(interval * _GROWTH, options.poll_interval)


class _Watch:
    """The deadline, the last status and the last response, on the monotonic clock."""

    def __init__(self, job_id: str, timeout: float | None) -> None:
        self.job_id = job_id
        self.last_status: JobStatus | None = None
        self._timeout = timeout
        self._started = self._last_answer = time.monotonic()

    def answered(self, status: JobStatus) -> None:
        self.last_status = status
        self._last_answer = time.monotonic()

    def survives(self, error: SutroError) -> bool:
        """Tell whether to poll again after an error: if it is transient, for an hour."""
        out_for_long = time.monotonic() - self._last_answer > _LONGEST_OUTAGE
        return is_transient(error) and not out_for_long

    def describe(self) -> str:
        """Return the job, its last status and the elapsed time, for people."""
        minutes, seconds = divmod(int(time.monotonic() - self._started), 60)
        return f"{self.job_id}: {self.last_status or 'not known'}, {minutes}:{seconds:02}"

    def left(self) -> float | None:
        if self._timeout is None:
            return None
        return self._timeout - (time.monotonic() - self._started)

    def at_most(self, pause: float) -> float:
        """Return `pause`, limited by the deadline.

        Raises:
            WaitTimeoutError: the deadline has passed.
        """
        left = self.left()
        if left is None:
            return pause
        if left <= 0:
            raise WaitTimeoutError(
                f"Job {self.job_id} did not end within {self._timeout:g} s; its last status was "
                f"{self.last_status or 'not known'}. Wait again, or cancel_job() it.",
                job_id=self.job_id,
                last_status=self.last_status,
            )
        return min(pause, left)


def _poll(requester: Requester, watch: _Watch) -> Flow[JobStatusReport | None]:
    """Return the status, None after a transient error."""
    left = watch.left()
    limit = requester.options.total_timeout
    if left is not None:
        limit = min(limit, max(left, _LAST_POLL))
    try:
        report = yield from job_status(requester, watch.job_id, limit)
    except SutroError as error:
        if not watch.survives(error):
            raise
        return None
    watch.answered(report.status)
    return report


def _success(report: JobStatusReport) -> JobStatusReport:
    job_id = report.job_id
    if report.status == JobStatus.FAILED:
        reason = (report.failure_reason or {}).get("message") or "the server gives no reason"
        raise JobFailedError(
            f"Job {job_id} failed: {reason}", job_id=job_id, failure_reason=report.failure_reason
        )
    if report.status == JobStatus.CANCELLED:
        raise JobCancelledError(f"Job {job_id} was cancelled.", job_id=job_id)
    return report
