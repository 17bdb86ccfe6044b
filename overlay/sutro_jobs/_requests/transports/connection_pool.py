"""Which connections are open, and which of them are idle. Nothing here waits."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from math import inf
from typing import Generic, Protocol, TypeVar

import httpcore
import httpx


class Poolable(Protocol):
    """A connection as its pool sees it."""

    origin: httpcore.Origin
    closed: bool
    expires_at: float

    def is_idle(self) -> bool:
        """Tell whether the last exchange ended cleanly, so that another may follow."""
        ...

    def has_expired(self) -> bool:
        """Tell whether an idle connection was closed by the server."""
        ...

    def close(self) -> None:
        """Close the socket at once, whatever is going on."""
        ...


C = TypeVar("C", bound=Poolable)


class ConnectionPool(Generic[C]):
    """Lends each connection to one request at a time, and takes it back only if it is clean.

    The pool holds idle connections alone. What it lends belongs to the borrower, so a connection
    that an exception makes the borrower lose is closed as soon as nothing refers to it, and counts
    as open no longer.
    """

    def __init__(self, make: Callable[[httpcore.Origin], C], limits: httpx.Limits) -> None:
        self._make = make
        self._most_open = _or_inf(limits.max_connections)
        self._most_idle = _or_inf(limits.max_keepalive_connections)
        self._longest_idle = _or_inf(limits.keepalive_expiry)
        self._open: list[weakref.ref[C]] = []
        # A dict rather than a list, because taking one entry out is a single step. A signal handler
        # may use the pool in the middle of a call.
        self._idle: dict[C, None] = {}

    def is_exhausted(self) -> bool:
        """Tell whether as many connections are lent as may be open."""
        return self._count_open() - len(self._idle) >= self._most_open

    def take(self, origin: httpcore.Origin) -> C:
        """Return a connection that no other request has, for a pool that is not exhausted."""
        return self._take_idle(origin) or self._open_another(origin)

    def give_back(self, connection: C) -> None:
        """Keep a connection for the next request, unless it cannot serve one."""
        if not connection.is_idle() or len(self._idle) >= self._most_idle:
            connection.close()
            return
        connection.expires_at = time.monotonic() + self._longest_idle
        self._idle[connection] = None

    def close(self) -> None:
        """Close the idle connections at once, and those that are lent when they come back."""
        self._most_idle = 0
        for connection in tuple(self._idle):
            self._discard(connection)

    def _take_idle(self, origin: httpcore.Origin) -> C | None:
        now = time.monotonic()
        for connection in reversed(tuple(self._idle)):
            if connection.expires_at <= now:
                self._discard(connection)
            elif connection.origin == origin and self._claim(connection):
                if not connection.has_expired():
                    return connection
                connection.close()
        return None

    def _open_another(self, origin: httpcore.Origin) -> C:
        if self._count_open() >= self._most_open and self._idle:
            self._discard(next(iter(self._idle)))
        connection = self._make(origin)
        self._open.append(weakref.ref(connection))
        return connection

    def _count_open(self) -> int:
        if len(self._open) >= self._most_open:
            self._open = [known for known in self._open if _is_open(known)]
        return len(self._open)

    def _claim(self, connection: C) -> bool:
        return self._idle.pop(connection, connection) is None

    def _discard(self, connection: C) -> None:
        if self._claim(connection):
            connection.close()


def _is_open(known: weakref.ref[C]) -> bool:
    connection = known()
    return connection is not None and not connection.closed


def _or_inf(limit: float | None) -> float:
    return inf if limit is None else limit
