"""Operations as flows: written once, run by a synchronous or an asynchronous driver.

A flow is a generator that yields *effects*, objects that describe what to do: send a request, wait,
call a function that blocks. It does no I/O itself. A driver performs each effect and resumes the
flow with the result; httpx's `Auth.auth_flow` works in the same way. `Sutro` and `AsyncSutro` have
a driver each and share every flow, so that they cannot differ in what they do.

This flow polls a job twice, with a second in between:

>>> def poll_twice(requester: Requester, job_id: str) -> Flow[JobStatusReport]:
...     first = yield from job_status(requester, job_id)  # A flow runs another by `yield from`,
...     if not first.status.is_final:                     # whose value is what that returns.
...         yield from sleep(1.0)
...     return (yield from job_status(requester, job_id))

The protocol, which drivers follow:

1. `effect = next(flow)` runs the flow to its first effect.
2. The driver performs the effect. Its result resumes the flow by `effect = flow.send(result)`; an
   exception, cancellation included, by `effect = flow.throw(error)`, so that `try`, `with` and
   `finally` around a `yield` work as they do around a call.
3. `StopIteration` ends it; its `value` is what the flow returned. Other exceptions are the flow's
   own and go to the caller.

| Effect | Its result |
|---|---|
| `Send` | the `Response`, with the whole body |
| `Stream` | the `Response` without its body, which has gone to the sink |
| `Sleep` | None |
| `RunBlocking` | what the function returns |

To write one: never block or await, but yield; annotate `Flow[T]` with the type of what it returns;
and use the helpers `sleep` and `run_blocking`, or `Requester.fetch` and `Requester.stream`, rather
than bare effects, as a bare `yield` has no type.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from attrs import field, frozen

from .bounds.clock import ExchangeClock

if TYPE_CHECKING:
    import httpx

    from .bounds.size import SizeLimit

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Flow = Generator["Effect", Any, T]


class Sink(Protocol):
    """Receives the body of a successful response, chunk by chunk."""

    def begin(self, response: Response) -> None:
        """Receive the head of a 2xx response, before its body; called once in each attempt."""

    def write(self, chunk: bytes) -> None:
        """Receive the next chunk of the body, as it was transferred."""


class Body:
    """The body of a response that is read as fast as it is used; drivers know how."""


@frozen
class Response:
    """A response of any status. `content` is empty if the body went to a sink."""

    status_code: int
    headers: httpx.Headers
    content: bytes = field(default=b"", repr=False)
    body: Body | None = field(default=None, repr=False)

    @property
    def request_id(self) -> str | None:
        """The server's identifier of the request, if it sends one."""
        identifier: str | None = self.headers.get("x-request-id")
        return identifier


@frozen
class Send:
    """Send a request and read the response: a 2xx body whole, and the start of any other.

    `clock` bounds how long that may take, `limit` the size of the body once it is decoded.
    """

    request: httpx.Request
    clock: ExchangeClock = field(factory=ExchangeClock)
    limit: SizeLimit | None = None


@frozen
class Stream:
    """Send a request; a 2xx body goes to `sink`, the start of any other into the response."""

    request: httpx.Request
    sink: Sink
    clock: ExchangeClock = field(factory=ExchangeClock)


@frozen
class Open:
    """Send a request; a 2xx body is left to `Read`, the start of any other into the response."""

    request: httpx.Request
    clock: ExchangeClock = field(factory=ExchangeClock)
    limit: SizeLimit | None = None


@frozen
class Read:
    """Take the next piece of a body, decoded; answered with no bytes at its end."""

    body: Body


@frozen
class Close:
    """Give up the rest of a body. Its connection goes back if nothing is left, and closes else."""

    body: Body


@frozen
class Sleep:
    """Wait this many seconds."""

    seconds: float


@frozen
class RunBlocking:
    """Call a function that computes or does file I/O, in a thread if there is an event loop.

    Once begun, the function runs to its end even if the task is cancelled, so that what it uses can
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


Effect = Send | Stream | Open | Read | Close | Sleep | RunBlocking | Start | Wait | Stop


def sleep(seconds: float) -> Flow[None]:
    """Wait this many seconds."""
    yield Sleep(seconds)


def run_blocking(function: Callable[[], T]) -> Flow[T]:
    """Call a function where it blocks no event loop, and return its result."""
    # What a `yield` returns depends on the effect, for which generators have no type.
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
