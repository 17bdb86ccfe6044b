"""The slot of one job in the cache: its files, and what is known of them."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from .._forks import generation
from .index import (
    NAME,
    CachedFile,
    FrameFile,
    Index,
    JobSchema,
    ResultsFile,
    read_index,
    write_index,
)
from .pins import pin
from .store import PART, ResultsCache

_log = logging.getLogger("sutro_jobs")


class Slot:
    """Reads and writes what the cache has of one job.

    Nothing fails because of the cache: what cannot be read is a miss, and what cannot be written
    is not stored. Files never change once they have their names, so reading needs no lock.
    """

    stores = True

    def __init__(self, cache: ResultsCache, folder: Path, api_url: str, job_id: str) -> None:
        self._cache = cache
        self._folder = folder
        self._new = Index(api_url=api_url, job_id=job_id)

    def results(self, *, inputs: bool, logprobs: bool) -> Path | None:
        """Return the smallest intact results file with all columns that are asked for."""
        matching = [
            file
            for file in self._intact_files()
            if isinstance(file, ResultsFile) and file.covers(inputs, logprobs)
        ]
        return self._used(min(matching, key=lambda file: file.size)) if matching else None

    def frame(self, key: str) -> tuple[Path, list[str]] | None:
        """Return the intact frame stored under `key`, and its carried columns."""
        for file in self._intact_files():
            if isinstance(file, FrameFile) and file.key == key:
                return self._used(file), file.carried
        return None

    def schema(self) -> JobSchema | None:
        """Return the job's JSON Schema, None where it is not known."""
        return read_index(self._folder).schema

    @contextmanager
    def part(self) -> Generator[Path]:
        """Give the path of a new private file to write; removed afterwards unless it was stored."""
        path = self._folder / f"{secrets.token_hex(8)}{PART}"
        # The job may have been evicted since its slot was made.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        owner = generation()
        try:
            yield path
        finally:
            if generation() == owner:  # The part of a child is that of its parent.
                path.unlink(missing_ok=True)

    def store_results(self, part: Path, *, inputs: bool, logprobs: bool) -> None:
        """Store a results file, and remove those that it makes redundant."""
        new = ResultsFile(**_stat(part, "results"), inputs=inputs, logprobs=logprobs)

        def is_within(old: CachedFile) -> bool:
            return isinstance(old, ResultsFile) and new.covers(old.inputs, old.logprobs)

        self._store(part, new, is_within)

    def store_frame(self, part: Path, key: str, carried: list[str]) -> None:
        """Store a frame under the key of the options that it was made with."""
        new = FrameFile(**_stat(part, "frame"), key=key, carried=carried)
        self._store(part, new, lambda old: isinstance(old, FrameFile) and old.key == key)

    def store_schema(self, schema: JobSchema) -> None:
        """Store the job's JSON Schema."""
        with self._changing() as index:
            write_index(self._folder, msgspec.structs.replace(index, schema=schema))

    def discard(self, path: Path) -> None:
        """Remove a file that turned out to be damaged."""
        with suppress(OSError):
            path.unlink(missing_ok=True)

    def pin(self, path: Path) -> Path:
        """Keep a file readable until the process ends, even after eviction; return its path."""
        return pin(path, self._cache.root)

    def _store(
        self,
        part: Path,
        new: ResultsFile | FrameFile,
        is_replaced: Callable[[ResultsFile | FrameFile], bool],
    ) -> None:
        # It would evict all other entries, and then itself.
        if new.size > self._cache.max_bytes:
            return
        with self._changing() as index:
            # First the file, then its name in the index, so that readers find what they read of;
            # old files go last for the same reason.
            part.replace(self._folder / new.name)
            files = [*(old for old in index.files if not is_replaced(old)), new]
            write_index(self._folder, msgspec.structs.replace(index, files=files))
            for old in filter(is_replaced, index.files):
                self.discard(self._folder / old.name)
            self._cache.evict()

    @contextmanager
    def _changing(self) -> Generator[Index]:
        """Hold the cache's lock and give the index; a failure only means that nothing is stored."""
        try:
            with self._cache.lock():
                index = read_index(self._folder)
                yield index if index.job_id else self._new
        except OSError as error:
            _log.warning("the cache in %s cannot be written: %s", self._cache.root, error)

    def _intact_files(self) -> list[ResultsFile | FrameFile]:
        files = read_index(self._folder).files
        return [file for file in files if file.is_intact(self._folder)]

    def _used(self, file: CachedFile) -> Path:
        """Mark the job as used now; the least recently used is evicted first."""
        with suppress(OSError):
            os.utime(self._folder / NAME)
        return self._folder / file.name


def _stat(part: Path, kind: str) -> dict[str, Any]:
    found = part.stat()
    name = f"{kind}-{part.stem}.parquet"
    return {"name": name, "size": found.st_size, "mtime_ns": found.st_mtime_ns}
