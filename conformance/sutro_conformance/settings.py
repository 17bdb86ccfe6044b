"""What a run does: its settings, and the clauses that it checks."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from .clauses import all_clauses
from .judging.clause import Clause
from .wire.target import RunSettings


def _selected(only: str | Iterable[str] | None) -> frozenset[str] | None:
    """Return IDs of clauses for IDs and groups, in either case."""
    if only is None:
        return None
    wanted = {word.upper() for word in ([only] if isinstance(only, str) else only)}
    known = all_clauses()
    unknown = wanted - {each.id for each in known} - {each.group for each in known}
    if unknown:
        raise ValueError(f"There is no clause or group {', '.join(sorted(unknown))}.")
    if not wanted:
        raise ValueError("only names no clause, so there is nothing to verify.")
    return frozenset(each.id for each in known if wanted & {each.id, each.group})


@attrs.frozen(kw_only=True)
class Settings(RunSettings):
    """How a run goes about it, and which clauses it checks.

    `only` takes IDs such as `LIST-07` and groups such as `LIST`; None checks all clauses.

    Raises:
        ValueError: a number is out of its bounds, or a clause, edition or profile does not exist.
    """

    only: frozenset[str] | None = attrs.field(default=None, converter=_selected)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Return the clauses to check, in the order in which they are checked."""
        only = self.only
        return tuple(each for each in all_clauses() if only is None or each.id in only)
