"""Watches jobs for a while, so that there is something to compare."""

from __future__ import annotations

import time

from ..api.answers import jobs_in, state
from ..api.statuses import ACTIVE
from ..judging.probe import Probe, once_a_run

_PAUSE = 0.05


@once_a_run
def watch(probe: Probe) -> None:
    """Read the statuses of active jobs, and of some that have ended, again and again."""
    active = [job["job_id"] for job in jobs_in(probe.list_jobs()) if state(job) in ACTIVE]
    ended = [job["job_id"] for job in probe.account.finished(3)]
    for _ in range(probe.by_profile(4, 12)):
        for job in [*active[:6], *ended]:
            probe.status(job)
        probe.list_jobs()
        time.sleep(probe.by_profile(1, 2) * _PAUSE)
