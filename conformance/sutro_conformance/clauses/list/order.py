"""The order of a list: LIST-07 and -08."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from ...api.times import parsed
from ...judging.clause import MUST, Ruling, clause
from ...wire.exchange import Exchange
from ...wire.target import Edition
from .entries import PAGE, listed, name


@clause(
    "LIST-07",
    MUST,
    "Jobs come newest first.",
    source=PAGE + ", notes",
    needs="two jobs made at different times",
)
def newest_first(exchange: Exchange, _: Edition) -> Ruling:
    """Users read the first page to see what they have just started.

    Violation: a job of 09:00 stands before a job of 10:00.
    """
    created = [
        (job, moment)
        for job in listed(exchange)
        if (moment := parsed(job.get("datetime_created"))) is not None
    ]
    if len({moment for _, moment in created}) < 2:
        return None
    for (earlier, first), (later, second) in pairwise(created):
        if first < second:
            return f"{name(earlier)} of {first} stands before {name(later)} of {second}."
    return True


@clause(
    "LIST-08",
    MUST,
    "Each job is listed once.",
    source="Seed 1, job object fields: `job_id` is the public identifier of the job",
    needs="two jobs",
)
def once(exchange: Exchange, _: Edition) -> Ruling:
    """Counting or joining jobs by ID goes wrong where one comes twice.

    Violation: two entries of one answer have the same `job_id`.
    """
    ids = [job.get("job_id") for job in listed(exchange)]
    repeated = sorted(job_id for job_id, times in Counter(map(str, ids)).items() if times > 1)
    if repeated:
        return f"{repeated[0]!r} is listed more than once."
    return True if len(ids) > 1 else None
