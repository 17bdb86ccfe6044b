"""Pages of `GET /list-jobs`: complete, in order, and with an end."""

from __future__ import annotations

import attrs

from ..api.account import jobs_in
from ..api.pages import Walk, cursor_of, difference, walk
from ..api.shapes import documented
from ..judging.probe import NotExercised, Probe
from ..judging.registry import MUST, SHOULD, Ruling, clause
from ..wire.exchange import Exchange
from ..wire.target import Edition

_CURSOR = "Seed 1 (list page, e2 and e3), `cursor` and `next_cursor`"
_PAGED = ["LIST-02", "LIST-17", "PAGE-01", "PAGE-02", "TENANT-01"]
_SEVERAL = "two jobs"


@attrs.frozen
class Comparison:
    """Walks of several page sizes, each between two readings of the whole list."""

    walks: tuple[tuple[Exchange, Walk, Exchange], ...]


def _walks(probe: Probe) -> Comparison:
    return probe.remember("walks", lambda: _walk_all(probe))


def _walk_all(probe: Probe) -> Comparison:
    count = len(probe.account.jobs)
    most_pages = probe.several(12, 60)
    walks = []
    before = probe.list_jobs()
    for limit in [*_sizes(probe, count), *_telling_sizes(probe, most_pages)]:
        walked = walk(probe.list_jobs, limit, min(count // limit + 3, most_pages))
        after = probe.list_jobs()
        walks.append((before, walked, after))
        before = after
    return Comparison(tuple(walks))


def _sizes(probe: Probe, count: int) -> list[int]:
    """Return page sizes that cut the list at different places, and exactly where there are any."""
    sizes = [100, count, count - 1, 1, 2, 3, 7, (count + 1) // 2, count // 3, 50, 10]
    if probe.settings.is_full:
        sizes += [99, 5, 20, count + 1, *(size for size in range(2, 40) if count % size == 0)][:7]
    allowed = [size for size in dict.fromkeys(sizes) if 1 <= size <= 100]
    return allowed[: probe.several(6, 14)]


def _telling_sizes(probe: Probe, most_pages: int) -> list[int]:
    """Return page sizes that end a page with the last job, and between jobs of one time."""
    made = [job.get("datetime_created") for job in probe.account.jobs]
    ends = [len(made)] if len(made) > 100 else []
    ends += [place for place in range(1, len(made)) if made[place - 1] == made[place]][:2]
    sizes = []
    for end in ends:
        exact = [size for size in range(100, 0, -1) if end % size == 0]
        sizes += [size for size in exact if end // size < most_pages][:1]
    return [size for size in dict.fromkeys(sizes) if size > 3]


def _whole(walked: Walk) -> bool:
    return walked.end == "null"


@clause(
    "PAGE-01",
    MUST,
    "A page holds at most `limit` jobs.",
    source="Seed 1 (list page, e2 and e3): up to `limit` items",
    needs=_SEVERAL,
)
def at_most(exchange: Exchange, _: Edition) -> Ruling:
    """Clients ask for small pages to stay small.

    Violation: `limit=1` gives two jobs, or all of them.
    """
    limits, jobs = exchange.request.values("limit"), exchange.fields.get("jobs")
    if exchange.request.operation != "list" or exchange.status != 200 or not isinstance(jobs, list):
        return None
    if len(limits) != 1 or not limits[0].isascii() or not limits[0].isdigit() or not jobs:
        return None
    return True if len(jobs) <= int(limits[0]) else f"`limit={limits[0]}` gives {len(jobs)} jobs."


@clause(
    "PAGE-02",
    MUST,
    "Pages come to an end: each cursor is accepted, none comes twice, and the last one is null.",
    source=_CURSOR + ": null if there are no more pages",
    rests_on=["LIST-02", "LIST-17", "TENANT-01"],
)
def come_to_an_end(probe: Probe) -> None:
    """A client that follows cursors must not run for ever or stop half-way.

    Violation: the last page gives the cursor of the first one again.
    """
    for _, walked, _ in _walks(probe).walks:
        last = walked.pages[-1]
        if walked.end == "missing":
            probe.lacking = "pages with `next_cursor`"
            continue
        where = f"With `limit={walked.limit}`"
        probe.expect(
            walked.end != "refused", f"{where} a page is answered {last.status}.", *_end(walked)
        )
        probe.expect(walked.end != "repeated", f"{where} a cursor comes again.", *_end(walked))
        probe.expect(
            walked.end != "endless",
            f"{where} {len({*walked.ids})} jobs take {len(walked.pages)} pages, and no end.",
            *_end(walked),
        )


def _end(walked: Walk) -> tuple[Exchange, ...]:
    return walked.pages[-2:]


@clause(
    "PAGE-03",
    MUST,
    "Pages joined are the whole list in its order, nothing skipped or repeated, for any page size.",
    source=_CURSOR + "; complete list of all jobs",
    needs=_SEVERAL,
    rests_on=_PAGED,
)
def joined(probe: Probe) -> None:
    """A job that is skipped at a page boundary is lost to everyone who pages. Jobs that come or go
    during the walk don't count, and jobs made at the same time may change places.

    Violation: with `limit=10` the eleventh job is on no page.
    """
    probe.need(len(probe.account.jobs) > 1, _SEVERAL)
    for before, walked, after in _walks(probe).walks:
        if walked.end in ("refused", "repeated", "missing"):
            continue
        problem = _compared(before, walked, after)
        if problem and _ids(before) != _ids(after):
            before, walked, after = _again(probe, walked)
            problem = _compared(before, walked, after)
        where = f"With `limit={walked.limit}`"
        probe.expect(not problem, f"{where}, {problem}.", before, *_culprits(walked, before))


def _again(probe: Probe, walked: Walk) -> tuple[Exchange, Walk, Exchange]:
    before = probe.list_jobs()
    again = walk(probe.list_jobs, walked.limit, len(walked.pages))
    return before, again, probe.list_jobs()


def _compared(before: Exchange, walked: Walk, after: Exchange) -> str | None:
    return difference(walked.jobs, jobs_in(before), jobs_in(after), whole=_whole(walked))


def _ids(exchange: Exchange) -> list[str]:
    return [job["job_id"] for job in jobs_in(exchange)]


def _culprits(walked: Walk, before: Exchange) -> tuple[Exchange, ...]:
    """Return the pages up to the first that is not the continuation of the list."""
    expected = _ids(before)
    place = 0
    for number, page in enumerate(walked.pages):
        ids = _ids(page)
        if ids != expected[place : place + len(ids)]:
            return walked.pages[max(number - 1, 0) : number + 1]
        place += len(ids)
    return walked.pages[-2:]


@clause(
    "PAGE-04",
    MUST,
    "A job on a page is the same as in the whole list.",
    source="Seed 1 (list page, e2 and e3): one Job object for both",
    needs="a job that has ended",
    rests_on=["LIST-03", "LIST-04", "STATUS-04", "LIFE-01"],
)
def same_jobs(probe: Probe) -> None:
    """Clients that page must see what others see. Jobs that change meanwhile don't count.

    Violation: `num_rows` is null on pages only.
    """
    for before, walked, after in _walks(probe).walks:
        whole = {job["job_id"]: documented(job) for job in jobs_in(before)}
        later = {job["job_id"]: documented(job) for job in jobs_in(after)}
        for page in walked.pages:
            for job in map(documented, jobs_in(page)):
                known = whole.get(job["job_id"])
                if known is not None and known == later.get(job["job_id"]):
                    names = [name for name in known | job if known.get(name) != job.get(name)]
                    message = f"Job {job['job_id']!r} differs in `{'`, `'.join(names)}`."
                    probe.expect(not names, message, before, page)


@clause(
    "PAGE-05",
    SHOULD,
    "A page that is not the last is full.",
    source="Seed 1 (list page, e2 and e3): number of jobs to return per page; up to `limit` items",
    needs=_SEVERAL,
    rests_on=_PAGED,
)
def full(probe: Probe) -> None:
    """Short pages are allowed, but cost clients requests.

    Violation: `limit=10` gives 9 jobs and a cursor.
    """
    for _, walked, _ in _walks(probe).walks:
        for page in walked.pages:
            if cursor_of(page) is not None and page.status == 200:
                count = len(jobs_in(page))
                probe.expect(
                    count >= walked.limit,
                    f"`limit={walked.limit}` gives {count} and a cursor.",
                    page,
                )


@clause(
    "PAGE-06",
    SHOULD,
    "No page is empty, unless the account is: `next_cursor` is null as soon as no job is left.",
    source=_CURSOR + ": null if there are no more pages",
    needs="a job",
    rests_on=_PAGED,
)
def not_empty(probe: Probe) -> None:
    """An empty page may be counted as one, so this is not more than a wish.

    Violation: the last job is followed by a page without jobs.
    """
    probe.need(probe.account.jobs, "a job")
    for _, walked, _ in _walks(probe).walks:
        for page in walked.pages:
            empty = page.status == 200 and page.fields.get("jobs") == []
            probe.expect(not empty, f"`limit={walked.limit}` gives an empty page.", *_end(walked))


@clause(
    "PAGE-10",
    SHOULD,
    "A cursor gives the same page when it is used again.",
    source="RFC 9110, section 9.2.2: GET is idempotent",
    needs="two jobs",
    rests_on=_PAGED,
)
def again(probe: Probe) -> None:
    """Clients repeat a request whose answer was lost.

    Violation: a cursor is refused when it is used a second time.
    """
    cursor = cursor_of(probe.list_jobs(limit=1))
    probe.need(cursor, _SEVERAL)
    pages = [probe.list_jobs(limit=1, cursor=cursor) for _ in range(3)]
    ids = [_ids(page) for page in pages]
    for page, found in zip(pages[1:], ids[1:], strict=True):
        same = page.status == pages[0].status and found == ids[0]
        probe.expect(same, f"The page of {ids[0]} is {found} when read again.", pages[0], page)


@clause(
    "PAGE-11",
    MUST,
    "A cursor used with another `limit` is refused, or continues at the same place.",
    source=_CURSOR,
    needs="three jobs",
    rests_on=[*_PAGED, "PAGE-03"],
)
def other_limit(probe: Probe) -> None:
    """Clients adapt the size of pages to what is left to show.

    Violation: the second page with `limit=5` skips four jobs after a first one with `limit=1`.
    """
    count = len(probe.account.jobs)
    probe.need(count > 2, "three jobs")
    for first_limit, second_limit in ((1, 5), (2, 1), (min(3, count - 1), 100)):
        before = probe.list_jobs()
        first = probe.list_jobs(limit=first_limit)
        cursor = cursor_of(first)
        if cursor is None:
            raise NotExercised("three jobs")
        second = probe.list_jobs(limit=second_limit, cursor=cursor)
        after = probe.list_jobs()
        if second.is_refusal:
            probe.seen(f"a cursor with another `limit` is answered {second.status}")
            probe.expect(True, "")
            continue
        problem = _compared(before, Walk(second_limit, (first, second), "enough"), after)
        message = f"`limit={second_limit}` after `limit={first_limit}`: {problem}."
        probe.expect(not problem, message, before, first, second)
