"""The SQLite file of a store: connections, transactions, migrations."""

import errno
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote
from weakref import WeakSet

from filelock import FileLock

from ..errors import StoreError
from .folder import make_file, make_top_folder

_NAME = "store.sqlite"

_UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}

# FULL makes each commit outlive a power cut. Each connection caches 16 MiB; mapping 1 GiB spares
# copies of pages that the system holds anyway.
_SETTINGS = """
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA cache_size = -16384;
PRAGMA mmap_size = 1073741824;
"""


class _Connection(sqlite3.Connection):
    """A connection that ends with its thread, as threads of a pool come and go."""

    def __del__(self) -> None:
        self.close()


class Database:
    """The SQLite file `store.sqlite` in a data directory, made and migrated when it is opened.

    Each thread has a connection of its own. Any number of processes may open the same directory.
    Where nothing can be written in it, it is open for reading only.

    Raises:
        StoreError: The directory cannot be used, or a newer version wrote the file.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / _NAME
        self._local = threading.local()
        self._opened: WeakSet[_Connection] = WeakSet()
        self.read_only = False
        try:
            self._open(directory)
        except OSError as error:
            raise StoreError(f"{directory} cannot be used: {error.strerror}.") from error
        except sqlite3.Error as error:
            raise StoreError(
                f"{self._path} is damaged or not a store: {error}. "
                "Restore it from a copy, or open another directory."
            ) from error

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, in autocommit mode."""
        connection: _Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self._uri(),
                # Imports commit some thousand jobs at a time, which takes a second on slow disks.
                timeout=30,
                isolation_level=None,
                check_same_thread=False,
                factory=_Connection,
                uri=True,
            )
            connection.executescript(_SETTINGS)
            self._local.connection = connection
            self._opened.add(connection)
        return connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run the block in a transaction that holds the store's only write lock from its start.

        Inside another such block it joins that block's transaction.
        """
        connection = self.connection()
        if connection.in_transaction:
            yield connection
            return
        # Not a deferred one, which fails at its first write where somebody else wrote meanwhile.
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in list(self._opened):
            connection.close()
        self._local = threading.local()

    def _open(self, directory: Path) -> None:
        try:
            make_top_folder(directory, _NAME)
            lock = FileLock(directory / "migration.lock", mode=0o600)
            with lock:
                make_file(self._path)
                # Lets readers go on while somebody writes. It stays so once it was set.
                self.connection().execute("PRAGMA journal_mode = WAL")
                self._migrate()
        except OSError as error:
            if error.errno not in _UNWRITABLE or not self._path.exists():
                raise
            self.read_only = True
            self.close()
            self._migrate()

    def _uri(self) -> str:
        path = quote(str(self._path.absolute()))
        if not self.read_only:
            return f"file:{path}?mode=rw"
        # SQLite needs files beside the store to read what is not merged into it yet. Where they
        # cannot be made, and nothing is left to merge, it may take the store as it is.
        log = self._path.with_name(f"{_NAME}-wal")
        unmerged = log.exists() and log.stat().st_size > 0
        return f"file:{path}?mode=ro" + ("" if unmerged else "&immutable=1")

    def _migrate(self) -> None:
        connection = self.connection()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        steps = sorted(
            (
                step
                for step in (files(__package__) / "migrations").iterdir()
                if step.name[0].isdigit()
            ),
            key=lambda step: step.name,
        )
        if version > len(steps):
            raise StoreError(
                f"{self._path} was written by a newer version (schema {version}, this one knows "
                f"{len(steps)}). Update sutro-jobs, or open another directory."
            )
        for number, step in enumerate(steps[version:], start=version + 1):
            script = step.read_text(encoding="utf-8")
            connection.executescript(
                f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;"
            )


def _roll_back(connection: sqlite3.Connection) -> None:
    # Full disks end some transactions, but not all of them.
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def secret(database: Database, name: str) -> bytes:
    """Return the store's random secret of that name, 32 bytes, made on first use."""
    query = "SELECT value FROM secrets WHERE name = ?"
    row = database.connection().execute(query, (name,)).fetchone()
    if row is None:
        with database.write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO secrets VALUES (?, ?)", (name, secrets.token_bytes(32))
            )
            row = connection.execute(query, (name,)).fetchone()
    value: bytes = row[0]
    return value
