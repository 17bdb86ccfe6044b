"""Walks through pages of several sizes, between two readings of the whole list."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import attrs

from ..api.pages import Walk, difference, walk
from ..judging.probe import Probe, once_a_run
from ..wire.exchange import Exchange

# A long list is walked to its end once, in pages of the largest size; this many take a minute at a
# distance.
_MOST_PAGES_TO_THE_END = 250
_MIDDLING = 10


@attrs.frozen
class ComparedWalk:
    """A walk, and the whole list as it was before and after it."""

    before: Exchange
    walk: Walk
    after: Exchange


@once_a_run
def compared_walks(probe: Probe) -> list[ComparedWalk]:
    """Walk through pages of several sizes, side by side."""
    count = len(probe.account.jobs)
    most_pages = probe.by_profile(12, 60)
    sizes = [*_sizes(probe, count), *_telling_sizes(probe, most_pages)]
    most = {size: min(count // size + 3, most_pages) for size in sizes}
    if probe.settings.is_full:
        most[100] = min(count // 100 + 3, _MOST_PAGES_TO_THE_END)
    before = probe.account.first_listing
    with ThreadPoolExecutor(len(most)) as walkers:
        walks = list(walkers.map(lambda size: walk(probe.list_jobs, size, most[size]), most))
    after = probe.read_list_again()
    compared = [ComparedWalk(before, walked, after) for walked in walks]
    if has_changed(probe, compared[0]):
        # Jobs came meanwhile, and pages that begin now have to have them.
        compared.append(_walk_after(probe, after))
    return compared


def _walk_after(probe: Probe, before: Exchange) -> ComparedWalk:
    most = probe.by_profile(12, 60)
    walked = walk(probe.list_jobs, _MIDDLING, min(len(probe.account.jobs) // _MIDDLING + 3, most))
    return ComparedWalk(before, walked, probe.read_list_again())


def has_changed(probe: Probe, compared: ComparedWalk) -> bool:
    """Return whether other jobs stood in the list after the walk than before it."""
    return probe.run.listing(compared.before).ids != probe.run.listing(compared.after).ids


def walk_problem(probe: Probe, compared: ComparedWalk) -> str | None:
    """Return how the pages of a walk differ from the lists around it, or None."""
    listings = map(probe.run.listing, (compared.before, compared.after))
    return difference(compared.walk, *listings)


def walk_again(probe: Probe, walked: Walk) -> ComparedWalk:
    """Repeat a walk that came upon jobs which came or went meanwhile."""
    before = probe.read_list_again()
    again = walk(probe.list_jobs, walked.limit, len(walked.pages))
    return ComparedWalk(before, again, probe.read_list_again())


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
