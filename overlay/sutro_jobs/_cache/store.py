"""The cache as a whole: its folder, its size limit, its entries."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen
from filelock import FileLock

from .index import NAME, read_index
from .pins import release_stale

if TYPE_CHECKING:
    from filelock import BaseFileLock

# In seconds. Changes take milliseconds, so who waits a minute waits for a process that hangs.
_LONGEST_WAIT = 60.0
# No download of a live process goes a day without writing to its file.
_ABANDONED_AFTER = 24 * 3600.0
_JOBS = "jobs"
PART = ".part"


@frozen
class CacheEntry:
    """The cached files of one job. `size` is in bytes."""

    api_url: str
    job_id: str
    size: int
    last_used: datetime
    folder: Path


class ResultsCache:
    """Results on disk, separate for each deployment and key.

    Any number of processes may share a folder. Folders and files are accessible to their owner
    only and named by hashes, which do not reveal the key.
    """

    def __init__(self, root: Path, max_bytes: int) -> None:
        self.root = root
        self.max_bytes = max_bytes

    def make_folder(self, api_url: str, api_key: str, job_id: str) -> Path:
        """Return the folder of a job of an account, which exists from then on.

        Raises:
            OSError: it cannot be made.
        """
        folder = self.root / _JOBS / _digest("sutro-jobs", api_url, api_key) / _digest(job_id)
        # One by one, since `parents=True` would give those in between the default mode.
        for part in (self.root, *reversed(folder.parents[:2]), folder):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def entries(self) -> list[CacheEntry]:
        """Return the entries, most recently used first."""
        found = [_entry(index.parent) for index in self.root.glob(f"{_JOBS}/*/*/{NAME}")]
        return sorted(found, key=lambda entry: entry.last_used, reverse=True)

    def clear(self) -> list[CacheEntry]:
        """Remove all entries and return them."""
        with self.lock():
            entries = self.entries()
            shutil.rmtree(self.root / _JOBS, ignore_errors=True)
            release_stale(self.root)
        return entries

    def evict(self) -> None:
        """Remove the least recently used entries until the rest fits. The caller holds the lock."""
        self._sweep()
        entries = self.entries()
        excess = sum(entry.size for entry in entries) - self.max_bytes
        while excess > 0 and entries:
            oldest = entries.pop()
            shutil.rmtree(oldest.folder, ignore_errors=True)
            excess -= oldest.size

    def lock(self) -> BaseFileLock:
        """Return the lock for changes.

        Raises:
            OSError: on entering, if the folder is not writable or the lock is not free in time.
        """
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileLock(self.root / "lock", timeout=_LONGEST_WAIT, mode=0o600)

    def _sweep(self) -> None:
        """Remove files of crashed processes."""
        release_stale(self.root)
        for part in self.root.glob(f"{_JOBS}/*/*/*{PART}"):
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _ABANDONED_AFTER:
                    part.unlink()


def _entry(folder: Path) -> CacheEntry:
    index = read_index(folder)
    used = (folder / NAME).stat().st_mtime
    size = sum(path.stat().st_size for path in _files(folder))
    return CacheEntry(index.api_url, index.job_id, size, datetime.fromtimestamp(used, UTC), folder)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_file())


def _digest(*parts: str) -> str:
    # A null byte separates, as neither URLs, keys nor IDs can have one; 128 bits do not collide.
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
