"""What a clause is: a numbered sentence of the contract, and the functions that judge by it."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar

import attrs

from ..wire.exchange import Exchange
from ..wire.target import Edition
from .probe import Probe

Ruling = Literal[True] | str | None
"""What an exchange says on a clause: kept, a sentence on how it breaks it, or nothing at all."""
Check = Callable[[Probe], None]
Observation = Callable[[Exchange, Edition], Ruling]
_Check = TypeVar("_Check", bound=Check)


class Level(enum.StrEnum):
    """How firmly a clause is demanded, in the sense of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


MUST, SHOULD, MAY = Level


class Phase(enum.IntEnum):
    """When in a run a clause is checked.

    `ALONE` comes first and has the server to itself: it tells whether answers depend on what is
    asked before them or beside them. Where they do, the run goes on with one request at a time, so
    that no other clause is blamed for it. `READ` leaves the server as it is, so its clauses are
    checked side by side. `CANCEL` changes jobs, so whatever compares jobs with what they were has
    been checked by then. `GENERATED` sends what nobody wrote by hand, and comes late because it is
    the likeliest to bring a weak server down. `REVIEW` judges what the whole run has seen.
    """

    ALONE = 1
    READ = 2
    CANCEL = 3
    GENERATED = 4
    REVIEW = 5


@attrs.define(eq=False)
class Clause:
    """One numbered sentence of the contract.

    `check` sends requests and judges answers. `observe` judges one exchange, whoever sent it;
    a clause may have either or both. `prepare` does beforehand what takes time and does not depend
    on what other clauses do. `rests_on` names clauses without which this one cannot hold.
    """

    id: str
    level: Level
    sentence: str
    source: str
    needs: str
    rests_on: tuple[str, ...]
    phase: Phase
    why: str
    violation: str
    module: str
    check: Check | None = attrs.field(default=None, repr=False)
    prepare: Check | None = attrs.field(default=None, repr=False)
    observe: Observation | None = attrs.field(default=None, repr=False)

    @property
    def group(self) -> str:
        """Return the part of the ID before its number, such as `LIST`."""
        return self.id.rpartition("-")[0]

    def exercise(self, check: _Check) -> _Check:
        """Make the decorated function the check of a clause that has an observation."""
        self.check = check
        return check


def clause(
    id: str,  # noqa: A002 (the word that reports use)
    level: Level,
    sentence: str,
    *,
    source: str,
    needs: str = "",
    rests_on: Iterable[str] = (),
    phase: Phase = Phase.READ,
) -> Callable[[Check | Observation], Clause]:
    """Make a clause of the decorated function, which becomes its check or its observation.

    A function of one parameter is a check, one of two an observation. Its docstring says why the
    clause matters and, after `Violation:`, gives an example. `needs` is what an account must have
    for the clause to be exercised.

    Raises:
        ValueError: the docstring gives no example.
    """

    def make(function: Any) -> Clause:
        why, violation = _explanation(function)
        module = function.__module__
        new = Clause(
            id, level, sentence, source, needs, tuple(rests_on), phase, why, violation, module
        )
        if len(inspect.signature(function).parameters) == 1:
            new.check = function
        else:
            new.observe = function
        return new

    return make


def _explanation(function: Callable[..., Any]) -> tuple[str, str]:
    text = re.sub(r"\s+", " ", inspect.getdoc(function) or "")
    why, separator, violation = text.partition("Violation:")
    if not separator:
        raise ValueError(f"The docstring of {function.__name__} gives no example of a violation.")
    return why.strip(), violation.strip()
