"""Operations as flows: written once, driven by a synchronous or an asynchronous driver.

A flow is a generator that yields effects and is sent their results. It never does I/O itself, so
`Sutro` and `AsyncSutro` share every flow and cannot differ in what they do.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from attrs import field, frozen

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
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


Effect = Send | Stream | Sleep | RunBlocking


def sleep(seconds: float) -> Flow[None]:
    """Wait this many seconds."""
    yield Sleep(seconds)


def run_blocking(function: Callable[[], T]) -> Flow[T]:
    """Call `function` where it blocks no event loop, and return what it returns."""
    return cast("T", (yield RunBlocking(function)))
