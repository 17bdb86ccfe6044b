"""How many connections a process has, and who gives way to a new one."""

import resource
from collections.abc import Collection
from typing import Protocol

# Beyond what clients of a server on one machine need; each connection costs some 20 KiB.
_MOST = 4096
_FEWEST = 16
# Descriptors for the database (three for each of 40 threads), logs, and imports in the process.
_RESERVED = 256
# A connection may send a file: two descriptors.
_EACH = 2
# New connections may not push each other out before they have had time to ask.
_SECONDS_TO_ASK = 1.0


class _Closable(Protocol):
    def close(self) -> None:
        """Close it."""


class Connection(Protocol):
    """A connection, and since when it has been waiting for a request, if it is."""

    waiting_since: float | None

    @property
    def transport(self) -> _Closable:
        """What closes the connection."""


def raise_limit() -> None:
    """Let the process, and those it starts, have as many descriptors as connections need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST * _EACH + _RESERVED
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def most_connections() -> int:
    """Return how many connections a process may have, so that descriptors are left for files."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(_FEWEST, min(_MOST, (soft - _RESERVED) // _EACH))


def make_room(new: Connection, connections: Collection[Connection], most: int, now: float) -> bool:
    """Return whether a new connection may stay; the longest waiting one may have to go for it.

    The new one is among the connections, of which there may be `most`.
    """
    if len(connections) <= most:
        return True
    waiting = [
        (other.waiting_since, other)
        for other in connections
        if other is not new and other.waiting_since is not None
    ]
    if not waiting:
        return False
    since, longest = min(waiting, key=lambda pair: pair[0])
    if now - since < _SECONDS_TO_ASK:
        return False
    # It stays among them until the event loop has closed it.
    longest.waiting_since = None
    longest.transport.close()
    return True
