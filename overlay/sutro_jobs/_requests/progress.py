"""One line on a terminal that tells how far long work is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from .flow import Response, Sink

_SHORT = 1.0
_PAUSE = 0.1
_ERASE = "\r\x1b[K"
_MEGABYTE = 1e6


class ProgressLine:
    """A line on standard error that is replaced as work goes on, and gone when it ends.

    Nothing appears for work that ends within a second. `wanted` None means that it appears where
    standard error is a terminal.
    """

    def __init__(self, wanted: bool | None) -> None:
        self.enabled = sys.stderr.isatty() if wanted is None else wanted
        self._next = time.monotonic() + _SHORT
        self._shown = False

    def show(self, text: Callable[[], str]) -> None:
        """Replace the line, but not more often than eyes can follow."""
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
    """A sink that tells how many bytes went to another one."""

    def __init__(self, sink: Sink, line: ProgressLine, position: Callable[[], int]) -> None:
        self._sink = sink
        self._line = line
        self._position = position
        self._total = ""

    def begin(self, response: Response) -> None:
        """Find out how long the whole is."""
        self._sink.begin(response)
        span, length = response.headers.get("content-range"), response.headers.get("content-length")
        total = span.rpartition("/")[2] if span else length
        self._total = f" of {int(total) / _MEGABYTE:.1f}" if total and total.isdecimal() else ""

    def write(self, chunk: bytes) -> None:
        """Pass a piece on."""
        self._sink.write(chunk)
        self._line.show(self._text)

    def _text(self) -> str:
        return f"Results: {self._position() / _MEGABYTE:.1f}{self._total} MB"
