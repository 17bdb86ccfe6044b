"""Waiting for what happens in another thread or process."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Far beyond what a loaded machine takes: only a test that is about to fail waits for so long.
PATIENCE = 60.0


def eventually(probe: Callable[[], T], within: float = PATIENCE) -> T:
    """Return the first true result of `probe`, which is called again and again.

    Raises:
        AssertionError: there was none within so many seconds.
    """
    deadline = time.monotonic() + within
    while not (found := probe()):
        assert time.monotonic() < deadline, f"still {found!r} after {within:g} s"
        time.sleep(0.01)
    return found
