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
from .pins import hold
from .store import PART, ResultsCache

_log = logging.getLogger("sutro_jobs")


class Slot:
    """Reads and writes what the cache has of one job.

    Nothing fails because of the cache: what cannot be read is not there, and what cannot be
    written is not kept. Files never change once they have their names, so reading needs no lock.
    """

    keeps = True

    def __init__(self, cache: ResultsCache, folder: Path, api_url: str, job_id: str) -> None:
        self._cache = cache
        self._folder = folder
        self._new = Index(api_url=api_url, job_id=job_id)

    def results(self, *, inputs: bool, logprobs: bool) -> Path | None:
        """Return the smallest intact results file that holds what is asked for."""
        held = [
            file
            for file in self._intact_files()
            if isinstance(file, ResultsFile) and file.holds(inputs, logprobs)
        ]
        return self._used(min(held, key=lambda file: file.size)) if held else None

    def frame(self, key: str) -> tuple[Path, list[str]] | None:
        """Return the intact frame made in the way that `key` names, and its carried columns."""
        for file in self._intact_files():
            if isinstance(file, FrameFile) and file.key == key:
                return self._used(file), file.carried
        return None

    def schema(self) -> JobSchema | None:
        """Return the job's JSON Schema, None where it is not known."""
        return read_index(self._folder).schema

    @contextmanager
    def part(self) -> Generator[Path]:
        """Give the path of a new private file to write; removed afterwards unless it was kept."""
        path = self._folder / f"{secrets.token_hex(8)}{PART}"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # It may have been evicted.
        path.touch(mode=0o600)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def keep_results(self, part: Path, *, inputs: bool, logprobs: bool) -> None:
        """Keep a results file in place of those that hold no more than it."""
        new = ResultsFile(**_described(part, "results"), inputs=inputs, logprobs=logprobs)

        def is_within(old: CachedFile) -> bool:
            return isinstance(old, ResultsFile) and new.holds(old.inputs, old.logprobs)

        self._keep(part, new, is_within)

    def keep_frame(self, part: Path, key: str, carried: list[str]) -> None:
        """Keep a frame."""
        new = FrameFile(**_described(part, "frame"), key=key, carried=carried)
        self._keep(part, new, lambda old: isinstance(old, FrameFile) and old.key == key)

    def keep_schema(self, schema: JobSchema) -> None:
        """Remember the job's JSON Schema."""
        with self._changing() as index:
            write_index(self._folder, msgspec.structs.replace(index, schema=schema))

    def discard(self, path: Path) -> None:
        """Remove a file that turned out to be damaged."""
        with suppress(OSError):
            path.unlink(missing_ok=True)

    def hold(self, path: Path) -> Path:
        """Keep a file readable until the process ends, also once it is evicted; return where."""
        return hold(path, self._cache.root)

    def _keep(
        self,
        part: Path,
        new: ResultsFile | FrameFile,
        is_replaced: Callable[[ResultsFile | FrameFile], bool],
    ) -> None:
        if new.size > self._cache.max_bytes:
            return
        with self._changing() as index:
            part.replace(self._folder / new.name)
            files = [*(old for old in index.files if not is_replaced(old)), new]
            write_index(self._folder, msgspec.structs.replace(index, files=files))
            for old in filter(is_replaced, index.files):
                self.discard(self._folder / old.name)
            self._cache.evict()

    @contextmanager
    def _changing(self) -> Generator[Index]:
        """Hold the cache's lock and give the index; a failure only means that nothing is kept."""
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
        """Mark the job as used now; what was used longest ago is evicted first."""
        with suppress(OSError):
            os.utime(self._folder / NAME)
        return self._folder / file.name


def _described(part: Path, kind: str) -> dict[str, Any]:
    found = part.stat()
    name = f"{kind}-{part.stem}.parquet"
    return {"name": name, "size": found.st_size, "mtime_ns": found.st_mtime_ns}
