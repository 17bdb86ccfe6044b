"""Lists that come in one response: what is asked for, and what happens where that fails."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sutro_jobs import Sutro, TruncatedError, UnexpectedShapeError
from sutro_jobs._jobs.jobs_scanner import JobsScanner, NotAListError
from tests.support.clients import Connect
from tests.support.scripted_server import Raw, Reply, Request, Response, Script
from tests.support.waiting import PATIENCE, eventually

Jobs = list[dict[str, Any]]
Whole = Callable[[Jobs], Reply]

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def account(size: int) -> Jobs:
    return [{"job_id": f"job-{n}", "status": "SUCCEEDED"} for n in range(size)]


def send_whole(jobs: Jobs) -> Reply:
    return Response(body={"message": "All jobs.", "jobs": jobs})


def server_of(jobs: Jobs, whole: Whole = send_whole) -> Callable[[Request], Reply]:
    """Return the handler of a server with pages, whose whole lists `whole` makes."""

    def answer(request: Request) -> Reply:
        if "limit" not in request.query:
            return whole(jobs)
        begin = int(request.query.get("cursor", ["0"])[0])
        end = begin + int(request.query["limit"][0])
        cursor = str(end) if end < len(jobs) else None
        return Response(body={"jobs": jobs[begin:end], "next_cursor": cursor})

    return answer


def as_json(jobs: Jobs) -> bytes:
    return json.dumps({"jobs": jobs}).encode()


def cut_off(jobs: Jobs, at: int) -> Reply:
    body = as_json(jobs)
    return Raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:at])


def ids(jobs: Any) -> list[str]:
    return [job.job_id for job in jobs]


@pytest.mark.parametrize("read", ["to_list", "to_polars"])
def test_a_whole_list_is_one_request(script: Script, connect: Connect, read: str) -> None:
    site = script(server_of(account(450)))
    jobs = getattr(connect(site.url).list_jobs(), read)()
    assert len(jobs) == 450
    assert site.targets == ["/v1/list-jobs"]


def test_iteration_takes_three_pages_and_then_the_rest(script: Script, connect: Connect) -> None:
    jobs = account(1234)
    site = script(server_of(jobs))
    assert ids(connect(site.url).list_jobs()) == [job["job_id"] for job in jobs]
    assert site.targets == [
        "/v1/list-jobs?limit=100",
        "/v1/list-jobs?limit=100&cursor=100",
        "/v1/list-jobs?limit=100&cursor=200",
        "/v1/list-jobs",
    ]


@pytest.mark.parametrize("limit", [1, 299, 300, 301, 1000, 2000])
def test_a_limit_gives_as_many(script: Script, connect: Connect, limit: int) -> None:
    jobs = account(1234)
    client = connect(script(server_of(jobs)).url)
    wanted = [job["job_id"] for job in jobs[:limit]]
    assert ids(client.list_jobs(limit)) == wanted
    assert ids(client.list_jobs(limit).to_list()) == wanted


def test_jobs_that_came_meanwhile_are_left_out(script: Script, connect: Connect) -> None:
    jobs = account(500)
    newer = [{"job_id": "new-1", "status": "QUEUED"}, {"job_id": "new-2", "status": "QUEUED"}]
    site = script(server_of(jobs, lambda jobs: send_whole(newer + jobs)))
    assert ids(connect(site.url).list_jobs()) == [job["job_id"] for job in jobs]


def test_jobs_of_one_moment_in_another_order_come_once_each(
    script: Script, connect: Connect
) -> None:
    jobs = account(500)

    def whole(jobs: Jobs) -> Reply:
        changed = jobs.copy()
        changed[295:305] = reversed(changed[295:305])
        return send_whole(changed)

    found = ids(connect(script(server_of(jobs, whole)).url).list_jobs())
    assert sorted(found) == sorted(job["job_id"] for job in jobs)


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(lambda _: Response(524, b"<html>"), id="time-out of the proxy"),
        pytest.param(lambda _: Response(400, {"detail": "limit is missing"}), id="refused"),
        pytest.param(lambda _: Raw(), id="hung up"),
        pytest.param(lambda _: Response(body=b"[]"), id="no object"),
        pytest.param(lambda _: Response(body={"jobs": []}), id="empty"),
        pytest.param(lambda jobs: cut_off(jobs, 5000), id="cut early"),
        pytest.param(lambda jobs: cut_off(jobs, 40_000), id="cut late"),
        pytest.param(
            lambda jobs: Response(body=json.dumps({"jobs": jobs}).encode()[:-1]), id="open"
        ),
        pytest.param(
            lambda jobs: Response(body=json.dumps({"jobs": jobs}).encode() + b"!"), id="surplus"
        ),
    ],
)
def test_a_list_that_does_not_come_whole_is_read_in_pages(
    script: Script, connect: Connect, whole: Whole
) -> None:
    jobs = account(1000)
    client = connect(script(server_of(jobs, whole)).url)
    assert ids(client.list_jobs()) == [job["job_id"] for job in jobs]
    if whole(jobs) != Response(body={"jobs": []}):  # An empty list is one, if nothing is known.
        assert ids(client.list_jobs().to_list()) == [job["job_id"] for job in jobs]


@pytest.mark.parametrize("size", [2, 100, 350, 999])
def test_a_server_that_always_sends_pages_loses_no_job(
    script: Script, connect: Connect, size: int
) -> None:
    jobs = account(1000)
    page = Response(body={"jobs": jobs[:size], "next_cursor": str(size)})
    client = connect(script(server_of(jobs, lambda _: page)).url)
    wanted = [job["job_id"] for job in jobs]
    assert ids(client.list_jobs()) == wanted
    assert ids(client.list_jobs().to_list()) == wanted
    assert ids(client.list_jobs(600).to_list()) == wanted[:600]


def test_pages_that_do_not_go_on_are_an_error(script: Script, connect: Connect) -> None:
    whole = account(1000)
    answer = server_of(account(0), lambda _: cut_off(whole, 20_000))
    with pytest.raises(TruncatedError, match="broke its list of jobs off"):
        connect(script(answer).url).list_jobs().to_list()


def test_a_job_that_is_none_is_an_error_in_either_way(script: Script, connect: Connect) -> None:
    jobs = [*account(120), {"job_id": 7}]
    client = connect(script(server_of(jobs)).url)
    with pytest.raises(UnexpectedShapeError):
        client.list_jobs().to_list()


def test_who_stops_early_has_not_fetched_the_rest(script: Script) -> None:
    first = account(400)
    sent = threading.Event()
    closed = threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            yield b'{"jobs":[' + b",".join(json.dumps(job).encode() for job in first)
            number = 0
            while True:
                number += 1
                yield b',{"job_id":"later-%d","status":"QUEUED"}' % number
                sent.set()
        finally:
            closed.set()

    site = script(server_of(account(400), lambda _: Response(body=endless())))
    with Sutro(api_url=site.url, api_key="key") as client:
        jobs = ids(islice(client.list_jobs(), 350))
        assert jobs == [job["job_id"] for job in first[:350]]
        assert sent.wait(PATIENCE)
    eventually(closed.is_set)


def test_a_small_page_size_means_pages(script: Script, connect: Connect) -> None:
    site = script(server_of(account(100)))
    connect(site.url).list_jobs(page_size=20).to_list()
    assert all("limit=20" in target for target in site.targets)


@given(
    jobs=st.lists(st.dictionaries(st.text(), JSON_VALUES), max_size=5),
    others=st.dictionaries(st.text().filter(lambda name: name != "jobs"), JSON_VALUES, max_size=3),
    before=st.booleans(),
    indent=st.sampled_from([None, 1]),
    cuts=st.lists(st.integers(0, 400)),
)
def test_jobs_are_found_wherever_the_body_is_cut(
    jobs: Jobs, others: dict[str, Any], before: bool, indent: int | None, cuts: list[int]
) -> None:
    parts = [others, {"jobs": jobs}] if before else [{"jobs": jobs}, others]
    text = json.dumps(parts[0] | parts[1], indent=indent, ensure_ascii=False)
    body = text.encode("utf-8", "surrogatepass")
    if body.decode("utf-8", "replace") != text:
        return
    edges = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    scanner = JobsScanner()
    found = [job for begin, end in pairwise(edges) for job in scanner.feed(body[begin:end])]
    found += scanner.feed(b"")
    assert [json.loads(job) for job in found] == jobs


@given(st.binary(max_size=60))
def test_any_bytes_are_a_list_or_no_list(body: bytes) -> None:
    scanner = JobsScanner()
    try:
        for index in range(len(body)):
            scanner.feed(body[index : index + 1])
        scanner.feed(b"")
    except NotAListError:
        return
    assert "jobs" in json.loads(body)


def test_a_body_without_bottom_is_no_list() -> None:
    with pytest.raises(NotAListError):
        JobsScanner().feed(b'{"jobs":[' + b"[" * 100_000)


def test_a_number_of_any_length_is_read() -> None:
    scanner = JobsScanner()
    job = '{"n":' + "9" * 10_000 + "}"
    assert scanner.feed(f'{{"jobs":[{job}]}}'.encode()) == [job]


def test_the_time_that_the_consumer_takes_does_not_count(script: Script) -> None:
    site = script(server_of(account(30_000)))
    with Sutro(api_url=site.url, api_key="k", timeout=0.5) as client:
        for number, _ in enumerate(client.list_jobs()):
            if number in {400, 600, 800}:
                time.sleep(0.6)
    assert len(site.targets) == 4
