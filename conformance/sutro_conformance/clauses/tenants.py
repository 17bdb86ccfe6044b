"""Isolation: what one account has is out of reach for another. Needs a second key."""

from __future__ import annotations

import re

import attrs

from ..api.account import jobs_in
from ..api.pages import cursor_of, walk
from ..judging.probe import Probe, results_path, status_path
from ..judging.registry import MUST, SHOULD, clause
from ..wire.exchange import RIGHT_KEY, SECOND_KEY, Exchange, Request

_SOURCE = "Seed 2: jobs associated with the API key; evidence, everywhere"
_NEEDS = "a second API key, of another account (--second-api-key), and a job of one account alone"


def _pairs(probe: Probe) -> list[tuple[str, tuple[str, ...]]]:
    """Return jobs with the key of the account that does not have them, in both directions."""
    other = probe.other
    mine, theirs = set(probe.account.ids()), set(other.ids())
    first = [job for job in probe.account.ids() if job not in theirs][:2]
    second = [job for job in other.ids() if job not in mine][:2]
    return [(job, SECOND_KEY) for job in first] + [
        (job, probe.account.authorization) for job in second
    ]


@clause("TENANT-01", MUST, "A list holds no job of another account.", source=_SOURCE, needs=_NEEDS)
def lists(probe: Probe) -> None:
    """The first thing that a customer must never see.

    Violation: the lists of two accounts have a job in common.
    """
    probe.need(probe.other.jobs or probe.account.jobs, _NEEDS)
    for limit in (None, 100):
        mine = probe.list_jobs(limit=limit)
        theirs = probe.list_jobs(key=SECOND_KEY, limit=limit)
        known = {job["job_id"] for job in jobs_in(mine)}
        common = [job["job_id"] for job in jobs_in(theirs) if job["job_id"] in known]
        message = f"Job {common[0]!r} is listed for both keys." if common else ""
        probe.expect(not common, message, mine, theirs)
    for account, key in ((probe.other, probe.account.authorization), (probe.account, SECOND_KEY)):
        known = {*account.ids()}
        for page in walk(probe.list_jobs, 3, probe.several(4, 20), key).pages:
            found = [job["job_id"] for job in jobs_in(page) if job["job_id"] in known]
            message = f"Job {found[0]!r} is on a page of another account." if found else ""
            probe.expect(not found, message, account.first_listing, page)


@clause(
    "TENANT-02",
    MUST,
    "The status of another account's job is not given.",
    source=_SOURCE,
    needs=_NEEDS,
    rests_on=["TENANT-01"],
)
def statuses(probe: Probe) -> None:
    """Whoever learns a job's ID, from a log or by guessing, must learn no more.

    Violation: the status of another account's job is answered 200.
    """
    for job, key in probe.need(_pairs(probe), _NEEDS):
        exchange = probe.status(job, key=key)
        message = f"The status of another account's job is answered {exchange.status}."
        probe.expect(exchange.is_refusal, message, exchange)
        headed = probe.send(Request("HEAD", status_path(job), authorization=key))
        message = f"HEAD of the status of another account's job is answered {headed.status}."
        probe.expect(not headed.is_success, message, headed)


@clause(
    "TENANT-03",
    MUST,
    "The results of another account's job are not given, in any format.",
    source=_SOURCE,
    needs="a second API key, of another account (--second-api-key), and a job that succeeded",
    rests_on=["TENANT-01"],
)
def results(probe: Probe) -> None:
    """Results are the data itself.

    Violation: `GET /jobs/{job_id}/results` with another account's key is answered 200.
    """
    mine = [(job["job_id"], SECOND_KEY) for job in probe.account.succeeded(1)]
    theirs = [(job["job_id"], probe.account.authorization) for job in probe.other.succeeded(1)]
    known = {*probe.account.ids()} & {*probe.other.ids()}
    for job, key in probe.need([pair for pair in mine + theirs if pair[0] not in known], _NEEDS):
        requests = [_results(probe, job, form, key) for form in ("json", "csv", "parquet")]
        requests.append(_results(probe, job, "parquet", key, ("include_inputs", "true")))
        owner = RIGHT_KEY if key == SECOND_KEY else SECOND_KEY
        tag = probe.send(_results(probe, job, "parquet", owner)).header("etag")
        if tag is not None:
            headers = (("If-None-Match", tag),)
            requests.append(attrs.evolve(requests[2], headers=headers))
        for exchange in map(probe.send, requests):
            message = f"The results of another account's job are answered {exchange.status}."
            probe.expect(exchange.is_refusal, message, exchange)


