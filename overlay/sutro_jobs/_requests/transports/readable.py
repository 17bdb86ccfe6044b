"""Whether an idle socket has something to say; all that it can be is that the server closed it."""

from __future__ import annotations

import select


def is_readable(descriptor: int) -> bool:
    """Tell whether reading from a descriptor returns at once; true for one that is closed."""
    if descriptor < 0:
        return True
    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
