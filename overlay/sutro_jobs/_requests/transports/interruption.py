"""Breaking off, from one thread, what another thread does for a flow."""

from __future__ import annotations

import threading
from collections.abc import Callable

KEY = "sutro_jobs.interruption"  # Among the extensions of a request.


class StoppedError(BaseException):
    """The result is no longer wanted. No handler of errors is to take it for one."""


class Interruption:
    """Ends the pauses of a thread, and the exchange that it is in the middle of.

    The thread tells what to close while it has a connection. Asking is safe at any time: a
    connection that has gone back to its pool is not touched.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._abort: Callable[[], None] | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether the thread was asked to stop."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Break off what is going on, and let nothing else begin."""
        self._stopped.set()
        with self._lock:
            if self._abort is not None:
                self._abort()

    def pause(self, seconds: float) -> None:
        """Sleep.

        Raises:
            StoppedError: the thread was asked to stop.
        """
        if self._stopped.wait(seconds):
            raise StoppedError

    def begin_exchange(self, abort: Callable[[], None]) -> None:
        """Say how to break off what begins now.

        Raises:
            StoppedError: the thread was asked to stop.
        """
        with self._lock:
            if self.is_stopped:
                raise StoppedError
            self._abort = abort

    def end_exchange(self) -> None:
        """Say that there is nothing to break off."""
        with self._lock:
            self._abort = None
