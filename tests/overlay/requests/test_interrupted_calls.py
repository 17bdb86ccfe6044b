"""Calls that an exception of a signal handler breaks off: nothing of them is used again."""

import itertools
import json
import random
import signal
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

import pytest

from sutro_jobs import Sutro
from tests.support.breaking_off import InterruptedCallError, Interruption
from tests.support.piecewise_server import PiecewiseServer, piecewise_server
from tests.support.scripted_server import Request, Response, Script
from tests.support.tls import Authority
from tests.support.waiting import PATIENCE, eventually

# The interpreter drops what a handler raises if it happens to be called within a finalizer.
may_lose_an_error = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
# In seconds. The server takes two milliseconds to send a response in pieces.
SOON = (0.0001, 0.004)


def respond(target: str) -> bytes:
    """Answer with the status of the job that is asked for."""
    job = target.rpartition("/")[2]
    return json.dumps({"message": "", "job_status": {job: "RUNNING"}}).encode()


@pytest.fixture(params=["http", "https"])
def server(request: pytest.FixtureRequest, authority: Authority) -> Iterator[PiecewiseServer]:
    """A server of statuses, in the clear and over TLS."""
    with piecewise_server(
        respond, authority.server if request.param == "https" else None
    ) as server:
        yield server


@pytest.fixture
def make(server: PiecewiseServer, authority: Authority) -> Callable[[], Sutro]:
    """Make clients that would wait long enough for a test to fail."""
    trust = ssl.create_default_context(cafile=authority.bundle)
    return lambda: Sutro(
        api_url=server.url, api_key="k", timeout=PATIENCE, max_retries=0, verify=trust
    )


@contextmanager
def alarms(error: Exception | type[BaseException]) -> Iterator[Callable[[float], object]]:
    """Yield what sets an alarm, in seconds, that raises an error; 0 turns it off."""
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("signals come to the main thread")

    def ring(_: int, __: FrameType | None) -> None:
        raise error

    before = signal.signal(signal.SIGALRM, ring)
    try:
        yield partial(signal.setitimer, signal.ITIMER_REAL)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def interrupt_everywhere(make: Callable[[], Sutro], server: PiecewiseServer, step: int) -> int:
    """Interrupt calls on cold and warm connections at one point in `step`; return how many."""
    for number in itertools.count(1, step):
        interruption = Interruption(number)
        with make() as client:
            for call in ("cold", "warm"):
                interruption.passed = 0
                with suppress(InterruptedCallError):
                    interruption.during(partial(client.get_job_status, f"{call}-{number}"))
                client.get_job_status(f"after-{call}-{number}")
            eventually(lambda: server.open <= 1)
        eventually(lambda: server.open == 0)
        if not interruption.has_come:
            return number
    raise AssertionError


def test_a_call_may_be_interrupted_anywhere(
    make: Callable[[], Sutro], server: PiecewiseServer
) -> None:
    assert interrupt_everywhere(make, server, step=29) > 500


@pytest.mark.slow
def test_a_call_may_be_interrupted_everywhere(
    make: Callable[[], Sutro], server: PiecewiseServer
) -> None:
    assert interrupt_everywhere(make, server, step=1) > 500


def interrupt_by_signals(make: Callable[[], Sutro], server: PiecewiseServer, times: int) -> None:
    """Interrupt calls by a signal each, until so many of them broke off."""
    chance = random.Random(0)  # noqa: S311 - moments, not secrets
    broken = 0
    with make() as client, alarms(InterruptedCallError) as alarm:
        for number in itertools.count():
            try:
                alarm(chance.uniform(*SOON))
                client.get_job_status(f"job-{number}")
                alarm(0)
            except InterruptedCallError:
                broken += 1
            if broken == times:
                break
        eventually(lambda: server.open <= 1)
    eventually(lambda: server.open == 0)


@may_lose_an_error
def test_signals_break_calls_off_at_any_moment(
    make: Callable[[], Sutro], server: PiecewiseServer
) -> None:
    interrupt_by_signals(make, server, 150)


@pytest.mark.slow
@may_lose_an_error
def test_signals_break_many_calls_off(make: Callable[[], Sutro], server: PiecewiseServer) -> None:
    interrupt_by_signals(make, server, 10_000)


@pytest.mark.parametrize("error", [KeyboardInterrupt, TimeoutError("the user's own")])
def test_the_error_of_a_signal_handler_is_raised_as_it_is(
    script: Script, error: Exception | type[BaseException]
) -> None:
    def hold(request: Request) -> Response:
        held.stopped.wait(PATIENCE)
        return Response(500)

    held = script(hold)
    with Sutro(api_url=held.url, api_key="k") as client, alarms(error) as alarm:
        alarm(0.1)
        with pytest.raises(error if isinstance(error, type) else type(error)) as caught:
            client.get_job_status("job-1")
    assert caught.value is error or caught.type is error
