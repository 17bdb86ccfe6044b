"""Lists: pages, limits, cursors."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.server.conftest import AddJob
from tests.support.reference_server import Server, StartServer


def walk(client: httpx.Client, limit: int) -> list[list[dict[str, Any]]]:
    """Return the pages of the list."""
    pages: list[list[dict[str, Any]]] = []
    query: dict[str, str | int] = {"limit": limit}
    while True:
        page = client.get("/list-jobs", params=query).json()
        pages.append(page["jobs"])
        if page["next_cursor"] is None:
            return pages
        query["cursor"] = page["next_cursor"]


def test_without_limit_the_answer_is_a_message_and_every_job(demo: httpx.Client) -> None:
    answer = demo.get("/list-jobs").json()
    assert set(answer) == {"message", "jobs"}
    assert len(answer["jobs"]) > 100


def test_with_limit_the_answer_is_a_page_and_a_cursor(demo: httpx.Client) -> None:
    answer = demo.get("/list-jobs?limit=7").json()
    assert set(answer) == {"jobs", "next_cursor"}
    assert len(answer["jobs"]) == 7


@pytest.mark.parametrize("limit", [1, 50, 99, 100])
def test_pages_joined_are_the_whole_list(demo: httpx.Client, limit: int) -> None:
    joined = [job["job_id"] for page in walk(demo, limit) for job in page]
    assert joined == [job["job_id"] for job in demo.get("/list-jobs").json()["jobs"]]


def test_jobs_come_newest_first(demo: httpx.Client) -> None:
    created = [job["datetime_created"] for job in demo.get("/list-jobs").json()["jobs"]]
    assert created == sorted(created, reverse=True)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "9" * 5000])
def test_a_limit_out_of_bounds_is_refused(demo: httpx.Client, limit: str) -> None:
    answer = demo.get("/list-jobs", params={"limit": limit})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", "limit"]


def test_an_account_without_jobs_has_an_empty_list(start_server: StartServer) -> None:
    server = start_server()
    with server.client() as client:
        assert client.get("/list-jobs").json()["jobs"] == []
        assert client.get("/list-jobs?limit=5").json() == {"jobs": [], "next_cursor": None}


@given(text=st.text(min_size=1, max_size=200))
def test_a_cursor_of_any_text_is_refused(demo: httpx.Client, text: str) -> None:
    assert demo.get("/list-jobs", params={"limit": 5, "cursor": text}).status_code == 422


@given(data=st.data())
def test_an_altered_cursor_is_refused(demo: httpx.Client, data: st.DataObject) -> None:
    cursor = demo.get("/list-jobs?limit=5").json()["next_cursor"]
    place = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("ABCabc019-_="))
    altered = cursor[:place] + letter + cursor[place + 1 :]
    answer = demo.get("/list-jobs", params={"limit": 5, "cursor": altered})
    assert answer.status_code == (200 if altered == cursor else 422)


def test_another_tenants_cursor_is_refused(demo: httpx.Client, server: Server) -> None:
    cursor = demo.get("/list-jobs?limit=2").json()["next_cursor"]
    headers = {"Authorization": f"Key {server.other_key}"}
    answer = demo.get("/list-jobs", params={"limit": 2, "cursor": cursor}, headers=headers)
    assert answer.status_code == 422


def test_a_cursor_without_limit_is_ignored(demo: httpx.Client) -> None:
    assert demo.get("/list-jobs?cursor=anything").json() == demo.get("/list-jobs").json()


def test_pages_stay_whole_while_jobs_arrive(start_server: StartServer, add_job: AddJob) -> None:
    server = start_server()
    before = [add_job(server.data, "--job-id", f"job-{number}") for number in range(9)]
    seen: list[str] = []
    query: dict[str, str | int] = {"limit": 2}
    with server.client() as client:
        while True:
            page = client.get("/list-jobs", params=query).json()
            seen += [job["job_id"] for job in page["jobs"]]
            # One job newer than all, and one that is older than some jobs that are still to come.
            add_job(server.data)
            add_job(
                server.data, "--created", "2001-01-01T00:00:00Z", "--job-id", f"old-{len(seen)}"
            )
            if page["next_cursor"] is None or len(seen) > 20:
                break
            query["cursor"] = page["next_cursor"]
    assert [job_id for job_id in seen if job_id in before] == before[::-1]
    assert len(seen) == len(set(seen))
