"""Bounds on requests, as options set them: how long to wait, how slow to be, how much to read."""

from __future__ import annotations

import time
from math import inf
from typing import TYPE_CHECKING

import httpx

from .clock import ExchangeClock
from .size import SizeLimit

if TYPE_CHECKING:
    from ..._configuration.options import Options

# In seconds, as zero would mean not to wait at all, and less than zero is an error of sockets.
_SHORTEST_TIMEOUT = 0.001


class Bounds:
    """Makes the clock and the size limit of each exchange. Moments are on the monotonic clock."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._timeouts = httpx.Timeout(options.timeout).as_dict()
        waits = {name: inf if wait is None else wait for name, wait in self._timeouts.items()}
        self._longest = max(waits.values())
        phases = waits["connect"] + waits["write"] + waits["read"]
        is_whole = isinstance(options.timeout, httpx.Timeout)
        self._head = phases if is_whole else waits["read"]
        self._pause = waits["read"]
        # Without a time to measure it in, there is no speed.
        is_timed = self._pause < inf
        self._quota = max(1.0, options.min_download_speed * self._pause) if is_timed else 1.0

    def timeouts_until(self, deadline: float) -> dict[str, float | None]:
        """Return the timeouts of httpx, cut short where a deadline comes before them."""
        left = max(deadline - time.monotonic(), _SHORTEST_TIMEOUT)
        if left >= self._longest:
            return self._timeouts
        return {
            name: left if wait is None else min(wait, left) for name, wait in self._timeouts.items()
        }

    def clock(self, deadline: float) -> ExchangeClock:
        """Return the clock of a response that has to be complete by a deadline."""
        return ExchangeClock(deadline, head=self._head, pause=self._pause)

    def download_clock(self, deadline: float, *, bounds_body: bool = False) -> ExchangeClock:
        """Return the clock of a long response: its head has a deadline, and its body a speed."""
        return ExchangeClock(
            deadline,
            head=self._head,
            pause=self._pause,
            quota=self._quota,
            bounds_body=bounds_body,
        )

    def is_progress(self, count: int, seconds: float) -> bool:
        """Tell whether an attempt that received so many new bytes was worth its time."""
        return count > 0 and count >= self._options.min_download_speed * seconds

    def limit(self, *, is_list: bool) -> SizeLimit:
        """Return the limit on the size of a decoded body."""
        name = "max_list_size" if is_list else "max_response_size"
        return SizeLimit(getattr(self._options, name), name)
