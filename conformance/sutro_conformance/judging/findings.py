"""What a run has found: broken sentences, statuses seen over time, and tags that stand for two."""

from __future__ import annotations

from typing import Any

import attrs

from ..wire.exchange import Exchange

_MOST_CONFLICTS = 4


@attrs.frozen
class Finding:
    """One way in which a clause is broken, with the exchanges that show it."""

    message: str
    exchanges: tuple[Exchange, ...]


@attrs.define
class Sighting:
    """A status of a job with the answers that gave it first and last."""

    status: str
    first: Exchange
    last: Exchange


@attrs.frozen
class SightingPlace:
    """Where statuses of a job were seen: with which key, and after how many requests to cancel it.

    What a cancellation does to a job is judged by clauses of its own.
    """

    job_id: str
    authorization: tuple[str, ...]
    cancellations: int


Sightings = dict[SightingPlace, dict[str, Sighting]]
"""By place and by status: when it was seen."""


@attrs.define
class Tags:
    """Entity tags: how many answers had one, and pairs of answers that share one by mistake."""

    count: int = 0
    conflicts: list[tuple[Exchange, Exchange]] = attrs.field(factory=list)
    _known: dict[Any, Exchange] = attrs.field(factory=dict)

    def add(self, exchange: Exchange) -> None:
        """Take note of the tag of an answer to a plain GET."""
        request, tag = exchange.request, exchange.header("etag")
        plain = request.method == "GET" and not request.headers and exchange.status == 200
        # Archives hold the time at which they were made, so only JSON is compared.
        if not plain or tag is None or tag.startswith("W/") or exchange.data is None:
            return
        self.count += 1
        known = self._known.setdefault((request.target, request.authorization, tag), exchange)
        if known.data != exchange.data and len(self.conflicts) < _MOST_CONFLICTS:
            self.conflicts.append((known, exchange))
