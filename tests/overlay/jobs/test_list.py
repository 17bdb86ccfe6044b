"""`list_jobs`: pages, limits and cursors."""

import asyncio
import gc
import itertools
import threading
from itertools import islice
from math import nan
from typing import Any

import pytest

from sutro_jobs import (
    ArgumentError,
    AsyncSutro,
    EmptyPagesError,
    NotFoundError,
    RepeatedCursorError,
    RequestTimeoutError,
    Sutro,
    UnexpectedShapeError,
)
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.scripted_server import Request, Response, Script
from tests.support.waiting import PATIENCE, eventually


def job(number: int, **fields: Any) -> dict[str, Any]:
    return {"job_id": f"job-{number}", "status": "SUCCEEDED", **fields}


def ids(jobs: Any) -> list[str]:
    return [job.job_id for job in jobs]


def test_all_jobs_come_newest_first_over_several_pages(server: Server, connect: Connect) -> None:
    jobs = list(connect(server.url).list_jobs())
    assert len(jobs) > 100
    created = [job.datetime_created for job in jobs if job.datetime_created]
    assert len(created) == len(jobs)
    assert created == sorted(created, reverse=True)


@pytest.mark.parametrize("page_size", [1, 7, 100, None])
def test_every_page_size_gives_the_same_jobs(
    server: Server, connect: Connect, page_size: int | None
) -> None:
    client = connect(server.url)
    assert ids(client.list_jobs(30, page_size=page_size)) == ids(client.list_jobs(30))


def test_pages_hold_page_size_jobs(server: Server, connect: Connect) -> None:
    pages = list(connect(server.url).list_jobs(page_size=50).pages())
    assert [len(page) for page in pages[:-1]] == [50] * (len(pages) - 1)
    assert pages[-1].next_cursor is None


def test_a_later_call_goes_on_at_the_cursor_of_a_page(server: Server, connect: Connect) -> None:
    client = connect(server.url)
    first = next(iter(client.list_jobs(page_size=20).pages()))
    rest = client.list_jobs(page_size=20, cursor=first.next_cursor)
    assert ids(first) + ids(rest) == ids(client.list_jobs())


def test_a_limit_asks_for_no_job_too_many(script: Script, connect: Connect) -> None:
    site = script(
        lambda request: Response(
            body={
                "jobs": [job(n) for n in range(2 if "cursor" in request.target else 3)],
                "next_cursor": "c",
            }
        )
    )
    assert len(list(connect(site.url).list_jobs(5, page_size=3))) == 5
    assert site.targets == ["/v1/list-jobs?limit=3", "/v1/list-jobs?limit=2&cursor=c"]


def test_a_limit_of_zero_asks_nothing(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response())
    assert list(connect(site.url).list_jobs(0)) == []
    assert site.requests == []


def test_making_a_list_asks_nothing(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response())
    connect(site.url).list_jobs()
    assert site.requests == []


def test_the_first_job_is_the_newest(server: Server, connect: Connect) -> None:
    client = connect(server.url)
    assert client.list_jobs().first() == next(iter(client.list_jobs()))


def test_the_first_of_no_jobs_is_none(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response(body={"jobs": [], "next_cursor": None}))
    assert connect(site.url).list_jobs().first() is None


def test_an_empty_page_with_a_cursor_is_not_the_end(controlled: str, connect: Connect) -> None:
    client = connect(controlled, fault="empty-page")
    assert ids(client.list_jobs()) == ids(connect(controlled).list_jobs())


def test_the_first_job_is_found_behind_an_empty_page(controlled: str, connect: Connect) -> None:
    assert connect(controlled, fault="empty-page").list_jobs().first() is not None


def test_a_repeated_cursor_is_an_error(controlled: str, connect: Connect) -> None:
    with pytest.raises(RepeatedCursorError):
        list(connect(controlled, fault="repeated-cursor").list_jobs(page_size=10))


def endless(request: Request) -> Response:
    if "limit" not in request.query:
        return Response(404)
    number = int(request.query.get("cursor", ["0"])[0])
    return Response(body={"jobs": [], "next_cursor": f"{number + 1}"})


@pytest.mark.parametrize("read", ["first", "to_list", "to_polars"])
def test_empty_pages_without_end_are_an_error(script: Script, connect: Connect, read: str) -> None:
    site = script(endless)
    with pytest.raises(EmptyPagesError):
        getattr(connect(site.url).list_jobs(), read)()
    assert len(site.requests) < 110


def test_iterating_over_empty_pages_without_end_is_an_error(
    script: Script, connect: Connect
) -> None:
    site = script(endless)
    with pytest.raises(EmptyPagesError):
        list(connect(site.url).list_jobs())


