"""The registry of clauses: what each says, how firmly, on what ground, and what checks it."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import attrs

if TYPE_CHECKING:
    from ..wire.exchange import Exchange
    from ..wire.target import Edition
    from .probe import Probe

Ruling = Literal[True] | str | None
"""What an exchange says on a clause: kept, a sentence on how it breaks it, or nothing at all."""
Check = Callable[["Probe"], None]
Observation = Callable[["Exchange", "Edition"], Ruling]
_Function = TypeVar("_Function", bound=Callable[..., Any])

_MODULES: tuple[str, ...] = (
    "authentication",
    "tenants",
    "listing",
    "jobs",
    "limits",
    "paging",
    "cursors",
    "status",
    "results",
)
_MODULES += ("flags", "formats", "history", "methods", "cancel", "http", "errors", "life")


class Level(enum.StrEnum):
    """How firmly a clause is demanded, in the sense of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


MUST, SHOULD, MAY = Level


@attrs.define
class Clause:
    """One numbered sentence of the contract.

    `check` sends requests and judges answers. `observe` judges one exchange, whoever sent it;
    a clause may have either or both.
    """

    id: str
    level: Level
    sentence: str
    source: str
    needs: str
    rests_on: tuple[str, ...]
    why: str
    violation: str
    check: Check | None = attrs.field(default=None, repr=False)
    observe: Observation | None = attrs.field(default=None, repr=False)

    @property
    def group(self) -> str:
        """Return the part of the ID before its number, such as `LIST`."""
        return self.id.rpartition("-")[0]


_clauses: dict[str, Clause] = {}


def clause(
    id: str,  # noqa: A002 (the word that reports use)
    level: Level,
    sentence: str,
    *,
    source: str,
    needs: str = "",
    rests_on: Iterable[str] = (),
) -> Callable[[_Function], _Function]:
    """Register a clause with the decorated function as its check or its observation.

    A function of one parameter is a check, one of two an observation. Its docstring says why the
    clause matters and, after `Violation:`, gives an example. `needs` is what an account must have
    for the clause to be exercised. `rests_on` names clauses without which this one can't hold:
    where one of them is broken, a failure of this one is its consequence.
    """

    def register(function: _Function) -> _Function:
        if id in _clauses:
            raise ValueError(f"Two clauses are called {id}.")
        why, violation = _explanation(function)
        new = Clause(id, level, sentence, source, needs, tuple(rests_on), why, violation)
        if len(inspect.signature(function).parameters) == 1:
            new.check = function
        else:
            new.observe = function
        _clauses[id] = new
        return function

    return register


def exercises(*ids: str) -> Callable[[_Function], _Function]:
    """Make the decorated function the check of clauses that have an observation."""

    def register(function: _Function) -> _Function:
        for id in ids:  # noqa: A001
            _clauses[id].check = function
        return function

    return register


def all_clauses() -> tuple[Clause, ...]:
    """Return all clauses in the order in which they are checked."""
    for module in _MODULES:
        import_module(f"..clauses.{module}", __package__)
    return tuple(_clauses.values())


def _explanation(function: Callable[..., Any]) -> tuple[str, str]:
    text = re.sub(r"\s+", " ", inspect.getdoc(function) or "")
    why, separator, violation = text.partition("Violation:")
    if not separator:
        raise ValueError(f"The docstring of {function.__name__} gives no example of a violation.")
    return why.strip(), violation.strip()
