"""Walks through pages, and compares what they hold with the whole list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from ._account import Job, jobs_in
from ._exchange import RIGHT_KEY, Exchange


@attrs.frozen
class Walk:
    """The pages that were read one after the other, and why no more were.

    `end` is `null` for a walk to the last page, `repeated` where a cursor came a second time,
    `refused` where a page was not given, and `enough` where the walk was cut by choice.
    """

    limit: int
    pages: tuple[Exchange, ...]
    end: str

    @property
    def jobs(self) -> list[Job]:
        """Return the jobs of all pages, in order."""
        return [job for page in self.pages for job in jobs_in(page)]

    @property
    def ids(self) -> list[str]:
        """Return the IDs of all jobs of all pages, in order."""
        return [job["job_id"] for job in self.jobs]


def cursor_of(page: Exchange) -> str | None:
    """Return the cursor of the next page, or None."""
    cursor = page.fields.get("next_cursor")
    return cursor if isinstance(cursor, str) else None


def walk(
    ask: Callable[..., Exchange], limit: int, most: int, key: tuple[str, ...] = RIGHT_KEY
) -> Walk:
    """Read pages of a size from the first on, at most `most` of them."""
    pages: list[Exchange] = []
    cursors: set[str] = set()
    cursor: str | None = None
    while len(pages) < most:
        page = ask(key=key, limit=limit, cursor=cursor)
        pages.append(page)
        if page.status != 200:
            return Walk(limit, tuple(pages), "refused")
        cursor = cursor_of(page)
        if cursor is None:
            return Walk(limit, tuple(pages), "null")
        if cursor in cursors:
            return Walk(limit, tuple(pages), "repeated")
        cursors.add(cursor)
    return Walk(limit, tuple(pages), "enough")


def difference(
    walked: Sequence[str], before: Sequence[str], after: Sequence[str], *, whole: bool
) -> str | None:
    """Return how pages differ from the list as it was before and after the walk, or None.

    Only jobs that stood in both lists count, as others came or went meanwhile. A walk that was
    cut has to be the beginning of the list.
    """
    repeated = next((job for job in dict.fromkeys(walked) if walked.count(job) > 1), None)
    if repeated is not None:
        return f"job {repeated!r} comes {walked.count(repeated)} times"
    lasting = set(before) & set(after)
    expected = [job for job in before if job in lasting]
    seen = [job for job in walked if job in lasting]
    if not whole:
        expected = expected[: len(seen)]
    skipped = [job for job in expected if job not in set(seen)]
    if skipped:
        return f"{len(skipped)} jobs are skipped, job {skipped[0]!r} among them"
    surplus = [job for job in walked if job not in {*before, *after}]
    if surplus:
        return f"job {surplus[0]!r} is on a page and not in the list"
    if seen != expected:
        place = next(
            i for i, pair in enumerate(zip(seen, expected, strict=False)) if len(set(pair)) > 1
        )
        return f"job {seen[place]!r} stands where the list has {expected[place]!r}"
    return None
