"""What a check works with: requests to send, jobs to use, and a place to say what it found."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import attrs

from ..api.account import Account
from ..wire.exchange import RIGHT_KEY, Exchange, Request
from ..wire.session import Session
from ..wire.target import Edition, Settings, Target
from .registry import Clause

if TYPE_CHECKING:
    from .ledger import Sightings, Tags

_T = TypeVar("_T")
_MOST_FINDINGS = 8


class NotExercised(Exception):  # noqa: N818
    """The account has no data for the clause; the text says what would be needed."""


@attrs.frozen
class Finding:
    """One way in which a clause is broken, with the exchanges that show it."""

    message: str
    exchanges: tuple[Exchange, ...]


@attrs.define(eq=False)
class Shared:
    """What all checks of a run share. `scratch` remembers scenarios that several clauses judge."""

    target: Target
    settings: Settings
    session: Session
    edition: Edition
    account: Account
    other: Account | None
    sightings: Sightings
    tags: Tags
    problems: Callable[[Exchange], Iterable[tuple[Clause, str]]]
    scratch: dict[Any, Any] = attrs.field(factory=dict)


@attrs.define(eq=False)
class Probe:
    """The view that the check of one clause has of a run.

    `lacking` says what it looked for in vain; it is reported if nothing else could be judged.
    """

    shared: Shared
    clause: Clause
    rng: random.Random
    checks: int = 0
    findings: list[Finding] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)
    lacking: str = ""

    @property
    def target(self) -> Target:
        """Return what is verified."""
        return self.shared.target

    @property
    def settings(self) -> Settings:
        """Return how the run goes about it."""
        return self.shared.settings

    @property
    def edition(self) -> Edition:
        """Return the edition by which the server is judged."""
        return self.shared.edition

    @property
    def account(self) -> Account:
        """Return the account of the API key."""
        return self.shared.account

    @property
    def other(self) -> Account:
        """Return the account of the second API key."""
        if self.shared.other is None:
            raise NotExercised("a second API key, of another account (--second-api-key)")
        return self.shared.other

    def several(self, quick: int, full: int) -> int:
        """Return how much to do in this profile."""
        return full if self.settings.is_full else quick

    def send(self, request: Request, *, judged: bool = True) -> Exchange:
        """Send a request. Unless its answer is `judged`, no other clause hears of it."""
        return self.shared.session.send(request, judged=judged)

    def get(self, path: str, *, key: tuple[str, ...] = RIGHT_KEY, **query: object) -> Exchange:
        """Send a GET request; parameters that are None are left out."""
        return self.send(Request("GET", path, parameters(query), key))

    def list_jobs(self, *, key: tuple[str, ...] = RIGHT_KEY, **query: object) -> Exchange:
        """Ask for the list of jobs."""
        return self.get("/list-jobs", key=key, **query)

    def status(self, job_id: str, *, key: tuple[str, ...] = RIGHT_KEY) -> Exchange:
        """Ask for the status of a job."""
        return self.get(status_path(job_id), key=key)

    def results(
        self, job_id: str, form: str = "json", *, key: tuple[str, ...] = RIGHT_KEY, **query: object
    ) -> Exchange:
        """Ask for the results of a job, under the parameter that the edition has for the format."""
        return self.get(results_path(job_id), key=key, **{self.format_name: form}, **query)

    @property
    def format_name(self) -> str:
        """Return the name of the parameter that chooses the format of results."""
        return "result_format" if self.edition is Edition.E2 else "format"

    def need(self, value: _T, what: str) -> _T:
        """Return a value, or end the check as not exercised where there is none."""
        if not value:
            raise NotExercised(what)
        return value

    def unknown_id(self) -> str:
        """Return an ID that no job has, in the form of those of either account."""
        other = self.shared.other
        account = other if other is not None and not self.account.ids() else self.account
        return account.unknown_id()

    def expect_missing(self, exchange: Exchange, what: str) -> None:
        """Expect 404; where no job shows what IDs look like, the made-up one may be malformed."""
        other = self.shared.other
        form_is_known = self.account.ids() or (other is not None and other.ids())
        fine = exchange.status == 404 if form_is_known else exchange.is_refusal
        self.expect(fine, f"{what} is answered {exchange.status}.", exchange)

    def expect(self, condition: object, message: str, *exchanges: Exchange) -> bool:
        """Count a check; where the condition fails, the clause is broken as the message says."""
        self.checks += 1
        if not condition and len(self.findings) < _MOST_FINDINGS:
            self.findings.append(Finding(message, exchanges))
        return bool(condition)

    def seen(self, text: str) -> None:
        """Report a behaviour where the evidence allows several."""
        if text not in self.notes:
            self.notes.append(text)

    def remember(self, name: object, make: Callable[[], _T]) -> _T:
        """Return what `make` made when a check of this run first asked for it under this name."""
        if name not in self.shared.scratch:
            self.shared.scratch[name] = make()
        remembered: _T = self.shared.scratch[name]
        return remembered


def parameters(query: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """Return query parameters as text; a list becomes a repeated parameter."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        values: Sequence[object] = value if isinstance(value, list) else [value]
        pairs += [(name, _text(item)) for item in values if item is not None]
    return tuple(pairs)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def status_path(job_id: str) -> str:
    """Return the path of a job's status."""
    return f"/job-status/{quote(job_id, safe='')}"


def results_path(job_id: str) -> str:
    """Return the path of a job's results."""
    return f"/jobs/{quote(job_id, safe='')}/results"


def cancel_path(job_id: str) -> str:
    """Return the path of a job's cancellation."""
    return f"/job-cancel/{quote(job_id, safe='')}"
