"""Operations as flows: written once, driven by a synchronous or an asynchronous driver.

A flow is a generator that yields effects and is sent their results. It never does I/O itself, so
`Sutro` and `AsyncSutro` share every flow and cannot differ in what they do.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from attrs import field, frozen

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Flow = Generator["Effect", Any, T]


class Sink(Protocol):
    """Where the body of a successful response goes, piece by piece."""

    def begin(self, response: Response) -> None:
        """Take the head of a 2xx response, before its body; called once an attempt."""

    def write(self, chunk: bytes) -> None:
        """Take the next piece of the body, as it came over the wire."""


@frozen
class Response:
    """A response of any status. `content` is empty where the body went to a sink."""

    status_code: int
    headers: httpx.Headers
    content: bytes = field(default=b"", repr=False)

    @property
    def request_id(self) -> str | None:
        """The server's identifier of the request, where it gives one."""
        identifier: str | None = self.headers.get("x-request-id")
        return identifier


@frozen
class Send:
    """Send a request and read the whole response, until `deadline` on the monotonic clock."""

    request: httpx.Request
    deadline: float | None = None


@frozen
class Stream:
    """Send a request; a 2xx body goes to `sink` undecoded, any other is read into the response."""

    request: httpx.Request
    sink: Sink


@frozen
class Sleep:
    """Wait this many seconds."""

    seconds: float


@frozen
class RunBlocking:
    """Call a function that computes or does file I/O for long; off the event loop if there is one.

    The function runs to its end even if the task is cancelled meanwhile, so that what it uses can
    be cleaned up safely afterwards.
    """

    function: Callable[[], Any]


class Running(Protocol[T_co]):
    """A flow that runs beside the one that started it. To wait for it is an effect."""

    def done(self) -> bool:
        """Tell whether it has ended."""
        ...

    def result(self) -> T_co:
        """Return its result, or raise what it raised; only for one that is done."""
        ...


@frozen
class Start:
    """Run a flow beside this one; answered with a `Running`.

    It ends with the flow that started it at the latest: whatever still runs then is stopped, and
    what it raised is lost unless `result` was asked for.
    """

    flow: Flow[Any]


@frozen
class Wait:
    """Wait until one of several running flows has ended."""

    running: Sequence[Running[Any]]


@frozen
class Stop:
    """Break off a running flow in whatever it does, and wait until it has cleaned up."""

    running: Running[Any]


Effect = Send | Stream | Sleep | RunBlocking | Start | Wait | Stop


def sleep(seconds: float) -> Flow[None]:
    """Wait this many seconds."""
    yield Sleep(seconds)


def run_blocking(function: Callable[[], T]) -> Flow[T]:
    """Call `function` where it blocks no event loop, and return what it returns."""
    return cast("T", (yield RunBlocking(function)))


def start(flow: Flow[T]) -> Flow[Running[T]]:
    """Run a flow beside this one, which may wait for it, stop it or leave it to its own end."""
    return cast("Running[T]", (yield Start(flow)))


def wait_for_any(running: Sequence[Running[Any]]) -> Flow[None]:
    """Wait until one of several running flows has ended."""
    yield Wait(running)


def join(running: Running[T]) -> Flow[T]:
    """Wait for a running flow, and return its result or raise what it raised."""
    yield Wait((running,))
    return running.result()


def stop(running: Running[Any]) -> Flow[None]:
    """Break off a running flow."""
    yield Stop(running)
