"""Which failures are repeated, how often, and after which wait."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, cast

from attrs import frozen

from .._errors import (
    ConnectionFailedError,
    RequestTimeoutError,
    StatusError,
    SutroError,
    TruncatedError,
)

if TYPE_CHECKING:
    import tenacity

    from .._adapter import Operation

TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 530)})
LONGEST_RETRY_AFTER = 120.0


@frozen
class Policy:
    """How one operation is repeated, and why that is safe. Waits are in seconds."""

    why_safe: str
    statuses: frozenset[int] = TRANSIENT
    first_wait: float = 0.5
    longest_wait: float = 8.0


POLICIES: dict[Operation, Policy] = {
    "listJobs": Policy("reads only"),
    "getJobStatus": Policy("reads only"),
    "getJobResults": Policy("reads only"),
    "cancelJob": Policy("a job that is being cancelled, or has ended, stays as it is"),
    "cancelJobByPost": Policy("a job that is being cancelled, or has ended, stays as it is"),
}


def parse_retry_after(value: str | None) -> float | None:
    """Return the seconds that a `Retry-After` header asks for: a number, or a date.

    RFC 9110, section 10.2.3. None where there is no header or it cannot be read.
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
    """Decides for one call whether a failed attempt is repeated, and after how many seconds.

    Tenacity does the deciding: a number of attempts, one deadline over all of them, and waits
    with full jitter unless the server says how long to wait.
    """

    def __init__(self, policy: Policy, max_retries: int, total_timeout: float) -> None:
        import tenacity

        self._policy = policy
        self._jittered = tenacity.wait_random_exponential(policy.first_wait, policy.longest_wait)
        self._retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(max_retries + 1)
            | tenacity.stop_before_delay(total_timeout),
            wait=self._wait,
            retry_error_callback=lambda _: None,
        )
        self._retrying.begin()
        self._state = tenacity.RetryCallState(self._retrying, None, (), {})

    def started_at(self, moment: float) -> None:
        """Count attempts from here and the deadline from `moment` on the monotonic clock."""
        self._state.start_time = moment
        self._state.attempt_number = 1

    def wait_after(self, error: SutroError) -> float | None:
        """Return the seconds to wait before the next attempt, None if there is none."""
        if not is_transient(error, self._policy):
            return None
        self._state.set_exception((type(error), error, None))
        pause = cast("float | None", self._retrying.iter(self._state))
        self._state.prepare_for_next_attempt()
        return pause

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, SutroError) else None
        return self._jittered(state) if asked is None else min(asked, LONGEST_RETRY_AFTER)


def is_transient(error: BaseException, policy: Policy) -> bool:
    """Tell whether the same request may succeed later."""
    if isinstance(error, StatusError):
        return error.status_code in policy.statuses
    return isinstance(error, ConnectionFailedError | RequestTimeoutError | TruncatedError)
