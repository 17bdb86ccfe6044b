"""What a job is at a moment: its state and its document follow from its times alone.

No process moves jobs along. A job is stored with the times at which it changes, so every reader on
every worker sees the same state at the same moment.
"""

from typing import Any, NamedTuple

import msgspec

from ..times import to_text

SUCCEEDED, FAILED, CANCELLED = "SUCCEEDED", "FAILED", "CANCELLED"
QUEUED, STARTING, RUNNING, CANCELLING = "QUEUED", "STARTING", "RUNNING", "CANCELLING"
ENDED = frozenset({SUCCEEDED, FAILED, CANCELLED})

CANCELLATION = 1_000_000
"""Microseconds from CANCELLING to CANCELLED."""


class Timeline(NamedTuple):
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
    ran = timeline.runs is not None and timeline.runs <= _still(timeline, now)
    job |= {
        "status": active_status(timeline, now),
        "datetime_started": to_text(timeline.runs) if ran and timeline.runs is not None else None,
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
    started = timeline.runs is not None and timeline.runs <= now
    share = _share_done(timeline, now) if started else 0.0
    ends = now + CANCELLATION
    job |= {
        "status": CANCELLED,
        "datetime_started": to_text(timeline.runs) if started and timeline.runs else None,
        "datetime_completed": to_text(ends),
        "input_tokens": int((job["input_tokens"] or 0) * share),
        "output_tokens": int((job["output_tokens"] or 0) * share),
        "job_cost": round((job["job_cost"] or 0.0) * share, 6),
        "failure_reason": None,
    }
    return msgspec.json.encode(job), timeline._replace(cancelled=now, ends=ends)


def _still(timeline: Timeline, now: int) -> int:
    return now if timeline.cancelled is None else min(now, timeline.cancelled)


def _share_done(timeline: Timeline, now: int) -> float:
    if timeline.runs is None or timeline.ends is None or timeline.ends <= timeline.runs:
        return 0.0
    return (now - timeline.runs) / (timeline.ends - timeline.runs)
