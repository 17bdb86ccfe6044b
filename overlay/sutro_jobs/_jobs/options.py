"""Arguments of `list_jobs` and `wait_for_job`, which document them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import field, frozen

from .._configuration.validators import callback, is_integer, is_number, must_be, or_none
from .._errors import ArgumentError

if TYPE_CHECKING:
    from .status import JobStatusReport

# The contract's maximum of `limit`; servers refuse more with 422.
LARGEST_PAGE = 100
_PAGES_FIRST = 3

_limit = must_be(
    "an int of at least 0, or None for all jobs",
    or_none(lambda value: is_integer(value) and value >= 0),
)
_page_size = must_be(
    f"an int from 1 to {LARGEST_PAGE}, or None for all jobs in one response",
    or_none(lambda value: is_integer(value) and 1 <= value <= LARGEST_PAGE),
)
_cursor = must_be("a str or None", or_none(lambda value: isinstance(value, str)))
_timeout = must_be(
    "a number of seconds of at least 0, or None",
    or_none(lambda value: is_number(value) and value >= 0),
)
_poll_interval = must_be(
    "a number of seconds greater than 0", lambda value: is_number(value) and value > 0
)


@frozen
class ListOptions:
    """Which jobs are listed, and by how large pages.

    Raises:
        ArgumentError: a value is out of bounds or of another type.
    """

    limit: int | None = field(default=None, validator=_limit)
    page_size: int | None = field(default=LARGEST_PAGE, validator=_page_size)
    cursor: str | None = field(default=None, validator=_cursor)

    def __attrs_post_init__(self) -> None:
        if self.cursor is not None and self.page_size is None:
            raise ArgumentError("cursor needs pages: leave page_size as it is.")

    def pages_first(self, *, wanted_whole: bool) -> int | None:
        """Return how many pages come before all the rest in one response; None for pages only.

        The first pages come soon and are all that who stops early has fetched. Smaller pages, or a
        place to go on from, are what somebody wants who gives them.
        """
        if self.page_size != LARGEST_PAGE or self.cursor is not None:
            return None
        if self.limit is not None and self.limit <= _PAGES_FIRST * LARGEST_PAGE:
            return None
        return 0 if wanted_whole else _PAGES_FIRST


@frozen
class WaitOptions:
    """How long to wait for a job, how often to poll, and what to call after each poll.

    Raises:
        ArgumentError: a value is out of bounds or of another type.
    """

    timeout: float | None = field(default=None, validator=_timeout)
    poll_interval: float = field(default=30.0, validator=_poll_interval)
    on_progress: Callable[[JobStatusReport], None] | None = field(default=None, validator=callback)
