"""Watches jobs for a while, so that there is something to compare."""

from __future__ import annotations

import time

from ..api.answers import jobs_in, state
from ..api.requests import status_path
from ..api.statuses import ACTIVE
from ..judging.probe import Probe, once_a_run
from ..wire.exchange import Exchange, Request

_PAUSE = 0.05
_MOST_ACTIVE = 6


@once_a_run
def watch(probe: Probe) -> None:
    """Read the statuses of active jobs, and of some that have ended, again and again."""
    newest = jobs_in(probe.send(probe.list_request()))
    active = [job["job_id"] for job in newest if state(job) in ACTIVE][:_MOST_ACTIVE]
    ended = [job["job_id"] for job in probe.account.finished(3)]
    requests = [Request("GET", status_path(job)) for job in [*active, *ended]]
    for _ in range(probe.by_profile(4, 12)):
        # One after the other would take a round trip each; what is compared are rounds.
        for _ in probe.send_all([*requests, probe.list_request()]):
            pass
        time.sleep(probe.by_profile(1, 2) * _PAUSE)


@once_a_run
def last_listing(probe: Probe) -> Exchange:
    """Return the whole list as it is after all else was done, and after jobs were watched."""
    watch(probe)
    return probe.read_list_again()
