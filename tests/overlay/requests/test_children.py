"""Flows that run beside the one that started them, under both drivers."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from attrs import define, field

from sutro_jobs._requests.drivers import AsyncDriver, SyncDriver
from sutro_jobs._requests.flow import (
    Flow,
    Response,
    Send,
    Stream,
    join,
    run_blocking,
    sleep,
    start,
    stop,
    wait_for_any,
)
from sutro_jobs._requests.transports.async_transport import AsyncPooledTransport
from sutro_jobs._requests.transports.route import Route
from sutro_jobs._requests.transports.sync_transport import PooledTransport
from tests.support import scripted_server as scripted
from tests.support.scripted_server import Request, Script, ScriptedServer
from tests.support.waiting import PATIENCE, eventually

Run = Callable[[Flow[Any]], Any]
_LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=10)


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Runs a flow with connections of its own."""
    route = Route(httpx.create_ssl_context())
    if request.param == "sync":
        transport = PooledTransport(route, _LIMITS)
        yield SyncDriver(transport).run
        transport.close()
        return
    with asyncio.Runner() as runner:

        async def under_loop(flow: Flow[Any]) -> Any:
            pool = AsyncPooledTransport(route, _LIMITS)
            try:
                return await AsyncDriver(pool).run(flow)
            finally:
                await pool.aclose()

        yield lambda flow: runner.run(under_loop(flow))


@define
class Body:
    """A sink that knows whether something arrived."""

    arrived: threading.Event = field(factory=threading.Event)

    def begin(self, response: Response) -> None:
        pass

    def write(self, chunk: bytes) -> None:
        self.arrived.set()


def get(server: ScriptedServer, path: str = "/") -> Flow[bytes]:
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), PATIENCE)
    response: Response = yield Send(
        httpx.Request("GET", server.url + path, extensions={"timeout": timeout})
    )
    return response.content


def test_flows_run_at_the_same_time(run: Run, script: Script) -> None:
    together = threading.Barrier(3)

    def answer(request: Request) -> scripted.Reply:
        together.wait(PATIENCE)  # Nobody is answered before all three have asked.
        return scripted.Response(body=request.path.encode())

    server = script(answer)

    def flow() -> Flow[list[bytes]]:
        one = yield from start(get(server, "/a"))
        other = yield from start(get(server, "/b"))
        own = yield from get(server, "/c")
        return [own, (yield from join(one)), (yield from join(other))]

    assert run(flow()) == [b"/c", b"/a", b"/b"]


def test_the_first_to_end_ends_the_wait(run: Run, script: Script) -> None:
    server: ScriptedServer

    def answer(request: Request) -> scripted.Reply:
        if request.path == "/slow":
            server.stopped.wait(PATIENCE)
        return scripted.Response(body=b"quick")

    server = script(answer)

    def flow() -> Flow[tuple[bool, bytes]]:
        slow = yield from start(get(server, "/slow"))
        quick = yield from start(get(server))
        yield from wait_for_any((slow, quick))
        return slow.done(), quick.result()

    assert run(flow()) == (False, b"quick")


def test_an_error_is_raised_where_the_result_is_asked_for(run: Run) -> None:
    def failing() -> Flow[None]:
        yield from sleep(0)
        raise LookupError("as expected")

    def flow() -> Flow[None]:
        yield from join((yield from start(failing())))

    with pytest.raises(LookupError, match="as expected"):
        run(flow())


@pytest.mark.parametrize("how", ["stop", "end", "error"])
def test_a_body_that_never_ends_is_broken_off(run: Run, script: Script, how: str) -> None:
    closed = threading.Event()

    def drip() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 1000
                threading.Event().wait(0.001)
        finally:
            closed.set()

    server = script(lambda _: scripted.Response(body=drip()))
    body = Body()

    def read() -> Flow[Response]:
        response: Response = yield Stream(httpx.Request("GET", server.url), body)
        return response

    def flow() -> Flow[str]:
        running = yield from start(read())
        yield from run_blocking(lambda: body.arrived.wait(PATIENCE))
        if how == "stop":
            yield from stop(running)
            assert running.done()
        if how == "error":
            raise LookupError("of the flow that started it")
        return "ended"

    if how == "error":
        with pytest.raises(LookupError):
            run(flow())
    else:
        assert run(flow()) == "ended"
    # The server finds the connection closed, and gives its generator up.
    eventually(closed.is_set)


def test_a_head_that_never_comes_is_broken_off(run: Run, script: Script) -> None:
    asked = threading.Event()
    server: ScriptedServer

    def answer(_: Request) -> scripted.Reply:
        asked.set()
        server.stopped.wait(PATIENCE)
        return scripted.Raw()

    server = script(answer)

    def flow() -> Flow[bool]:
        running = yield from start(get(server))
        yield from run_blocking(lambda: asked.wait(PATIENCE))
        yield from stop(running)
        return running.done()

    assert run(flow()) is True


def test_a_pause_is_broken_off_and_the_flow_cleans_up(run: Run) -> None:
    began, cleaned = threading.Event(), threading.Event()

    def pausing() -> Flow[None]:
        try:
            began.set()
            yield from sleep(10 * PATIENCE)
        finally:
            cleaned.set()

    def flow() -> Flow[None]:
        yield from start(pausing())
        yield from run_blocking(lambda: began.wait(PATIENCE))

    run(flow())
    assert cleaned.is_set()


def test_a_connection_that_was_given_back_is_not_broken_off(run: Run, script: Script) -> None:
    server = script([scripted.Response(body=b"whole")])

    def one_after_another() -> Flow[bytes]:
        yield from get(server)
        yield from sleep(10 * PATIENCE)
        return b""

    def flow() -> Flow[bytes]:
        running = yield from start(one_after_another())
        yield from run_blocking(lambda: eventually(lambda: server.requests))
        yield from sleep(0.05)
        yield from stop(running)
        return (yield from get(server))

    assert run(flow()) == b"whole"