@pytest.mark.parametrize("read", ["to_list", "to_polars"])
def test_the_total_timeout_bounds_a_list_that_is_wanted_whole(
    script: Script, connect: Connect, read: str
) -> None:
    def page(request: Request) -> Response:
        number = int(request.query.get("cursor", ["0"])[0])
        site.stopped.wait(0.05)
        return Response(body={"jobs": [job(number)], "next_cursor": f"{number + 1}"})

    site = script(page)
    with pytest.raises(RequestTimeoutError, match="total_timeout"):
        getattr(connect(site.url, total_timeout=0.5).list_jobs(page_size=1), read)()


def test_a_cursor_that_no_url_holds_is_an_error(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response(body={"jobs": [job(1)], "next_cursor": "c" * 200_000}))
    with pytest.raises(UnexpectedShapeError, match="200,000 characters"):
        list(connect(site.url).list_jobs())


def test_cursors_that_take_turns_are_an_error(script: Script, connect: Connect) -> None:
    site = script(
        lambda request: Response(
            body={"jobs": [job(1)], "next_cursor": "b" if request.target.endswith("=a") else "a"}
        )
    )
    with pytest.raises(RepeatedCursorError):
        list(connect(site.url).list_jobs())


@pytest.mark.parametrize("cursor", ["a+b/c==", "ü&x=1", "%20", " "])
def test_cursors_pass_through_untouched(script: Script, connect: Connect, cursor: str) -> None:
    def page(request: Request) -> Response:
        last = "cursor" in request.target
        return Response(body={"jobs": [job(1)], "next_cursor": None if last else cursor})

    site = script(page)
    list(connect(site.url).list_jobs())
    assert site.requests[1].query["cursor"] == [cursor]


def test_a_server_without_pagination_gives_all_its_jobs(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response(body={"message": "", "jobs": [job(n) for n in range(250)]}))
    assert len(list(connect(site.url).list_jobs())) == 250
    assert len(list(connect(site.url).list_jobs(7))) == 7


def test_the_next_page_is_fetched_while_one_is_used(script: Script) -> None:
    second = threading.Event()

    def page(request: Request) -> Response:
        if "cursor" in request.target:
            second.set()
        return Response(
            body={"jobs": [job(1)], "next_cursor": "b" if "=b" not in request.target else None}
        )

    site = script(page)
    with Sutro(api_url=site.url, api_key="k") as client:
        pages = client.list_jobs().pages()
        next(pages)
        assert second.wait(PATIENCE)
        pages.close()


def test_stopping_early_leaves_no_thread_behind(script: Script) -> None:
    numbers = itertools.count()
    site = script(
        lambda request: Response(body={"jobs": [job(1)], "next_cursor": f"{next(numbers)}"})
    )
    with Sutro(api_url=site.url, api_key="k") as client:
        for _ in islice(client.list_jobs(), 3):
            pass
        gc.collect()
        eventually(lambda: not any("sutro_jobs" in each.name for each in threading.enumerate()))


async def tasks_after_stopping_early(url: str) -> set[asyncio.Task[object]]:
    """Return the client's tasks that do not end although nobody waits for a page."""
    async with AsyncSutro(api_url=url, api_key="k") as client:
        async for _ in client.list_jobs():
            break
        tasks = {task for task in asyncio.all_tasks() if "sutro_jobs" in task.get_name()}
        return (await asyncio.wait(tasks, timeout=PATIENCE))[1] if tasks else tasks


def test_stopping_early_leaves_no_task_behind(script: Script) -> None:
    def page(request: Request) -> Response:
        if "cursor" in request.query:
            site.stopped.wait()
        return Response(body={"jobs": [job(1)], "next_cursor": "2"})

    site = script(page)
    assert asyncio.run(tasks_after_stopping_early(site.url)) == set()


def test_an_error_of_a_later_page_comes_after_the_jobs_before_it(script: Script) -> None:
    site = script(
        lambda request: (
            Response(404, {"detail": "Gone."})
            if "cursor" in request.target
            else Response(body={"jobs": [job(1)], "next_cursor": "b"})
        )
    )
    with Sutro(api_url=site.url, api_key="k") as client:
        jobs = iter(client.list_jobs())
        assert next(jobs).job_id == "job-1"
        with pytest.raises(NotFoundError, match="Gone"):
            next(jobs)


@pytest.mark.parametrize(
    "arguments",
    [
        {"page_size": 0},
        {"page_size": 101},
        {"page_size": 2.5},
        {"page_size": nan},
        {"limit": -1},
        {"limit": "10"},
        {"limit": True},
        {"limit": 1e9},
        {"cursor": 3},
        {"cursor": "c", "page_size": None},
    ],
)
def test_arguments_out_of_bounds_are_refused_at_once(
    script: Script, connect: Connect, arguments: dict[str, Any]
) -> None:
    site = script(lambda _: Response())
    with pytest.raises(ArgumentError, match=f"^{next(iter(arguments))} "):
        connect(site.url).list_jobs(**arguments)


def test_jobs_of_a_wrong_shape_are_an_error_that_names_the_place(
    controlled: str, connect: Connect
) -> None:
    with pytest.raises(UnexpectedShapeError, match="jobs"):
        list(connect(controlled, fault="wrong-shape").list_jobs())
