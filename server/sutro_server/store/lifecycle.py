"""What a job is at a moment: its state and its document follow from its times alone.

No process moves jobs along. A job is stored with the times at which it changes, so every reader on
every worker sees the same state at the same moment.
"""

from typing import Any

import attrs
import msgspec

from ..times import SECOND, to_text

SUCCEEDED, FAILED, CANCELLED = "SUCCEEDED", "FAILED", "CANCELLED"
QUEUED, STARTING, RUNNING, CANCELLING = "QUEUED", "STARTING", "RUNNING", "CANCELLING"

# Long enough for clients that poll every half second to see it, short enough to wait for in tests.
CANCELLATION = SECOND
"""Microseconds from CANCELLING to CANCELLED."""


@attrs.frozen
class Timeline:
    """Times of an active job in microseconds since 1970; None means never."""

    starts: int | None = None
    runs: int | None = None
    cancelled: int | None = None
    ends: int | None = None


def active_status(timeline: Timeline, now: int) -> str:
    """Return the state of a job that has not ended by `now`."""
    if timeline.cancelled is not None and now >= timeline.cancelled:
        return CANCELLING
    if timeline.runs is not None and now >= timeline.runs:
        return RUNNING
    if timeline.starts is not None and now >= timeline.starts:
        return STARTING
    return QUEUED


def active_document(document: bytes, timeline: Timeline, now: int) -> bytes:
    """Return the Job object of a job that has not ended by `now`, as JSON."""
    job: dict[str, Any] = msgspec.json.decode(document)
    # A cancellation stops the clock: a job cancelled before it ran never starts.
    reached = now if timeline.cancelled is None else min(now, timeline.cancelled)
    job |= {
        "status": active_status(timeline, now),
        "datetime_started": _started_text(timeline, reached),
        "datetime_completed": None,
        "input_tokens": None,
        "output_tokens": None,
        "job_cost": None,
        "failure_reason": None,
    }
    return msgspec.json.encode(job)


def cancelled_document(document: bytes, timeline: Timeline, now: int) -> tuple[bytes, Timeline]:
    """Return the final document and the times of an active job that is cancelled at `now`."""
    job: dict[str, Any] = msgspec.json.decode(document)
    share = _share_done(timeline, now)
    ends = now + CANCELLATION
    job |= {
        "status": CANCELLED,
        "datetime_started": _started_text(timeline, now),
        "datetime_completed": to_text(ends),
        "input_tokens": int((job["input_tokens"] or 0) * share),
        "output_tokens": int((job["output_tokens"] or 0) * share),
        "job_cost": round((job["job_cost"] or 0.0) * share, 6),
        "failure_reason": None,
    }
    return msgspec.json.encode(job), attrs.evolve(timeline, cancelled=now, ends=ends)


def _started_text(timeline: Timeline, now: int) -> str | None:
    if timeline.runs is None or timeline.runs > now:
        return None
    return to_text(timeline.runs)


def _share_done(timeline: Timeline, now: int) -> float:
    """Return how much of a job is done at `now`, from 0 to 1."""
    if timeline.runs is None or timeline.runs > now:
        return 0.0
    if timeline.ends is None or timeline.ends <= timeline.runs:
        return 0.0
    return (now - timeline.runs) / (timeline.ends - timeline.runs)
