"""Files and folders of a store, which are for its owner alone: they hold the keys' secrets."""

import os
import stat
from contextlib import suppress
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def make_folder(path: Path) -> None:
    """Make a folder that nobody else can look into, or close one that is there."""
    path.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    _close(path, _FOLDER)


def make_top_folder(path: Path, mark: str) -> None:
    """Do the same for a data directory, but leave one alone that holds other things as well."""
    if path.exists() and not (path / mark).exists() and any(path.iterdir()):
        return
    make_folder(path)


def make_file(path: Path) -> None:
    """Make an empty file that nobody else can read, or close one that is there."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, _FILE))
    _close(path, _FILE)


def _close(path: Path, mode: int) -> None:
    # Whoever does not own it may work with it, but not change who else can.
    with suppress(OSError):
        if stat.S_IMODE(path.stat().st_mode) & ~mode:
            path.chmod(mode)
