"""Keeps a run small where it has the process for itself."""

from __future__ import annotations

import ctypes
from contextlib import suppress

import pyarrow

_M_ARENA_MAX = -8
_ARENAS = 2


def spare_memory() -> None:
    """Have allocators give back what large answers took.

    Arrow's own pool keeps some 50 MiB, and glibc gives each of some sixty threads an arena that
    keeps what it once took.
    """
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
