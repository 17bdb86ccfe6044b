"""What users can tune about the calls of a client."""

from __future__ import annotations

import os
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING

from attrs import field, frozen

from .validators import callback, is_a, is_integer, is_number, must_be, or_none

if TYPE_CHECKING:
    import httpx

    from .events import RequestEvent, ResponseEvent

# Bytes: what a laptop can spare.
CACHE_SIZE = 10 * 1024**3
# Bytes a second: slower than any line that is still of use, and faster than a server that means to
# keep a client busy.
MIN_DOWNLOAD_SPEED = 1_000.0
# Bytes, decoded: some thousand times a status, and a list of a million jobs.
MAX_RESPONSE_SIZE = 16 * 1024**2
MAX_LIST_SIZE = 1024**3

_timeout = must_be(
    "a finite number of seconds greater than 0, or an httpx.Timeout",
    lambda value: is_a("httpx.Timeout")(value) or (is_number(value) and 0 < value < inf),
)
_seconds = must_be(
    "a number of seconds greater than 0", lambda value: is_number(value) and value > 0
)
_speed = must_be(
    "a finite number of bytes per second of at least 0",
    lambda value: is_number(value) and 0 <= value < inf,
)
_size = must_be("an int greater than 0", lambda value: is_integer(value) and value > 0)
_count = must_be("an int of at least 0", lambda value: is_integer(value) and value >= 0)
_progress = must_be("a bool or None", or_none(lambda value: isinstance(value, bool)))
_path = must_be("a path or None", or_none(lambda value: isinstance(value, str | os.PathLike)))


@frozen
class Options:
    """Limits, hooks and paths of a client. Times are in seconds.

    `timeout` bounds the time until a response begins, and each wait for more of it; `total_timeout`
    a whole call with its retries. The latter restarts whenever a download makes progress, which has
    to be `min_download_speed` bytes per second on average over `timeout`. `max_response_size` and
    `max_list_size` bound decoded bodies in bytes. `progress` None shows progress where standard
    error is a terminal.

    Raises:
        ArgumentError: a value is out of bounds or of another type.
    """

    # Four retries with all of their waits fit into the total: 5 x 60 s + 4 x 8 s.
    timeout: float | httpx.Timeout = field(default=60.0, validator=_timeout)
    total_timeout: float = field(default=600.0, validator=_seconds)
    max_retries: int = field(default=4, validator=_count)
    min_download_speed: float = field(default=MIN_DOWNLOAD_SPEED, validator=_speed)
    max_response_size: int = field(default=MAX_RESPONSE_SIZE, validator=_size)
    max_list_size: int = field(default=MAX_LIST_SIZE, validator=_size)
    on_request: Callable[[RequestEvent], None] | None = field(default=None, validator=callback)
    on_response: Callable[[ResponseEvent], None] | None = field(default=None, validator=callback)
    progress: bool | None = field(default=None, validator=_progress)
    cache_dir: str | os.PathLike[str] | None = field(default=None, validator=_path)
    cache_size: int = field(default=CACHE_SIZE, validator=_count)
