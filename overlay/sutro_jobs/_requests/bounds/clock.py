"""Until when an exchange may wait for the network: its sockets ask, and drivers tell its progress.

Timeouts of httpx and httpcore bound each wait for the network, so a server that sends a byte at a
time holds a caller for as long as it likes.
"""

from __future__ import annotations

import time
from math import inf

KEY = "sutro_jobs.clock"  # Among the extensions of a request.


class OverdueError(Exception):
    """A response takes too long, although the network has not been waited for."""


class ExchangeClock:
    """Bounds one exchange, in seconds.

    `end` is a moment on the monotonic clock: of the whole exchange, or of its head alone where
    `bounds_body` is false. The head has to be complete `head` seconds after the exchange begins.
    From then on `quota` bytes of the decoded body are due in every `pause`; time that their
    consumer takes does not count.
    """

    def __init__(
        self,
        end: float = inf,
        *,
        head: float = inf,
        pause: float = inf,
        quota: float = 1,
        bounds_body: bool = True,
    ) -> None:
        self.end = end
        self._head = head
        self._pause = pause
        self._quota = quota
        self._bounds_body = bounds_body
        self._due = inf
        self._consuming_since: float | None = None
        self._count = 0

    def begin(self) -> None:
        """Start the time for the head, which the wait for a connection is no part of."""
        self._due = time.monotonic() + self._head

    def begin_body(self) -> None:
        """Say that the head has arrived."""
        self._due = time.monotonic() + self._pause
        if not self._bounds_body:
            self.end = inf

    def receive(self, count: int) -> None:
        """Count bytes of the decoded body, which its consumer takes now.

        Raises:
            OverdueError: they come too late.
        """
        now = self._consuming_since = time.monotonic()
        if now > min(self.end, self._due):
            raise OverdueError
        self._count += count
        if self._count >= self._quota:
            self._count = 0
            self._due = now + self._pause

    def resume(self) -> None:
        """Say that the consumer wants more."""
        if self._consuming_since is not None:
            self._due += time.monotonic() - self._consuming_since
            self._consuming_since = None

    def left(self, timeout: float | None = None) -> float | None:
        """Return for how many seconds of `timeout` to wait, None for ever; 0 if time is up."""
        left = min(self.end, self._due) - time.monotonic()
        if timeout is not None:
            left = min(left, timeout)
        return None if left == inf else max(0.0, left)


class CurrentClock:
    """The clock of the exchange that a connection is lent to, which its socket asks."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _UNBOUNDED.left

    def start(self, clock: ExchangeClock | None) -> None:
        """Begin an exchange; None bounds nothing."""
        clock = clock or _UNBOUNDED
        clock.begin()
        self.left = clock.left


_UNBOUNDED = ExchangeClock()
