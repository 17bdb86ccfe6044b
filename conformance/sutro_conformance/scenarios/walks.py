"""Walks through pages of several sizes, each between two readings of the whole list."""

from __future__ import annotations

import attrs

from ..api.pages import Walk, walk
from ..judging.probe import Probe, once_a_run
from ..wire.exchange import Exchange


@attrs.frozen
class ComparedWalk:
    """A walk, and the whole list as it was before and after it."""

    before: Exchange
    walk: Walk
    after: Exchange


@once_a_run
def compared_walks(probe: Probe) -> list[ComparedWalk]:
    """Walk through pages of several sizes."""
    count = len(probe.account.jobs)
    most_pages = probe.by_profile(12, 60)
    walks = []
    before = probe.list_jobs()
    for limit in [*_sizes(probe, count), *_telling_sizes(probe, most_pages)]:
        walked = walk(probe.list_jobs, limit, min(count // limit + 3, most_pages))
        after = probe.list_jobs()
        walks.append(ComparedWalk(before, walked, after))
        before = after
    return walks


def walk_again(probe: Probe, walked: Walk) -> ComparedWalk:
    """Repeat a walk that came upon jobs which came or went meanwhile."""
    before = probe.list_jobs()
    again = walk(probe.list_jobs, walked.limit, len(walked.pages))
    return ComparedWalk(before, again, probe.list_jobs())


def _sizes(probe: Probe, count: int) -> list[int]:
    """Return page sizes that cut the list at different places, and exactly where there are any."""
    sizes = [100, count, count - 1, 1, 2, 3, 7, (count + 1) // 2, count // 3, 50, 10]
    if probe.settings.is_full:
        sizes += [99, 5, 20, count + 1, *(size for size in range(2, 40) if count % size == 0)][:7]
    allowed = [size for size in dict.fromkeys(sizes) if 1 <= size <= 100]
    return allowed[: probe.by_profile(6, 14)]


def _telling_sizes(probe: Probe, most_pages: int) -> list[int]:
    """Return page sizes that end a page with the last job, and between jobs of one time."""
    made = [job.get("datetime_created") for job in probe.account.jobs]
    ends = [len(made)] if len(made) > 100 else []
    ends += [count for count in range(1, len(made)) if made[count - 1] == made[count]][:2]
    sizes = []
    for end in ends:
        exact = [size for size in range(100, 0, -1) if end % size == 0]
        sizes += [size for size in exact if end // size < most_pages][:1]
    return [size for size in dict.fromkeys(sizes) if size > 3]
