"""The states of jobs as the whole run saw them: LIFE-01, -02, -05 and -06."""

from __future__ import annotations

from ...api.answers import job_in
from ...api.shapes import documented
from ...api.statuses import FINAL, is_backwards
from ...judging.clause import MUST, SHOULD, Phase, clause
from ...judging.findings import Sighting
from ...judging.probe import Probe
from ...scenarios.watching import last_listing, watch
from ...wire.exchange import Exchange

_SOURCE = "Evidence, 2. job status and 4. cancel"


def _pairs(probe: Probe) -> list[tuple[str, Sighting, Sighting]]:
    """Return two statuses of one job, the first of which was seen wholly before the second."""
    return [
        (where.job_id, earlier, later)
        for where, seen in probe.run.sightings.items()
        for earlier in seen.values()
        for later in seen.values()
        if earlier.first.finished <= later.last.started
    ]


@clause(
    "LIFE-01",
    MUST,
    "A job's status never goes backwards.",
    source=_SOURCE,
    needs="a job that waits or runs",
    rests_on=["STATUS-02", "STATUS-04", "TENANT-01"],
    phase=Phase.REVIEW,
)
def forwards(probe: Probe) -> None:
    """From waiting through STARTING and RUNNING, or CANCELLING, to an end: clients show progress
    and act on it. All answers of the run are compared.

    Violation: a RUNNING job is QUEUED a second later.
    """
    watch(probe)
    for job, earlier, later in _pairs(probe):
        if earlier.status not in FINAL:
            message = f"Job {job!r} was {earlier.status} and then {later.status}."
            backwards = is_backwards(earlier.status, later.status)
            probe.expect(not backwards, message, earlier.first, later.last)


@clause(
    "LIFE-02",
    MUST,
    "A job that has ended keeps its status.",
    source=_SOURCE,
    needs="a job that has ended",
    rests_on=["STATUS-02", "STATUS-04", "TENANT-01"],
    phase=Phase.REVIEW,
)
def final(probe: Probe) -> None:
    """Clients fetch results, or give up, once and for all.

    Violation: a FAILED job has SUCCEEDED a second later.
    """
    watch(probe)
    for job, earlier, later in _pairs(probe):
        if earlier.status in FINAL:
            message = f"Job {job!r} was {earlier.status} and then {later.status}."
            probe.expect(earlier.status == later.status, message, earlier.first, later.last)


@clause(
    "LIFE-05",
    SHOULD,
    "What the list says of a job that has ended stays as it is.",
    source="Seed 1, job object fields",
    needs="a job that has ended",
    rests_on=["LIFE-02"],
    phase=Phase.REVIEW,
)
def settled(probe: Probe) -> None:
    """Reports and bills are made from these fields.

    Violation: `datetime_completed` is the time of the request.
    """
    before, after = probe.account.first_listing, last_listing(probe)
    old, new = map(probe.run.listing, (before, after))
    for job_id, state in old.states.items():
        if state in FINAL and job_id in new.states:
            same = old.digests[job_id] == new.digests[job_id]
            names = [] if same else _changed(job_id, before, after)
            message = f"Job {job_id!r} changed in `{'`, `'.join(names)}`."
            probe.expect(not names, message, before, after)


def _changed(job_id: str, before: Exchange, after: Exchange) -> list[str]:
    job, now = (documented(job_in(each, job_id)) for each in (before, after))
    return sorted(name for name in job | now if job.get(name) != now.get(name))


@clause(
    "LIFE-06",
    MUST,
    "A job that was listed stays listed, also after its end.",
    source="Seed 1 (list page, e2 and e3): all current and historical jobs",
    needs="a job",
    rests_on=["TENANT-01", "PAGE-03"],
    phase=Phase.REVIEW,
)
def stays_listed(probe: Probe) -> None:
    """The list is the only record of what was run.

    Violation: a job leaves the list when it has succeeded.
    """
    before, after = probe.account.first_listing, last_listing(probe)
    old, new = map(probe.run.listing, (before, after))
    gone = [job_id for job_id in old.ids if job_id not in new.states]
    if old.ids and after.status == 200:
        named = f", job {gone[0]!r} among them" if gone else ""
        message = f"{len(gone)} jobs are listed no longer{named}."
        probe.expect(not gone, message, before, after)
