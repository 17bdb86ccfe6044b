"""What the API says, as typed values."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class JobStatus(StrEnum):
    """State of a job. Compares equal to its text; unknown states are kept as they were sent."""

    QUEUED = "QUEUED"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    PENDING = "PENDING"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> JobStatus | None:
        if not isinstance(value, str):
            return None
        if value.upper() in cls._member_map_:
            return cls[value.upper()]
        unknown = str.__new__(cls, value)
        unknown._name_ = unknown._value_ = value
        return unknown

    @property
    def is_final(self) -> bool:
        """Whether a job in this state has ended."""
        return self in {JobStatus.SUCCEEDED, JobStatus.CANCELLED, JobStatus.FAILED}


class JobCancellation(msgspec.Struct, frozen=True):
    """Answer to a cancellation: whether it was accepted, and what happens next."""

    cancelled: bool
    message: str = ""
