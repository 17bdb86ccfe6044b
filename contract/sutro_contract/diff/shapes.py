"""What a schema allows, type by type: the normal form in which schemas are compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .located import Located

Schema = tuple[Located, ...]
"""Schemas that hold all at once: one, or several that `allOf` or a reference brings together."""

Bound = tuple[float, bool]
"""A bound and whether it belongs to what is allowed."""


@dataclass(frozen=True)
class Shape:
    """What a schema allows of one type. Nothing in it means that everything is allowed."""

    values: dict[str, Located] | None = None
    upper: dict[str, tuple[Bound, Located]] = field(default_factory=dict)
    lower: dict[str, tuple[Bound, Located]] = field(default_factory=dict)
    constraints: dict[str, Located] = field(default_factory=dict)
    properties: dict[str, Schema] = field(default_factory=dict)
    required: dict[str, Located] = field(default_factory=dict)
    extra: Schema = ()
    items: Schema = ()

    def and_(self, other: Shape) -> Shape:
        """Return what both allow."""
        return Shape(
            _common(self.values, other.values),
            tightest(self.upper, other.upper, min),
            tightest(self.lower, other.lower, max),
            self.constraints | other.constraints,
            {name: self.of(name) + other.of(name) for name in self.properties | other.properties},
            self.required | other.required,
            self.extra + other.extra,
            self.items + other.items,
        )

    def of(self, name: str) -> Schema:
        """Return the schema of a field, described or not."""
        return self.properties.get(name, self.extra)


@dataclass(frozen=True)
class Alternatives:
    """Alternatives that no form can unite: they share a type, and differ in it."""

    keyword: str
    schemas: dict[str, Schema]
    at: Located


@dataclass(frozen=True)
class Form:
    """The normal form of a schema. `shapes` has what is allowed of each type that is allowed."""

    at: Located
    shapes: dict[str, Shape]
    alternatives: tuple[Alternatives, ...] = ()
    conditions: dict[str, Located] = field(default_factory=dict)
    notes: dict[str, Located] = field(default_factory=dict)
    known: dict[str, Located] | None = None
    only: frozenset[str] = frozenset()
    """`readOnly`, `writeOnly`."""

    @property
    def is_plain(self) -> bool:
        """Whether shapes alone say what is allowed."""
        return not self.alternatives and not self.conditions

    def and_(self, other: Form) -> Form:
        """Return what both allow; this one's notes come first."""
        return Form(
            self.at,
            {
                name: shape.and_(other.shapes[name])
                for name, shape in self.shapes.items()
                if name in other.shapes
            },
            self.alternatives + other.alternatives,
            self.conditions | other.conditions,
            other.notes | self.notes,
            other.known if self.known is None else self.known,
            self.only | other.only,
        )


def _common(
    one: dict[str, Located] | None, other: dict[str, Located] | None
) -> dict[str, Located] | None:
    if one is None or other is None:
        return other if one is None else one
    return {value: at for value, at in one.items() if value in other}


def tightest(
    one: dict[str, tuple[Bound, Located]], other: dict[str, tuple[Bound, Located]], pick: Any
) -> dict[str, tuple[Bound, Located]]:
    """Return the tighter bound of each measure; `pick` is `min` for upper bounds, else `max`."""

    def tightness(bound: tuple[Bound, Located]) -> tuple[float, bool]:
        (value, belongs), _ = bound
        return value, belongs if pick is min else not belongs

    return {
        name: pick((each[name] for each in (one, other) if name in each), key=tightness)
        for name in one | other
    }
