"""What comparisons need of a list of jobs, which itself may be too long to be kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import attrs

from ..wire.exchange import Exchange
from .answers import Job, state
from .shapes import documented

_KEPT = ("job_id", "status", "datetime_created")
# No field has an empty name.
_DIGEST = ""


@attrs.frozen(eq=False)
class Listing:
    """The jobs of a list in its order, and for each when it was made, its state and a digest.

    Digests of two jobs are the same where all fields that the contract names are.
    """

    ids: list[str]
    created: dict[str, Any]
    states: dict[str, str]
    digests: dict[str, int]

    @classmethod
    def of(cls, jobs: Iterable[Job]) -> Listing:
        """Return the listing of jobs."""
        listing = cls([], {}, {}, {})
        for job in jobs:
            listing._add(job, digest(job))
        return listing

    @classmethod
    def of_list(cls, exchange: Exchange) -> Listing:
        """Return the listing of a long list, of which only what is kept takes memory."""
        listing = cls([], {}, {}, {})

        def digested(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            whole = dict(pairs)
            if "job_id" in whole:
                return {name: whole.get(name) for name in _KEPT} | {_DIGEST: digest(whole)}
            return whole

        document = exchange.read_objects(digested)
        jobs = document.get("jobs") if isinstance(document, dict) else None
        for job in jobs if isinstance(jobs, list) else ():
            if isinstance(job, dict) and isinstance(job.get("job_id"), str):
                listing._add(job, job[_DIGEST])
        return listing

    def _add(self, job: Job, digested: int) -> None:
        job_id = job["job_id"]
        self.ids.append(job_id)
        self.created[job_id] = job.get("datetime_created")
        self.states[job_id] = state(job)
        self.digests[job_id] = digested


def digest(job: Job) -> int:
    """Return a number that is the same for jobs whose documented fields are."""
    return hash(json.dumps(documented(job), sort_keys=True))
