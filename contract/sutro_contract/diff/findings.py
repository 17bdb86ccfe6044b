"""Findings of a comparison, and the changes that are reported of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .changes import Change, Impact
from .located import Located
from .rules import RULES, Direction


@dataclass(frozen=True)
class Finding:
    """One difference at one place: the rule it falls under, what differs, and where."""

    rule: str
    direction: Direction
    what: str
    where: str
    pointer: str

    @property
    def impact(self) -> Impact:
        """The part of the version that the difference raises."""
        return RULES[self.rule].impact(self.direction)


@dataclass(frozen=True)
class Scope:
    """Where a comparison is: for people, and which direction it judges by."""

    where: str
    direction: Direction

    @property
    def message(self) -> str:
        """What is compared, without the field in it."""
        return self.where.partition(" at `")[0]

    def within(self, where: str) -> Scope:
        """Return the scope of a part of this one."""
        return Scope(f"{where} of {self.where}" if self.where else where, self.direction)

    def field(self, name: str) -> Scope:
        """Return the scope of a field or an element (`[]`) of a schema."""
        path = self.where.partition(" at `")[2].rstrip("`")
        inner = f"{path}.{name}".removeprefix(".").replace(".[]", "[]")
        return Scope(f"{self.message} at `{inner}`", self.direction)

    def finding(self, rule: str, what: str, at: Located) -> Finding:
        """Return a finding at a node of this scope."""
        return Finding(rule, self.direction, what, self.where, at.pointer)


def changes(findings: Iterable[Finding]) -> list[Change]:
    """Return one change for what was found at one node, however many operations share the node.

    A shared schema is judged in each direction that it is used in; the worst one counts.
    """
    # A node of `components` is met once for each message that refers to it; readers want it once.
    shared: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        shared.setdefault((finding.pointer, finding.what), []).append(finding)
    found = [_change(group) for group in shared.values()]
    return sorted(found, key=lambda change: -change.impact)


def _change(group: list[Finding]) -> Change:
    worst = max(group, key=lambda finding: finding.impact)
    others = len({finding.where for finding in group}) - 1
    more = f", and {others} more" if others else ""
    text = f"{worst.where}{more}: {worst.what}" if worst.where else worst.what
    return Change(worst.impact, text[0].upper() + text[1:], worst.pointer, worst.rule)
