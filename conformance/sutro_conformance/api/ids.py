"""Job IDs that no job has."""

from __future__ import annotations

import re
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


def near_misses(job_id: str, known: Collection[str]) -> list[str]:
    """Return IDs that begin with, end in, or are cut from a real one, and that no job has."""
    cut = [job_id[:-1], job_id[1:], job_id[: -(len(job_id) // 4) or None]]
    candidates = [job_id + "x", "x" + job_id, "x/" + job_id, *cut, job_id + "%", job_id + "\x00x"]
    return [each for each in dict.fromkeys(candidates) if each and each not in {*known, job_id}]


def misspellings(job_id: str) -> list[str]:
    """Return IDs that mean a real one to those who decode, trim or route them loosely."""
    escaped = f"%{ord(job_id[0]) % 256:02X}{job_id[1:]}"
    others = [f" {job_id}", f"{job_id} ", f"{job_id}\n", f"{job_id}.json", f"{job_id};x=1", escaped]
    # The case of a UUID has no meaning.
    if not re.fullmatch(r"[0-9a-fA-F-]+", job_id):
        others += [job_id.upper(), job_id.swapcase()]
    return [each for each in dict.fromkeys(others) if each != job_id]
