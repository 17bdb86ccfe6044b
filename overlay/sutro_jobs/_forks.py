"""What a process does not share with one that was forked from it.

A child inherits every open descriptor. Two processes on one socket read each other's answers, and
two on one file write over each other's bytes. So the private descriptors of a process lead to the
null device in its children: whatever uses them there, down to the finalizer of a TLS session or of
a buffered file, reaches nobody, and their numbers stay taken while objects of the parent hold them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from importlib import import_module
from weakref import WeakSet

_CAN_FORK = hasattr(os, "register_at_fork")


class PrivateDescriptor:
    """A descriptor that belongs to this process, for as long as this object lives.

    Its number may be that of another file by the time of a fork, so what it was opened as counts.
    """

    __slots__ = ("__weakref__", "_identity", "_number")

    def __init__(self, number: int) -> None:
        self._number = number
        if _CAN_FORK:
            self._identity = _identity(number)
            _private.add(self)

    def replace(self, null: int | None) -> None:
        """Let the descriptor lead to that of the null device; close it where there is none."""
        with suppress(OSError):  # It was closed before the fork.
            if _identity(self._number) != self._identity:
                return
            if null is None:
                os.close(self._number)
            else:
                os.dup2(null, self._number, inheritable=False)


def generation() -> int:
    """Return how many forks lie between the first process that loaded this package and this one.

    Whatever was made in another generation belongs to another process. A process ID would not
    tell: it is given to another process once its owner has ended.
    """
    return _generation


def no_fork() -> AbstractContextManager[object]:
    """Hold forks off while the `with` block lasts, for work that has to be short.

    OpenSSL has locks of its own, which a fork in the middle would leave locked in the child.
    """
    return _lock


def load_before_forks(modules: Iterable[str]) -> None:
    """Load modules before the next fork.

    Whatever thread imports one of them is waited for: the lock of a module would stay locked in
    the child, and importing it there would never end. Children share what is loaded, too.
    """
    _modules.update(modules)


def _prepare() -> None:
    _lock.acquire()
    for module in _modules:
        with suppress(Exception):  # Whoever needs it sees why it cannot be imported.
            import_module(module)


def _begin_child() -> None:
    global _generation, _lock
    _generation += 1
    _lock = threading.RLock()
    null = None
    with suppress(OSError):  # No descriptor is left, or there is no such device.
        null = os.open(os.devnull, os.O_RDWR)
    for descriptor in list(_private):
        descriptor.replace(null)
    _private.clear()
    if null is not None:
        os.close(null)


def _identity(number: int) -> tuple[int, int]:
    found = os.fstat(number)
    return found.st_dev, found.st_ino


_generation = 0
_lock = threading.RLock()
_modules: set[str] = set()
_private: WeakSet[PrivateDescriptor] = WeakSet()
if _CAN_FORK:
    os.register_at_fork(
        before=_prepare, after_in_parent=lambda: _lock.release(), after_in_child=_begin_child
    )
