"""Files that lazy frames read for as long as the process lives, whatever the cache removes."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from .._forks import generation

_LOCK = "lock"


def pin(path: Path, parent: Path) -> Path:
    """Keep a file readable until this process ends, and return where; its own name may go.

    `parent` is a folder of the same file system.
    """
    return _held_files(parent, generation()).link(path)


def release_stale(parent: Path) -> None:
    """Remove what processes held that ended without letting go."""
    for folder in parent.glob("held-*"):
        try:
            with FileLock(folder / _LOCK, timeout=0, mode=0o600):
                shutil.rmtree(folder, ignore_errors=True)
        except (OSError, Timeout):
            continue


class _HeldFiles:
    """A private folder of one process, locked while that lives."""

    def __init__(self, parent: Path, owner: int) -> None:
        self._folder = parent / f"held-{secrets.token_hex(8)}"
        self._folder.mkdir(mode=0o700, parents=True)
        self._lock = FileLock(self._folder / _LOCK, mode=0o600)
        self._lock.acquire()
        self._owner = owner
        atexit.register(self._release)

    def link(self, path: Path) -> Path:
        held = self._folder / f"{secrets.token_hex(8)}.parquet"
        try:
            os.link(path, held)
        except OSError:  # Not every file system has hard links.
            shutil.copyfile(path, held)
        return held

    def _release(self) -> None:
        if generation() == self._owner:  # A forked child runs the exit handlers of its parent, too.
            self._lock.release()
            shutil.rmtree(self._folder, ignore_errors=True)


_held_files = cache(_HeldFiles)
