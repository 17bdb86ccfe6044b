"""Pages: complete, in order, and with an end: PAGE-01 to -06."""

from __future__ import annotations

from ...api.answers import Job, cursor_of, ids_in, job_in, jobs_in
from ...api.listing import digest
from ...api.pages import Walk
from ...api.shapes import documented
from ...judging.clause import MUST, SHOULD, Ruling, clause
from ...judging.probe import Probe
from ...scenarios.walks import compared_walks, has_changed, walk_again, walk_problem
from ...wire.exchange import Exchange
from ...wire.target import Edition

_CURSOR = "Seed 1 (list page, e2 and e3), `cursor` and `next_cursor`"


_PAGED = ["LIST-02", "LIST-17", "PAGE-01", "PAGE-02", "TENANT-01"]


_SEVERAL = "two jobs"


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
    for walked in (each.walk for each in compared_walks(probe)):
        if walked.end == "missing":
            probe.missing = "pages with `next_cursor`"
            continue
        where = f"With `limit={walked.limit}`"
        *_, last = walked.pages
        probe.expect_status(last, f"{where} a page", 200, shown_by=walked.pages[-2:-1])
        probe.expect(walked.end != "repeated", f"{where} a cursor comes again.", *_end(walked))
        message = f"{where} {len({*walked.ids})} jobs take {len(walked.pages)} pages, and no end."
        probe.expect(walked.end != "endless", message, *_end(walked))


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
    during the walk do not count, and jobs made at the same time may change places.

    Violation: with `limit=10` the eleventh job is on no page.
    """
    probe.require(len(probe.account.jobs) > 1, _SEVERAL)
    for compared in compared_walks(probe):
        if compared.walk.end in ("refused", "repeated", "missing"):
            continue
        problem = walk_problem(probe, compared)
        if problem and has_changed(probe, compared):
            compared = walk_again(probe, compared.walk)
            problem = walk_problem(probe, compared)
        where = f"With `limit={compared.walk.limit}`"
        culprits = _culprits(compared.walk, probe.run.listing(compared.before).ids)
        probe.expect(not problem, f"{where}, {problem}.", compared.before, *culprits)


def _culprits(walked: Walk, expected: list[str]) -> tuple[Exchange, ...]:
    """Return the pages up to the first that is not the continuation of the list."""
    start = 0
    for number, page in enumerate(walked.pages):
        ids = ids_in(page)
        if ids != expected[start : start + len(ids)]:
            return walked.pages[max(number - 1, 0) : number + 1]
        start += len(ids)
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
    """Clients that page must see what others see. Jobs that change meanwhile do not count.

    Violation: `num_rows` is null on pages only.
    """
    for compared in compared_walks(probe):
        before, after = map(probe.run.listing, (compared.before, compared.after))
        for page in compared.walk.pages:
            for job in jobs_in(page):
                known = before.digests.get(job["job_id"])
                if known is not None and known == after.digests.get(job["job_id"]):
                    names = [] if known == digest(job) else _differing(job, compared.before)
                    message = f"Job {job['job_id']!r} differs in `{'`, `'.join(names)}`."
                    probe.expect(not names, message, compared.before, page)


def _differing(job: Job, listing: Exchange) -> list[str]:
    known, shown = documented(job_in(listing, job["job_id"])), documented(job)
    return [name for name in known | shown if known.get(name) != shown.get(name)]


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
    for walked in (each.walk for each in compared_walks(probe)):
        for page in walked.pages:
            if cursor_of(page) is not None and page.status == 200:
                count = len(jobs_in(page))
                message = f"`limit={walked.limit}` gives {count} and a cursor."
                probe.expect(count >= walked.limit, message, page)


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
    probe.require(probe.account.jobs, "a job")
    for walked in (each.walk for each in compared_walks(probe)):
        for page in walked.pages:
            empty = page.status == 200 and page.fields.get("jobs") == []
            probe.expect(not empty, f"`limit={walked.limit}` gives an empty page.", *_end(walked))
