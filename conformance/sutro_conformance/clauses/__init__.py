"""The clauses: `LIST-07` stands in the folder `list`, `ERROR-01` in the module `error`.

The order in which they are checked is that of their phases (`judging.clause.Phase`) and, within a
phase, that of the groups below: keys first, as nothing else holds where they do not; then what is
the cause of other faults (lists, pages, statuses) before what rests on it. Verdicts do not depend
on it, as a clause asks for what it needs; what a broken server shows first does.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from ..judging.clause import Clause

_GROUPS = (
    "auth",
    "tenant",
    "list",
    "page",
    "status",
    "results",
    "format",
    "http",
    "error",
    "life",
    "cancel",
)


@cache
def all_clauses() -> tuple[Clause, ...]:
    """Return all clauses in the order in which they are checked.

    Raises:
        ValueError: two clauses have one ID.
    """
    found = [each for group in _GROUPS for module in _modules(group) for each in _in(module)]
    if len({each.id for each in found}) < len(found):
        raise ValueError("Two clauses have one ID.")
    return tuple(sorted(found, key=lambda each: each.phase))


def _modules(group: str) -> Iterator[ModuleType]:
    module = import_module(f".{group}", __package__)
    yield module
    for each in iter_modules(getattr(module, "__path__", ())):
        yield import_module(f".{each.name}", module.__name__)


def _in(module: ModuleType) -> Iterator[Clause]:
    yield from (each for each in vars(module).values() if isinstance(each, Clause))
