"""What a check works with: requests to send, jobs to use, and a place to say what it found."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import attrs

from ..api.account import Account
from ..api.ids import make_up
from ..api.listing import Listing
from ..api.requests import LIST_PATH, parameters, results_path, status_path
from ..wire.exchange import RIGHT_KEY, Exchange, Request
from ..wire.session import Session
from ..wire.target import Edition, RunSettings, Target
from .findings import Finding, Sightings, Tags

_T = TypeVar("_T")
_P = ParamSpec("_P")
# Enough to choose the shortest reproductions from; a wrong server may fail thousands of checks.
_MOST_FINDINGS = 8
# Besides the first reading, and an answer to a cursor without a limit, which is whole as well.
_READINGS_OF_A_LONG_LIST = 5
SECOND_KEY_NEEDED = "a second API key, of another account (--second-api-key)"


class NotExercisedError(Exception):
    """The account has no data for the clause; the text says what would be needed."""


class NotOfferedError(Exception):
    """The server does without what the clause is about, as it may; the text says what that is."""


@attrs.define
class _Memory:
    """What a function that runs once a run returned, and the lock that makes others wait for it."""

    lock: threading.RLock = attrs.field(factory=threading.RLock)
    is_made: bool = False
    value: Any = None


@attrs.define(eq=False)
class RunContext:
    """What all checks of a run share."""

    target: Target
    settings: RunSettings
    session: Session
    edition: Edition
    account: Account
    other: Account | None
    has_same_account_twice: bool
    sightings: Sightings
    tags: Tags
    listing: Callable[[Exchange], Listing]
    _memories: dict[Hashable, _Memory] = attrs.field(factory=dict)
    _readings: int = _READINGS_OF_A_LONG_LIST
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def take_reading(self) -> bool:
        """Return whether a long list may be read once more."""
        with self._lock:
            self._readings -= 1
            return self._readings >= 0

    def memory(self, key: Hashable) -> _Memory:
        """Return the memory of a call, of which `once_a_run` makes the key."""
        with self._lock:
            return self._memories.setdefault(key, _Memory())


def once_a_run(
    function: Callable[Concatenate[Probe, _P], _T],
) -> Callable[Concatenate[Probe, _P], _T]:
    """Let a function run once a run for the same arguments; later calls get what it returned.

    Several clauses judge the same walks, results and cancellations. Arguments are hashable and
    given by position.
    """

    @wraps(function)
    def remembered(probe: Probe, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        memory = probe.run.memory((function, args))
        with memory.lock:
            if not memory.is_made:
                memory.value = function(probe, *args, **kwargs)
                memory.is_made = True
            value: _T = memory.value
            return value

    return remembered


@attrs.define(eq=False)
class Probe:
    """The view that the check of one clause has of a run.

    `missing` says what it looked for in vain; it is reported if nothing else could be judged.
    """

    run: RunContext
    rng: random.Random
    checks: int = 0
    findings: list[Finding] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)
    missing: str = ""

    @property
    def target(self) -> Target:
        """Return what is verified."""
        return self.run.target

    @property
    def settings(self) -> RunSettings:
        """Return how the run goes about it."""
        return self.run.settings

    @property
    def edition(self) -> Edition:
        """Return the edition by which the server is judged."""
        return self.run.edition

    @property
    def account(self) -> Account:
        """Return the account of the API key."""
        return self.run.account

    @property
    def other(self) -> Account:
        """Return the account of the second API key.

        Raises:
            NotExercisedError: there is no second key.
        """
        if self.run.other is None:
            given = (
                ": the one given is of the same account" if self.run.has_same_account_twice else ""
            )
            raise NotExercisedError(f"{SECOND_KEY_NEEDED}{given}")
        return self.run.other

    def by_profile(self, quick: int, full: int) -> int:
        """Return how much to do in this profile."""
        return full if self.settings.is_full else quick

    def send(self, request: Request, *, judged: bool = True) -> Exchange:
        """Send a request. Unless its answer is `judged`, no other clause hears of it."""
        return self.run.session.send(request, judged=judged)

    def send_all(
        self,
        requests: Iterable[Request],
        *,
        judged: bool = True,
        skipped: tuple[type[Exception], ...] = (),
    ) -> Iterator[Exchange]:
        """Send requests that do not depend on one another side by side, and yield the exchanges.

        They come in order; where one could not be sent, that is raised in its place, unless it is
        to be `skipped`.
        """
        return self.run.session.send_all(requests, judged=judged, skipped=skipped)

    def get(self, path: str, *, key: tuple[str, ...] = RIGHT_KEY, **query: object) -> Exchange:
        """Send a GET request; parameters that are None are left out."""
        return self.send(Request("GET", path, parameters(query), key))

    def list_request(self, key: tuple[str, ...] = RIGHT_KEY) -> Request:
        """Return a request for all jobs or, where these are very many, for the newest."""
        query = {"limit": 100} if self.account.is_large else {}
        return Request("GET", LIST_PATH, parameters({**query}), key)

    def read_list_again(self) -> Exchange:
        """Read the whole list as it is now.

        Raises:
            NotExercisedError: it is long, and has been read often enough.
        """
        if self.account.is_large and not self.run.take_reading():
            raise NotExercisedError("a shorter list: this one was read often enough")
        return self.list_jobs()

    def list_jobs(self, *, key: tuple[str, ...] = RIGHT_KEY, **query: object) -> Exchange:
        """Ask for the list of jobs."""
        return self.get(LIST_PATH, key=key, **query)

    def status(self, job_id: str, *, key: tuple[str, ...] = RIGHT_KEY) -> Exchange:
        """Ask for the status of a job."""
        return self.get(status_path(job_id), key=key)

    def results(
        self,
        job_id: str,
        format_: str = "json",
        *,
        key: tuple[str, ...] = RIGHT_KEY,
        **query: object,
    ) -> Exchange:
        """Ask for the results of a job, under the parameter that the edition has for the format."""
        return self.get(results_path(job_id), key=key, **{self.format_name: format_}, **query)

    @property
    def format_name(self) -> str:
        """Return the name of the parameter that chooses the format of results."""
        return "result_format" if self.edition is Edition.E2 else "format"

    def require_offer(self, is_offered: object, what: str) -> None:
        """End the check where the server does without something that is optional.

        Raises:
            NotOfferedError: it is not offered.
        """
        if not is_offered:
            raise NotOfferedError(what)

    def require(self, value: _T, what: str) -> _T:
        """Return a value that is not empty.

        Raises:
            NotExercisedError: it is empty; the check ends, and the report says that it needs
                `what`.
        """
        if not value:
            raise NotExercisedError(what)
        return value

    @property
    def _model_account(self) -> Account:
        """Return the account whose jobs show what IDs look like: the other one if this is empty."""
        return self.account if self.account.ids() else self.run.other or self.account

    def unknown_id(self) -> str:
        """Return an ID that no job has, in the form of those of either account."""
        taken = {*self.account.ids(), *(self.run.other.ids() if self.run.other else ())}
        made_up = make_up(self._model_account.ids(), taken, self.rng)
        self.run.session.made_up.add(made_up)
        return made_up

    def foreign_ids(self) -> list[str]:
        """Return IDs of jobs that the account of the second API key has alone."""
        mine = {*self.account.ids()}
        return [job for job in (self.run.other.ids() if self.run.other else ()) if job not in mine]

    def expect(self, condition: object, message: str, *exchanges: Exchange) -> bool:
        """Count a check; where the condition fails, the clause is broken as the message says."""
        self.checks += 1
        if not condition and len(self.findings) < _MOST_FINDINGS:
            self.findings.append(Finding(message, exchanges))
        return bool(condition)

    def expect_status(
        self, exchange: Exchange, what: str, *allowed: int, shown_by: Iterable[Exchange] = ()
    ) -> bool:
        """Expect `what` to be answered with one of the allowed status codes.

        Exchanges in `shown_by` come before it in the reproduction.
        """
        return self._expect_answer(exchange.status in allowed, what, exchange, shown_by)

    def expect_refusal(
        self, exchange: Exchange, what: str, *, shown_by: Iterable[Exchange] = ()
    ) -> bool:
        """Expect `what` to be answered with any 4xx."""
        return self._expect_answer(exchange.is_refusal, what, exchange, shown_by)

    def expect_answer(self, exchange: Exchange, what: str, *others: int) -> bool:
        """Expect `what` to be answered 200, with any 4xx, or with one of the other status codes."""
        fine = exchange.status in (200, *others) or exchange.is_refusal
        return self._expect_answer(fine, what, exchange, ())

    def expect_no_error(self, exchange: Exchange, what: str) -> bool:
        """Expect `what` not to be answered with a server error; 501 is an honest no."""
        return self._expect_answer(not exchange.is_server_error, what, exchange, ())

    def expect_missing(self, exchange: Exchange, what: str) -> None:
        """Expect 404 or 422 for a made-up ID: it may be malformed, as checksums cannot be made up.

        Where nobody knows what IDs look like, or where another account's job is answered 404 and so
        is told from a malformed ID, 400 is right as well.
        """
        lenient = not self._model_account.ids() or self._tells_malformed_ids()
        self.expect_status(exchange, what, 404, 422, *([400] if lenient else []))
        self.note(f"an ID that no job has is answered {exchange.status}")

    def _tells_malformed_ids(self) -> bool:
        foreign = self.foreign_ids()
        return bool(foreign) and self.status(foreign[0]).status == 404

    def _expect_answer(
        self, fine: bool, what: str, exchange: Exchange, shown_by: Iterable[Exchange]
    ) -> bool:
        return self.expect(fine, f"{what} is answered {exchange.status}.", *shown_by, exchange)

    def note(self, text: str) -> None:
        """Report a behaviour where the evidence allows several."""
        if text not in self.notes:
            self.notes.append(text)
