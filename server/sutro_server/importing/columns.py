"""Names of the columns of a file."""

from collections.abc import Iterable
from pathlib import Path

from ..errors import ImportFileError


def require_columns(path: Path, wanted: Iterable[str], present: Iterable[str]) -> None:
    """Refuse a file that lacks a wanted column, or has two of the name.

    Raises:
        ImportFileError: The file does.
    """
    names = list(present)
    for name in wanted:
        if name not in names:
            known = ", ".join(sorted(names)) or "none"
            raise ImportFileError(f"{path} has no column '{name}'. Its columns are: {known}.")
        if names.count(name) > 1:
            raise ImportFileError(f"{path} has two columns '{name}'. Rename one of them.")
