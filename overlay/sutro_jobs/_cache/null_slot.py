"""The slot of a job whose results are not cached: its files last as long as they are read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from .._forks import generation
from .index import JobSchema
from .pins import pin


class NullSlot:
    """A `Slot` that finds nothing and stores nothing."""

    stores = False

    def results(self, *, inputs: bool, logprobs: bool) -> Path | None:
        """Return None."""

    def frame(self, key: str) -> tuple[Path, list[str]] | None:
        """Return None."""

    def schema(self) -> JobSchema | None:
        """Return None."""

    @contextmanager
    def part(self) -> Generator[Path]:
        """Give the path of a new private file to write; removed afterwards."""
        # mkstemp makes the file private from the start.
        descriptor, name = tempfile.mkstemp(prefix="sutro-jobs-", suffix=".parquet")
        os.close(descriptor)
        owner = generation()
        try:
            yield Path(name)
        finally:
            if generation() == owner:  # The part of a child is that of its parent.
                Path(name).unlink(missing_ok=True)

    def store_results(self, part: Path, *, inputs: bool, logprobs: bool) -> None:
        """Do nothing."""

    def store_frame(self, part: Path, key: str, carried: list[str]) -> None:
        """Do nothing."""

    def store_schema(self, schema: JobSchema) -> None:
        """Do nothing."""

    def discard(self, path: Path) -> None:
        """Do nothing."""

    def pin(self, path: Path) -> Path:
        """Keep a file readable until the process ends, and return its path."""
        # Into a folder of the same file system, so that a hard link will do.
        return pin(path, path.parent)
