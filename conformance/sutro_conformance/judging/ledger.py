"""Judges every exchange of a run against the clauses that need to see one exchange only."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from weakref import WeakKeyDictionary

import attrs

from ..api.answers import is_list, jobs_in, statuses_in
from ..api.listing import Listing
from ..wire.exchange import Exchange, Request
from ..wire.target import Edition
from .clause import Clause
from .findings import Finding, Sighting, SightingPlace, Sightings, Tags

_MOST_FINDINGS = 4
# Of a long list the newest jobs are watched, as they are the ones that move.
_MOST_SIGHTED = 1_000
_MOST_PLACES = 10_000
# Clauses of this group judge what is in a body, so that the same body is not judged twice; twenty
# thousand jobs take seconds.
_JUDGES_BODIES = "LIST"


@attrs.define
class Tally:
    """What the exchanges of a run said on one clause: one finding, the smallest, per operation."""

    checks: int = 0
    error: str = ""
    _smallest: dict[str | None, tuple[int, Finding]] = attrs.field(factory=dict)

    def add(self, message: str, exchange: Exchange) -> None:
        """Remember a broken clause, unless a smaller request has shown the same."""
        request = exchange.request
        size = len(request.target) + 40 * len(request.query)
        size += 100 * (len(request.headers) + (not request.is_authorized))
        known = self._smallest.get(request.operation)
        if known is None or size < known[0]:
            self._smallest[request.operation] = (size, Finding(message, (exchange,)))

    @property
    def findings(self) -> list[Finding]:
        """Return what to report."""
        return [finding for _, finding in self._smallest.values()][:_MOST_FINDINGS]


@attrs.define(eq=False)
class Ledger:
    """Sees every exchange of a run. Until `begin` names the edition it only collects them."""

    clauses: Sequence[Clause]
    sightings: Sightings = attrs.field(factory=dict)
    tags: Tags = attrs.field(factory=Tags)
    _cancellations: Counter[str] = attrs.field(factory=Counter)
    _tallies: dict[str, Tally] = attrs.field(factory=dict)
    _edition: Edition | None = None
    _listings: WeakKeyDictionary[Exchange, Listing] = attrs.field(factory=WeakKeyDictionary)
    _large: set[tuple[Request, int, bytes]] = attrs.field(factory=set)
    _waiting: list[Exchange] = attrs.field(factory=list)
    _lock: threading.RLock = attrs.field(factory=threading.RLock)

    def begin(self, edition: Edition) -> None:
        """Judge by an edition from now on, and what was collected so far."""
        self._edition = edition
        for exchange in self._waiting:
            self._judge(exchange, edition)
        self._waiting.clear()

    def record(self, exchange: Exchange) -> None:
        """Take note of an exchange."""
        with self._lock:
            if self._edition is None:
                self._waiting.append(exchange)
            else:
                self._judge(exchange, self._edition)

    def tally(self, clause: Clause) -> Tally:
        """Return what the exchanges so far said on a clause."""
        return self._tallies.setdefault(clause.id, Tally())

    def listing(self, exchange: Exchange) -> Listing:
        """Return what comparisons need of a list of jobs that was recorded."""
        with self._lock:
            if exchange not in self._listings:
                is_long = exchange.is_large and is_list(exchange)
                self._listings[exchange] = (
                    Listing.of_list(exchange) if is_long else Listing.of(jobs_in(exchange))
                )
            return self._listings[exchange]

    def _judge(self, exchange: Exchange, edition: Edition) -> None:
        with exchange.parsed():
            self._judge_parsed(exchange, edition)

    def _judge_parsed(self, exchange: Exchange, edition: Edition) -> None:
        is_known = exchange.is_large and self._is_known(exchange)
        for clause in self.clauses:
            if is_known and clause.group == _JUDGES_BODIES:
                continue
            tally = self.tally(clause)
            try:
                ruling = clause.observe(exchange, edition) if clause.observe else None
            except Exception as error:  # noqa: BLE001 (a strange answer must not end the run)
                tally.error = f"{type(error).__name__}: {error}"
                continue
            if ruling is None:
                continue
            tally.checks += 1
            if isinstance(ruling, str):
                tally.add(ruling, exchange)
        self.tags.add(exchange)
        if exchange.request.operation == "cancel":
            self._cancellations[exchange.request.job_id or ""] += 1
        for job_id, status in islice(statuses_in(exchange), _MOST_SIGHTED):
            self._sight(job_id, status, exchange)

    def _is_known(self, exchange: Exchange) -> bool:
        """Return whether the same large body was an answer to the same request before."""
        content = hashlib.blake2b(exchange.body).digest()
        key = exchange.request, exchange.status, content
        is_known = key in self._large
        self._large.add(key)
        return is_known

    def _sight(self, job_id: str, status: str, exchange: Exchange) -> None:
        place = SightingPlace(job_id, exchange.request.authorization, self._cancellations[job_id])
        if place not in self.sightings and len(self.sightings) >= _MOST_PLACES:
            return
        known = self.sightings.setdefault(place, {})
        sighting = known.setdefault(status, Sighting(status, exchange, exchange))
        if exchange.finished < sighting.first.finished:
            sighting.first = exchange
        if exchange.started > sighting.last.started:
            sighting.last = exchange
