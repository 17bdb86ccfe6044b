"""Isolation: what one account has is out of reach for another. Needs a second key."""

from __future__ import annotations

import re

import attrs

from ..api.answers import ids_in
from ..api.pages import walk
from ..api.requests import results_path, status_path
from ..judging.clause import MUST, SHOULD, Phase, clause
from ..judging.probe import SECOND_KEY_NEEDED, Probe
from ..scenarios.cancelling import LEAVE, cancel_active_jobs, cancel_method
from ..scenarios.reads import first_cursor
from ..wire.exchange import RIGHT_KEY, SECOND_KEY, Exchange, Request

_SOURCE = "Seed 2: jobs associated with the API key; evidence, everywhere"


_NEEDS = f"{SECOND_KEY_NEEDED}, and a job of one account alone"
_NEEDS_ACTIVE = f"{LEAVE}, and an active job, and {SECOND_KEY_NEEDED}"


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
    probe.require(probe.other.jobs or probe.account.jobs, _NEEDS)
    lists = [(probe.account.first_listing, probe.other.first_listing)]
    lists.append((probe.list_jobs(limit=100), probe.list_jobs(key=SECOND_KEY, limit=100)))
    for mine, theirs in lists:
        own, others = map(probe.run.listing, (mine, theirs))
        common = [job_id for job_id in others.ids if job_id in own.states]
        message = f"Job {common[0]!r} is listed for both keys." if common else ""
        probe.expect(not common, message, mine, theirs)
    for account, key in ((probe.other, probe.account.authorization), (probe.account, SECOND_KEY)):
        known = {*account.ids()}
        for page in walk(probe.list_jobs, 3, probe.by_profile(4, 20), key).pages:
            found = [job_id for job_id in ids_in(page) if job_id in known]
            message = f"Job {found[0]!r} is on a page of another account." if found else ""
            probe.expect(not found, message, account.first_listing, page)


@clause(
    "TENANT-02",
    MUST,
    "The status of another account's job is not given: 404.",
    source=_SOURCE,
    needs=_NEEDS,
    rests_on=["TENANT-01"],
)
def statuses(probe: Probe) -> None:
    """Whoever learns a job's ID, from a log or by guessing, must learn no more.

    Violation: the status of another account's job is answered 200.
    """
    for job, key in probe.require(_pairs(probe), _NEEDS):
        owner = RIGHT_KEY if key == SECOND_KEY else SECOND_KEY
        # A cache that forgets whom an answer is for gives it right after its owner has read it.
        probe.status(job, key=owner)
        exchange = probe.status(job, key=key)
        probe.expect_status(exchange, "The status of another account's job", 404)
        headed = probe.send(Request("HEAD", status_path(job), authorization=key))
        message = f"HEAD of the status of another account's job is answered {headed.status}."
        probe.expect(not headed.is_success, message, headed)


@clause(
    "TENANT-03",
    MUST,
    "The results of another account's job are not given, in any format: 404.",
    source=_SOURCE,
    needs=f"{SECOND_KEY_NEEDED}, and a job that succeeded",
    rests_on=["TENANT-01"],
)
def results(probe: Probe) -> None:
    """Results are the data itself.

    Violation: `GET /jobs/{job_id}/results` with another account's key is answered 200.
    """
    mine = [(job["job_id"], SECOND_KEY) for job in probe.account.succeeded(1)]
    theirs = [(job["job_id"], probe.account.authorization) for job in probe.other.succeeded(1)]
    known = {*probe.account.ids()} & {*probe.other.ids()}
    for job, key in probe.require([pair for pair in mine + theirs if pair[0] not in known], _NEEDS):
        requests = [_results(probe, job, format_, key) for format_ in ("json", "csv", "parquet")]
        requests.append(_results(probe, job, "parquet", key, ("include_inputs", "true")))
        owner = RIGHT_KEY if key == SECOND_KEY else SECOND_KEY
        tag = probe.send(_results(probe, job, "parquet", owner)).header("etag")
        if tag is not None:
            headers = (("If-None-Match", tag),)
            requests.append(attrs.evolve(requests[2], headers=headers))
        for exchange in probe.send_all(requests):
            probe.expect_status(exchange, "The request for results of another account's job", 404)


