"""Walks through pages, and compares what they hold with the whole list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import attrs

from ..wire.exchange import RIGHT_KEY, Exchange
from .answers import Job, cursor_of, jobs_in
from .listing import Listing

# Pages without new jobs after which a walk is called endless: some servers give one or two.
_IDLE = 4


@attrs.frozen
class Walk:
    """The pages that were read one after the other, and why no more were.

    `end` is `null` for a walk to the last page, `missing` where a page has no `next_cursor`,
    `repeated` where a cursor came a second time, `refused` where a page was not given, `endless`
    where pages bring no other jobs any more, and `enough` where the walk was cut by choice.
    """

    limit: int
    pages: tuple[Exchange, ...]
    end: str

    @property
    def is_whole(self) -> bool:
        """Return whether the walk came to the last page."""
        return self.end == "null"

    @property
    def jobs(self) -> list[Job]:
        """Return the jobs of all pages, in order."""
        return [job for page in self.pages for job in jobs_in(page)]

    @property
    def ids(self) -> list[str]:
        """Return the IDs of all jobs of all pages, in order."""
        return [job["job_id"] for job in self.jobs]


def walk(
    ask: Callable[..., Exchange], limit: int, most: int, key: tuple[str, ...] = RIGHT_KEY
) -> Walk:
    """Read pages of a size from the first on, at most `most` of them that bring jobs."""
    pages: list[Exchange] = []
    cursors: set[str] = set()
    seen: set[str] = set()
    idle = 0
    cursor: str | None = None
    while len(pages) < most or 0 < idle < _IDLE:
        page = ask(key=key, limit=limit, cursor=cursor)
        pages.append(page)
        ids = {job["job_id"] for job in jobs_in(page)}
        idle = 0 if ids - seen else idle + 1
        seen |= ids
        if page.status != 200:
            return Walk(limit, tuple(pages), "refused")
        cursor = cursor_of(page)
        if cursor is None:
            is_last = page.fields.get("next_cursor", "missing") is None
            return Walk(limit, tuple(pages), "null" if is_last else "missing")
        if cursor in cursors:
            return Walk(limit, tuple(pages), "repeated")
        if idle == _IDLE:
            return Walk(limit, tuple(pages), "endless")
        cursors.add(cursor)
    return Walk(limit, tuple(pages), "enough")


def difference(walked: Walk, before: Listing, after: Listing) -> str | None:
    """Return how pages differ from the list as it was before and after the walk, or None.

    Only jobs that stood in both lists count, as others came or went meanwhile. A walk that was
    cut has to be the beginning of the list. Jobs made at the same time may change places.
    """
    ids = walked.ids
    repeated = next((job for job, times in Counter(ids).items() if times > 1), None)
    if repeated is not None:
        return f"job {repeated!r} comes {ids.count(repeated)} times"
    surplus = sorted({*ids} - before.states.keys() - after.states.keys())
    if surplus:
        return f"job {surplus[0]!r} is on a page and not in the list"
    seen = [job for job in ids if job in before.states and job in after.states]
    return _out_of_place(seen, before, after, whole=walked.is_whole)


def _out_of_place(
    seen: Sequence[str], before: Listing, after: Listing, *, whole: bool
) -> str | None:
    made = after.created | before.created
    lasting = [job for job in before.ids if job in after.states]
    expected = lasting if whole else lasting[: len(seen)]
    known = {*seen}
    skipped = [job for job in expected if job not in known]
    if not whole and seen:
        skipped = [job for job in skipped if made[job] != made[seen[-1]]]
    if skipped:
        return f"{len(skipped)} jobs are skipped, job {skipped[0]!r} among them"
    for one, other in zip(seen, expected, strict=False):
        if made[one] != made[other]:
            return f"job {one!r} stands where the list has {other!r}"
    return None
