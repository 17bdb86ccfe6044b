"""Paths and query parameters of the API, as requests write them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

LIST_PATH = "/list-jobs"


def status_path(job_id: str) -> str:
    """Return the path of a job's status."""
    return f"/job-status/{quote(job_id, safe='')}"


def results_path(job_id: str) -> str:
    """Return the path of a job's results."""
    return f"/jobs/{quote(job_id, safe='')}/results"


def cancel_path(job_id: str) -> str:
    """Return the path of a job's cancellation."""
    return f"/job-cancel/{quote(job_id, safe='')}"


def parameters(query: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """Return query parameters as text; a list becomes a repeated parameter, None is left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        values: Sequence[object] = value if isinstance(value, list) else [value]
        pairs += [(name, _text(item)) for item in values if item is not None]
    return tuple(pairs)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
