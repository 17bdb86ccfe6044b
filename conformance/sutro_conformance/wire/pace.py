"""When requests may go out: within limits of the user, of the server, and of the time budget."""

from __future__ import annotations

import threading
import time

import attrs

from .errors import OutOfTimeError, UnstableError

# Below it a run would not come to an end in any case; a server may be asked this often.
_SLOWEST = 0.1
# A little less than what went through, so that the next refusal is not provoked at once.
_CAUTION = 0.9
# After so many seconds without a refusal the rate is raised by so much.
_CALM = 30.0
_RAISE = 1.2


@attrs.define(eq=False)
class Pace:
    """Hands out turns to send a request, for all threads of a run.

    `limit` is the user's, in requests a second, or infinity; `budget` the run's, in seconds. A
    server that answers 429 sets a rate of its own: what it let through since it refused before.
    """

    limit: float
    budget: float
    patience: float
    refusals: int = 0
    waited: float = 0.0
    rate: float = float("inf")
    _began: float = attrs.field(factory=time.monotonic)
    _next_turn: float = 0.0
    _held_until: float = 0.0
    _since: float = attrs.field(factory=time.monotonic)
    _let_through: int = 0
    _last_success: float = attrs.field(factory=time.monotonic)
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    @property
    def remaining(self) -> float:
        """Return how much of the time budget is left, in seconds."""
        return self.budget - (time.monotonic() - self._began)

    @property
    def is_patient(self) -> bool:
        """Return whether the run may still lose time to answers that fail or do not come."""
        return self.waited <= self.patience

    def take_turn(self) -> None:
        """Wait until a request may be sent.

        Raises:
            OutOfTimeError: the time budget ends before that.
        """
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next_turn, self._held_until)
            self._next_turn = turn + 1 / min(self.limit, self.rate)
        self._sleep(turn - now)

    def succeed(self) -> None:
        """Take note of an answer that is not a refusal."""
        with self._lock:
            now = time.monotonic()
            self._let_through += 1
            self._last_success = now
            if self.rate < float("inf") and now - max(self._since, self._held_until) > _CALM:
                self.rate *= _RAISE
                self._since, self._let_through = now, 0

    def slow_down(self, seconds: float) -> None:
        """Hold all requests back for some seconds, as the server asks for, and then send fewer.

        Raises:
            UnstableError: it asks for more than the run's patience, or lets nothing through.
            OutOfTimeError: the time budget ends before that.
        """
        with self._lock:
            now = time.monotonic()
            self.refusals += 1
            if now >= self._held_until:
                # Requests that were on their way are refused too, and say nothing new.
                passed = max(now + seconds - self._since, 0.05)
                measured = _CAUTION * self._let_through / passed
                self.rate = max(min(self.rate, measured), _SLOWEST)
                self._since, self._let_through = now + seconds, 0
            self._held_until = max(self._held_until, now + seconds)
            if seconds > self.patience or now - self._last_success > self.patience:
                raise UnstableError(f"the server answers 429 and asks to wait for {seconds:.0f} s")

    def wait(self, seconds: float, cause: str) -> None:
        """Wait before a request is repeated.

        Raises:
            UnstableError: the run has waited long enough.
            OutOfTimeError: the time budget ends before that.
        """
        self.lose(seconds, cause)
        self._sleep(seconds)

    def lose(self, seconds: float, cause: str) -> None:
        """Count time that was lost on the way.

        Raises:
            UnstableError: the run has lost as much as its patience allows.
        """
        with self._lock:
            self.waited += seconds
            if not self.is_patient:
                raise UnstableError(f"{cause}, and the run has lost {self.waited:.0f} s already")

    def _sleep(self, seconds: float) -> None:
        if seconds >= self.remaining:
            raise OutOfTimeError
        time.sleep(max(seconds, 0.0))
