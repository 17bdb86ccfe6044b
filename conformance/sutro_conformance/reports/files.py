"""Reports on disk: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def prepare(file: Path) -> None:
    """Make the folder of a file, and see to it that the file can be written.

    Raises:
        OSError: it cannot be written.
    """
    if _is_special(file):
        file.open("ab").close()
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = _beside(file)
        beside.touch()
        beside.unlink()


def write_atomically(file: Path, content: bytes) -> None:
    """Write a file beside its place and put it there when it is complete."""
    if _is_special(file):
        file.write_bytes(content)
        return
    prepare(file)
    beside = _beside(file)
    try:
        beside.write_bytes(content)
        beside.replace(file.resolve())
    finally:
        beside.unlink(missing_ok=True)


def _beside(file: Path) -> Path:
    target = file.resolve()
    return target.with_name(f".{target.name}.{os.getpid()}")


def _is_special(file: Path) -> bool:
    """Return whether something else than a file is there, such as /dev/stdout."""
    return file.exists() and not file.is_file()
