"""Which failures are retried, how often, and after which wait."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, cast

from .._errors import (
    ConnectionFailedError,
    RequestTimeoutError,
    StatusError,
    SutroError,
    TruncatedError,
)

if TYPE_CHECKING:
    import tenacity

# Any operation may be repeated: all but the cancellation only read, and a job that is being
# cancelled, or has ended, stays as it is.
#
# 408, 425 and 429 ask to come back later; 501 and 505 would be the same next time; 520 to 529 are
# those of a proxy that could not reach the service.
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 530)})
# In seconds. Half a second outlasts a restart of one worker, eight seconds that of a service.
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0
# A server that asks for an hour would look like a hang; the total timeout decides after that.
_LONGEST_RETRY_AFTER = 120.0


def parse_retry_after(value: str | None) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, as a number or a date.

    RFC 9110, section 10.2.3. None if the header is absent or invalid.
    """
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


class Retries:
    """Decides for one call whether a failed attempt is retried, and after how many seconds.

    Tenacity decides: a number of attempts, one deadline over all of them, and exponential backoff
    with full jitter unless the server says how long to wait.
    """

    def __init__(self, max_retries: int, total_timeout: float) -> None:
        import tenacity

        self._jittered = tenacity.wait_random_exponential(_FIRST_WAIT, _LONGEST_WAIT)
        self._retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(max_retries + 1)
            | tenacity.stop_before_delay(total_timeout),
            wait=self._wait,
            retry_error_callback=lambda _: None,
        )
        self._retrying.begin()
        self._state = tenacity.RetryCallState(self._retrying, None, (), {})

    def started_at(self, moment: float) -> None:
        """Restart the count of attempts, and the deadline from `moment` on the monotonic clock."""
        self._state.start_time = moment
        self._state.attempt_number = 1

    def restart(self) -> None:
        """Restart the count of attempts and the deadline, as there was progress."""
        self.started_at(time.monotonic())

    def wait_after(self, error: SutroError) -> float | None:
        """Return the seconds to wait before the next attempt, None if there is to be none."""
        if not is_transient(error):
            return None
        self._state.set_exception((type(error), error, None))
        pause = cast("float | None", self._retrying.iter(self._state))
        self._state.prepare_for_next_attempt()
        return pause

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, SutroError) else None
        return self._jittered(state) if asked is None else min(asked, _LONGEST_RETRY_AFTER)


def is_transient(error: BaseException) -> bool:
    """Tell whether the same request may succeed later."""
    if isinstance(error, StatusError):
        return error.status_code in _TRANSIENT
    return isinstance(error, ConnectionFailedError | RequestTimeoutError | TruncatedError)
