"""Results of jobs: one Parquet file a job, and the answers made from it, files as well."""

import hashlib
import os
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import attrs
import pyarrow as pa
from filelock import FileLock, Timeout

from .render import Selection, write_csv_zip, write_json, write_parquet

# Part of every answer's name: raise it when answers change, so that no old file is served.
_RENDERING = "1"


@attrs.frozen
class Answer:
    """A file to be sent, and its strong entity tag, the same for the same bytes."""

    path: Path
    etag: str


class Results:
    """The results files of a store.

    `results/` holds what was imported, one file a job. `answers/` holds what was served from it
    and may be emptied at any time, also while servers run.
    """

    def __init__(self, directory: Path) -> None:
        self._sources = directory / "results"
        self._answers = directory / "answers"
        self._incoming = directory / "incoming"
        for folder in (self._sources, self._answers, self._incoming):
            folder.mkdir(parents=True, exist_ok=True)
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def source(self, results_id: str) -> Path:
        """Return the path of a results file."""
        return self._sources / f"{results_id}.parquet"

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """Yield a path to write new results to; it is removed again unless adopted."""
        part = self._incoming / f"{uuid.uuid4().hex}.part"
        lock = FileLock(part.with_suffix(".lock"))
        try:
            with lock:
                yield part
        except BaseException:
            self.source(part.stem).unlink(missing_ok=True)
            raise
        finally:
            part.unlink(missing_ok=True)
            Path(lock.lock_file).unlink(missing_ok=True)

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
        """Return the file that answers a request, written now unless it was before. Blocks."""
        etag = self._etag(results_id, job_id, selection)
        path = self._answers / etag
        if not path.exists():
            with self._locks[etag]:
                if not path.exists():
                    self._write(path, results_id, job_id, selection)
        return Answer(path, etag)

    @staticmethod
    def _etag(results_id: str, job_id: str, selection: Selection) -> str:
        # Other versions of pyarrow write other bytes.
        made_by = (_RENDERING, pa.__version__)
        parts = (*made_by, results_id, job_id, *map(str, attrs.astuple(selection)))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    def _write(self, path: Path, results_id: str, job_id: str, selection: Selection) -> None:
        part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        source = self.source(results_id)
        try:
            if selection.format == "parquet":
                write_parquet(source, part, selection)
            elif selection.format == "csv":
                write_csv_zip(source, part, selection, job_id)
            else:
                write_json(source, part, selection)
            # Several workers may write the same answer; the bytes are the same and the rename is
            # atomic.
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