def _results(
    probe: Probe, job: str, form: str, key: tuple[str, ...], *more: tuple[str, str]
) -> Request:
    return Request("GET", results_path(job), ((probe.format_name, form), *more), key)


@clause(
    "TENANT-04",
    MUST,
    "A cursor gives another account none of the jobs behind it.",
    source=_SOURCE + "; seed 1: the cursor is opaque",
    needs="a second API key, of another account (--second-api-key), and two jobs",
    rests_on=["TENANT-01"],
)
def cursors(probe: Probe) -> None:
    """A cursor may carry the account in it, and must not bring it along.

    Violation: the first account's cursor, sent with the second key, lists the first one's jobs.
    """
    mine = {*probe.account.ids()} - {*probe.other.ids()}
    cursor = cursor_of(probe.list_jobs(limit=1))
    probe.need(cursor, "two jobs")
    exchange = probe.list_jobs(key=SECOND_KEY, limit=10, cursor=cursor)
    probe.seen(f"another account's cursor is answered {exchange.status}")
    found = [job["job_id"] for job in jobs_in(exchange) if job["job_id"] in mine]
    probe.expect(not found, "Another account's cursor gives that account's jobs.", exchange)
    probe.expect(exchange.status < 500, "Another account's cursor causes an error.", exchange)


@clause(
    "TENANT-05",
    SHOULD,
    "Another account's job is answered like a missing one, and its cursor like a made-up one.",
    source="RFC 9110, section 15.5.5: 404 also where a server won't disclose that something exists",
    needs=_NEEDS,
    rests_on=["TENANT-02", "TENANT-03"],
)
def indistinguishable(probe: Probe) -> None:
    """Any difference tells that a job exists.

    Violation: 403 for another account's job and 404 for a missing one.
    """
    job, key = probe.need(_pairs(probe), _NEEDS)[0]
    missing = probe.unknown_id()
    strangers = [(job, key)]
    if key == SECOND_KEY:
        strangers += [(each["job_id"], key) for each in probe.account.sample(6)]
    for stranger, other_key in strangers:
        for ask in (probe.status, probe.results):
            foreign, unknown = ask(stranger, key=other_key), ask(missing, key=other_key)
            message = "Another account's job is answered otherwise than a missing one."
            same = _traits(foreign, stranger) == _traits(unknown, missing)
            if not same and foreign.status == unknown.status:
                # What is new in each answer, as the ID of a request, tells nothing.
                again = ask(missing, key=other_key)
                same = _traits(again, missing) != _traits(unknown, missing)
            probe.expect(same, message, foreign, unknown)
    cursor = cursor_of(probe.list_jobs(limit=1))
    if cursor is not None:
        pages = [
            probe.list_jobs(key=SECOND_KEY, limit=1, cursor=each) for each in (cursor, cursor[::-1])
        ]
        message = "Another account's cursor is answered otherwise than a made-up one."
        probe.expect(pages[0].status == pages[1].status, message, *pages)


def _traits(exchange: Exchange, job_id: str) -> tuple[int, str, list[str]]:
    """Return what must not tell two jobs apart: all of an answer but the ID, or a part of it."""
    text = exchange.body.decode("utf-8", "replace")
    text = re.sub(rf"(?<!\w){re.escape(job_id)}(?!\w)", "ID", text)
    text = re.sub(r"[\w:@-]{4,}", lambda word: "ID" if word[0] in job_id else word[0], text)
    return exchange.status, text, sorted({name.lower() for name, _ in exchange.headers})
