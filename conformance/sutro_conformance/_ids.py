"""Job IDs that no job has."""

from __future__ import annotations

from collections.abc import Collection

# None of these leads to the cancel endpoint, however a proxy decodes or normalizes paths.
MALFORMED = (
    "x" * 5000,
    "Ünïcödé-光-🦆",
    "a\x00b",
    "a\r\nX-Injected: 1",
    " ",
    "%",
    "%2e%2e%2f",
    "../no-such-path",
    "..\\..\\etc\\passwd",
    "/etc/passwd",
    "' OR '1'='1",
    "*",
    "null",
    "{job_id}",
)


def relatives(job_id: str, known: Collection[str]) -> list[str]:
    """Return IDs that begin with, end in, or are cut from a real one, and that no job has."""
    candidates = [job_id + "x", job_id[:-1], "x" + job_id, job_id[1:], job_id + "%"]
    return [each for each in candidates if each and each not in known]
