"""A progress line on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from .flow import Response, Sink

# In seconds: a line that flashes up distracts, and eyes cannot follow faster updates.
_SHORT = 1.0
_PAUSE = 0.1
# Return to the start of the line, and erase it (ECMA-48, EL).
_ERASE = "\r\x1b[K"
_MEGABYTE = 1e6


class ProgressLine:
    """A line on standard error that is updated as work proceeds, and removed when it ends.

    It does not appear for work of less than a second. `wanted` None shows it if standard error is
    a terminal.
    """

    def __init__(self, wanted: bool | None) -> None:
        self.enabled = sys.stderr.isatty() if wanted is None else wanted
        self._next = time.monotonic() + _SHORT
        self._shown = False

    def show(self, text: Callable[[], str]) -> None:
        """Update the line, ten times a second at most."""
        now = time.monotonic()
        if self.enabled and now >= self._next:
            self._next = now + _PAUSE
            self._shown = True
            sys.stderr.write(_ERASE + text())
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write(_ERASE)
            sys.stderr.flush()


class ProgressSink:
    """A sink that shows how many bytes have gone to another one."""

    def __init__(self, sink: Sink, line: ProgressLine, position: Callable[[], int]) -> None:
        self._sink = sink
        self._line = line
        self._position = position
        self._total = ""

    def begin(self, response: Response) -> None:
        """Find the length of the whole body."""
        self._sink.begin(response)
        span, length = response.headers.get("content-range"), response.headers.get("content-length")
        total = span.rpartition("/")[2] if span else length
        self._total = f" of {int(total) / _MEGABYTE:.1f}" if total and total.isdecimal() else ""

    def write(self, chunk: bytes) -> None:
        """Pass a chunk on."""
        self._sink.write(chunk)
        self._line.show(self._text)

    def _text(self) -> str:
        return f"Results: {self._position() / _MEGABYTE:.1f}{self._total} MB"
