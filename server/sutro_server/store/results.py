"""Results of jobs: one Parquet file a job, and the answers made from it, files as well."""

import hashlib
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakValueDictionary

import attrs
import pyarrow as pa
from filelock import FileLock, Timeout

from ..errors import StoreError
from .folder import make_file, make_folder
from .render import Selection, render

ANSWERS_LIMIT = 4 << 30
"""Bytes of answers that a store keeps, unless it is told otherwise."""

# An answer is found first, and opened to be sent a moment later.
_GRACE_SECONDS = 60

# Part of every answer's name: raise it when answers change, so that no old file is served.
_RENDERING = "2"


@attrs.frozen
class Answer:
    """A file to be sent, and its strong entity tag, the same for the same bytes."""

    path: Path
    etag: str


class Results:
    """The results files of a store.

    `results/` holds what was imported, one file a job. `answers/` holds what was served from it: up
    to so many bytes, of which the longest unused are removed first. It may be emptied at any time,
    also while servers run.
    """

    def __init__(self, directory: Path, answers_limit: int = ANSWERS_LIMIT) -> None:
        self._sources = directory / "results"
        self._answers = directory / "answers"
        self._incoming = directory / "incoming"
        self._answers_limit = answers_limit
        for folder in (self._sources, self._answers, self._incoming):
            # Where nothing can be written, what is there can be read.
            with suppress(OSError):
                make_folder(folder)
        self._guard = threading.Lock()
        self._locks: WeakValueDictionary[str, _Lock] = WeakValueDictionary()

    def source(self, results_id: str) -> Path:
        """Return the path of a results file."""
        return self._sources / f"{results_id}.parquet"

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """Yield a path to write new results to; it is removed again unless adopted.

        Raises:
            StoreError: The results cannot be stored.
        """
        part = self._incoming / f"{uuid.uuid4().hex}.part"
        lock = FileLock(part.with_suffix(".lock"), mode=0o600)
        try:
            with lock:
                make_file(part)
                yield part
        except BaseException as error:
            with suppress(OSError):
                self.source(part.stem).unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise StoreError(f"Results cannot be stored: {_reason(error)}.") from error
            raise
        finally:
            for left in (part, Path(lock.lock_file)):
                with suppress(OSError):
                    left.unlink(missing_ok=True)

    def adopt(self, part: Path) -> str:
        """Make an incoming file permanent; return its ID, to be stored in this transaction."""
        results_id = part.stem
        with part.open("rb") as file:
            # Before the rename: otherwise a power cut could leave the name with an empty file.
            os.fsync(file.fileno())
        os.replace(part, self.source(results_id))
        return results_id

    def sweep(self, job_of: Callable[[str], str | None]) -> None:
        """Remove what killed imports left. The caller holds the write lock, as adopters do."""
        for lock in self._incoming.glob("*.lock"):
            with suppress(Timeout), FileLock(lock, timeout=0):
                lock.with_suffix(".part").unlink(missing_ok=True)
                lock.unlink(missing_ok=True)
        for source in self._sources.glob("*.parquet"):
            if job_of(source.stem) is None:
                source.unlink(missing_ok=True)

    def answer(self, results_id: str, job_id: str, selection: Selection) -> Answer:
        """Return the file that answers a request, written now unless it was before. Blocks.

        Raises:
            StoreError: The results are missing or damaged, or the answer cannot be written.
        """
        etag = self._etag(results_id, job_id, selection)
        path = self._answers / etag
        if not _touch(path):
            with self._lock(etag):
                if not _touch(path):
                    self._write(path, results_id, job_id, selection)
        return Answer(path, etag)

    def _lock(self, etag: str) -> "_Lock":
        # One for each answer that is being written, so that each is written once.
        with self._guard:
            return self._locks.setdefault(etag, _Lock())

    @staticmethod
    def _etag(results_id: str, job_id: str, selection: Selection) -> str:
        # Other versions of pyarrow write other bytes.
        made_by = (_RENDERING, pa.__version__)
        parts = (*made_by, results_id, job_id, *map(str, attrs.astuple(selection)))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    def _write(self, path: Path, results_id: str, job_id: str, selection: Selection) -> None:
        part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        source = self.source(results_id)
        _check_readable(source)
        try:
            make_file(part)
            render(source, part, selection, job_id)
            # Several workers may write the same answer; the bytes are the same and the rename is
            # atomic.
            os.replace(part, path)
        except (pa.ArrowException, OSError) as error:
            # Arrow raises OSError for damaged bytes too, without a number then.
            if not isinstance(error, OSError) or error.errno is None:
                raise StoreError("The results of the job are damaged.") from error
            text = f"The store's folder answers/ cannot be written: {_reason(error)}."
            raise StoreError(text) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        self._evict()

    def _evict(self) -> None:
        """Remove the longest unused answers beyond the limit, but none that may be in use."""
        now = time.time()
        found = sorted(_sizes(self._answers), reverse=True)
        size = 0
        for used, length, path in found:
            size += length
            if size > self._answers_limit and now - used > _GRACE_SECONDS:
                path.unlink(missing_ok=True)


class _Lock:
    """A lock that a weak dictionary can hold."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _reason(error: OSError) -> str:
    # Not the text of the error, which may hold paths.
    return "unknown error" if error.errno is None else os.strerror(error.errno)


def _check_readable(source: Path) -> None:
    try:
        with source.open("rb"):
            pass
    except OSError as error:
        raise StoreError(f"The results of the job cannot be read: {_reason(error)}.") from error


def _touch(path: Path) -> bool:
    """Note that a file is used; return whether there is one."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    except OSError:
        # Where nothing can be written, it can be read all the same.
        return path.exists()
    return True


def _sizes(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Yield when each file of a folder was used, its size and its path."""
    for entry in os.scandir(folder):
        # Another process may have removed it meanwhile.
        with suppress(FileNotFoundError):
            status = entry.stat()
            yield status.st_mtime, status.st_size, Path(entry.path)
