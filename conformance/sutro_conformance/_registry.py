"""The registry of clauses: what each says, how firmly, on what ground, and the code that checks it."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from ._run import Run

type Check = "Callable[[Run], None]"

_MODULES = ("authentication", "tenants", "listing", "paging", "status", "life", "results")
_MODULES += ("formats", "cancel", "http", "errors")


class Level(enum.StrEnum):
    """How firmly a clause is demanded, in the sense of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


@attrs.frozen
class Clause:
    """One numbered sentence of the contract and the check that decides it."""

    id: str
    level: Level
    sentence: str
    source: str
    needs: str
    rests_on: tuple[str, ...]
    why: str
    violation: str
    check: Check = attrs.field(repr=False, eq=False)

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
) -> Callable[[Check], Check]:
    """Register the decorated function as the check of a clause.

    Its docstring says why the clause matters and, after `Violation:`, gives an example of one.
    `needs` is what an account must have for the clause to be exercised, `rests_on` the clauses
    without which this one can't hold: where one of those is broken, this one is its consequence.
    """

    def register(check: Check) -> Check:
        if id in _clauses:
            raise ValueError(f"Two clauses are called {id}.")
        why, violation = _explanation(check)
        _clauses[id] = Clause(
            id, level, sentence, source, needs, tuple(rests_on), why, violation, check
        )
        return check

    return register


def clauses() -> tuple[Clause, ...]:
    """Return all clauses in the order in which they are checked."""
    for module in _MODULES:
        import_module(f".clauses.{module}", __package__)
    return tuple(_clauses.values())


def _explanation(check: Check) -> tuple[str, str]:
    text = inspect.getdoc(check) or ""
    why, separator, violation = text.partition("Violation:")
    if not separator:
        raise ValueError(f"The docstring of {check.__name__} gives no example of a violation.")
    return _one_line(why), _one_line(violation)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
