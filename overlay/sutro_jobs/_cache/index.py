"""What the cache has of one job, as the JSON file `entry.json` beside its data files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

NAME = "entry.json"
# Raise it when files or fields change their meaning: older entries are then downloaded again.
# Entries of version 1 may have rows of other jobs, as forked processes shared connections.
_VERSION = 2


class CachedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A data file, with its size and modification time when it was complete."""

    name: str
    size: int
    mtime_ns: int

    def is_intact(self, folder: Path) -> bool:
        """Tell whether size and modification time are unchanged; hashing would read it all."""
        try:
            found = (folder / self.name).stat()
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size, self.mtime_ns)


class ResultsFile(CachedFile, frozen=True, kw_only=True, tag="results"):
    """Results as the server sent them, and which optional columns were requested."""

    inputs: bool
    logprobs: bool

    def covers(self, inputs: bool, logprobs: bool) -> bool:
        """Tell whether the file has all columns that are asked for."""
        return self.inputs >= inputs and self.logprobs >= logprobs


class FrameFile(CachedFile, frozen=True, kw_only=True, tag="frame"):
    """A frame built from results by the options that `key` identifies."""

    key: str
    carried: list[str]


class JobSchema(msgspec.Struct, frozen=True):
    """The JSON Schema of a job, None where it has none."""

    json_schema: dict[str, Any] | None


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known about a cached job."""

    api_url: str = ""
    job_id: str = ""
    version: int = _VERSION
    files: list[ResultsFile | FrameFile] = []
    schema: JobSchema | None = None


def read_index(folder: Path) -> Index:
    """Return the index of a job; an empty one if it is missing, broken or of another version."""
    try:
        index = msgspec.json.decode((folder / NAME).read_bytes(), type=Index)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Index()
    return index if index.version == _VERSION else Index()


def write_index(folder: Path, index: Index) -> None:
    """Replace the file atomically."""
    # The caller has the lock, so one name for the new file is enough.
    new = folder / "entry.new"
    with open(new, "wb", opener=private) as file:
        file.write(msgspec.json.encode(index))
    new.replace(folder / NAME)


def private(path: str, flags: int) -> int:
    """Open a file that only its owner can access; an `opener` for `open`."""
    return os.open(path, flags, 0o600)