def _results(
    probe: Probe, job: str, format_: str, key: tuple[str, ...], *more: tuple[str, str]
) -> Request:
    return Request("GET", results_path(job), ((probe.format_name, format_), *more), key)


@clause(
    "TENANT-04",
    MUST,
    "A cursor gives another account none of the jobs behind it.",
    source=_SOURCE + "; seed 1: the cursor is opaque",
    needs=f"{SECOND_KEY_NEEDED}, and two jobs",
    rests_on=["TENANT-01"],
)
def cursors(probe: Probe) -> None:
    """A cursor may carry the account in it, and must not bring it along.

    Violation: the first account's cursor, sent with the second key, lists the first one's jobs.
    """
    mine = {*probe.account.ids()} - {*probe.other.ids()}
    cursor = probe.require(first_cursor(probe), "two jobs")
    exchange = probe.list_jobs(key=SECOND_KEY, limit=10, cursor=cursor)
    probe.note(f"another account's cursor is answered {exchange.status}")
    found = [job_id for job_id in ids_in(exchange) if job_id in mine]
    probe.expect(not found, "Another account's cursor gives that account's jobs.", exchange)
    probe.expect_no_error(exchange, "Another account's cursor")


@clause(
    "TENANT-05",
    SHOULD,
    "Another account's job is answered like a missing one, and its cursor like a made-up one.",
    source="RFC 9110, section 15.5.5: 404 also hides that something exists",
    needs=_NEEDS,
    rests_on=["TENANT-02", "TENANT-03"],
)
def indistinguishable(probe: Probe) -> None:
    """Any difference tells that a job exists.

    Violation: 403 for another account's job and 404 for a missing one.
    """
    job, key = probe.require(_pairs(probe), _NEEDS)[0]
    missing = probe.unknown_id()
    strangers = [(job, key)]
    if key == SECOND_KEY:
        strangers += [(each["job_id"], key) for each in probe.account.sample(6)]
    for stranger, other_key in strangers:
        for ask in (probe.status, probe.results):
            foreign, unknown = ask(stranger, key=other_key), ask(missing, key=other_key)
            if foreign.status == 404 and unknown.status in (400, 422):
                probe.missing = "made-up IDs that the server does not call malformed"
                continue
            message = "Another account's job is answered otherwise than a missing one."
            same = _traits(foreign, stranger) == _traits(unknown, missing)
            if not same and foreign.status == unknown.status:
                # What is new in each answer, as the ID of a request, tells nothing.
                again = ask(missing, key=other_key)
                same = _traits(again, missing) != _traits(unknown, missing)
            probe.expect(same, message, foreign, unknown)
    cursor = first_cursor(probe)
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


@clause(
    "TENANT-06",
    MUST,
    "Another account's job cannot be cancelled: 404.",
    source="Seed 2: jobs associated with the API key; evidence, 4. cancel: missing job: 404",
    needs=_NEEDS_ACTIVE,
    rests_on=["CANCEL-10", "AUTH-03"],
    phase=Phase.CANCEL,
)
def foreign(probe: Probe) -> None:
    """Otherwise one customer stops another's work.

    Violation: the second key cancels the first account's job.
    """
    for attempt in probe.require(cancel_active_jobs(probe).foreign, _NEEDS_ACTIVE):
        is_main = attempt.exchange.request.method == cancel_method(probe.edition)
        allowed = (404,) if is_main else (404, 405, 501)
        probe.expect_status(attempt.exchange, "The cancellation of another account's job", *allowed)
        message = "Another account's key cancels the job."
        probe.expect(not attempt.took_effect, message, attempt.exchange, attempt.status)
