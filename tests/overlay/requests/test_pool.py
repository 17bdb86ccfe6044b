"""The pool: how many connections are open, who waits for one, and which are used again."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from sutro_jobs import AsyncSutro, RequestTimeoutError, Sutro
from tests.support.clients import Connect
from tests.support.piecewise_server import PiecewiseServer, piecewise_server
from tests.support.scripted_server import Request, Response, Script, ScriptedServer
from tests.support.waiting import PATIENCE, eventually

LIMITS = httpx.Limits(max_connections=2)
STATUS = {"message": "", "job_status": {"job-1": "RUNNING"}}


@pytest.fixture
def server() -> Iterator[PiecewiseServer]:
    """A server that counts its connections."""
    with piecewise_server(lambda _: json.dumps(STATUS).encode()) as server:
        yield server


@pytest.fixture
def holding(script: Script) -> ScriptedServer:
    """A server that answers no first request of a connection until the test ends."""

    def hold(_: Request) -> Response:
        site.stopped.wait(PATIENCE)
        return Response(body=STATUS)

    site = script(hold)
    return site


def test_threads_take_turns_at_as_many_connections_as_there_may_be(
    server: PiecewiseServer,
) -> None:
    with (
        Sutro(api_url=server.url, api_key="k", limits=LIMITS) as client,
        ThreadPoolExecutor(8) as threads,
    ):
        statuses = list(threads.map(client.get_job_status, ["job-1"] * 100))
    assert statuses == ["RUNNING"] * 100
    assert server.connections == 2


def test_tasks_take_turns_though_some_are_cancelled_while_they_wait(
    server: PiecewiseServer,
) -> None:
    async def ask() -> list[str | BaseException]:
        async with AsyncSutro(api_url=server.url, api_key="k", limits=LIMITS) as client:
            tasks = [asyncio.create_task(client.get_job_status("job-1")) for _ in range(60)]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks[10::2]:
                task.cancel()
            return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = asyncio.run(ask())
    assert outcomes[:10] + outcomes[11::2] == ["RUNNING"] * 35
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes[10::2])
    assert server.connections == 2


def test_a_thread_that_waits_too_long_for_a_connection_gets_a_timeout(
    holding: ScriptedServer,
) -> None:
    timeout = httpx.Timeout(PATIENCE, pool=0.05)
    one = httpx.Limits(max_connections=1)
    with Sutro(
        api_url=holding.url, api_key="k", limits=one, timeout=timeout, max_retries=0
    ) as client:
        thread = threading.Thread(target=client.get_job_status, args=("job-1",))
        thread.start()
        eventually(lambda: holding.requests)
        with pytest.raises(RequestTimeoutError):
            client.get_job_status("job-1")
        holding.stopped.set()
        thread.join()


def test_a_task_that_waits_too_long_for_a_connection_gets_a_timeout(
    holding: ScriptedServer,
) -> None:
    timeout = httpx.Timeout(PATIENCE, pool=0.05)
    one = httpx.Limits(max_connections=1)

    async def ask() -> None:
        async with AsyncSutro(
            api_url=holding.url, api_key="k", limits=one, timeout=timeout, max_retries=0
        ) as client:
            first = asyncio.create_task(client.get_job_status("job-1"))
            await asyncio.to_thread(eventually, lambda: holding.requests)
            with pytest.raises(RequestTimeoutError):
                await client.get_job_status("job-1")
            holding.stopped.set()
            assert await first == "RUNNING"

    asyncio.run(ask())


def test_a_connection_that_the_server_closed_is_not_used_again(
    server: PiecewiseServer, connect: Connect
) -> None:
    client = connect(server.url, max_retries=0)
    for _ in range(5):
        assert client.get_job_status("job-1") == "RUNNING"
        server.hang_up()
        eventually(lambda: server.open == 0)
    assert server.connections == 5


def test_a_connection_that_was_idle_for_too_long_is_closed(
    server: PiecewiseServer, connect: Connect
) -> None:
    client = connect(server.url, limits=httpx.Limits(keepalive_expiry=0))
    assert [client.get_job_status("job-1") for _ in range(3)] == ["RUNNING"] * 3
    assert server.connections == 3
    eventually(lambda: server.open <= 1)


def test_no_connection_stays_open_where_none_may_be_kept(
    server: PiecewiseServer, connect: Connect
) -> None:
    client = connect(server.url, limits=httpx.Limits(max_keepalive_connections=0))
    assert client.get_job_status("job-1") == "RUNNING"
    eventually(lambda: server.open == 0)


def test_an_address_that_refuses_is_passed_over(
    server: PiecewiseServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", 0)) as unused:
        dead = unused.getsockname()[1]
    kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
    found = [(*kind, ("127.0.0.1", dead)), (*kind, ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert connect(f"http://localhost:{port}").get_job_status("job-1") == "RUNNING"
