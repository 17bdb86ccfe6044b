"""Looking up the addresses of a host, for no longer than there is time.

The C library cannot be broken off, so it works in a thread beside. A look-up that takes too long
goes on there, and what it finds is lost. The threads of an event loop would be waited for at its
end, and are needed for other work.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]
_Outcome = Sequence[Address] | OSError


def resolve(host: str, port: int, timeout: float | None) -> Sequence[Address]:
    """Return the addresses of a host.

    Raises:
        TimeoutError: it takes longer than `timeout` seconds.
        OSError: there is no such host.
    """
    outcomes: SimpleQueue[_Outcome] = SimpleQueue()
    _look_up(host, port, outcomes.put)
    try:
        return _addresses(outcomes.get(timeout=timeout))
    except Empty:
        raise TimeoutError(f"The name {host} was not resolved in time.") from None


async def resolve_for_task(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of a host.

    Raises:
        OSError: there is no such host.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[_Outcome] = loop.create_future()

    def settle(outcome: _Outcome) -> None:
        if not found.done():
            found.set_result(outcome)

    def deliver(outcome: _Outcome) -> None:
        with suppress(RuntimeError):  # The loop has ended, and nobody waits.
            loop.call_soon_threadsafe(settle, outcome)

    _look_up(host, port, deliver)
    return _addresses(await found)


def _look_up(host: str, port: int, deliver: Callable[[_Outcome], None]) -> None:
    def work() -> None:
        try:
            outcome: _Outcome = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            outcome = error
        except UnicodeError as error:
            outcome = OSError(f"{host} is not the name of a host: {error}")
        deliver(outcome)

    try:
        numeric = socket.AI_NUMERICHOST
        deliver(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=numeric))
    except (OSError, UnicodeError):  # It is a name, and not an address.
        threading.Thread(target=work, name="sutro_jobs resolution", daemon=True).start()


def _addresses(outcome: _Outcome) -> Sequence[Address]:
    if isinstance(outcome, OSError):
        raise outcome
    return outcome
