"""Comparison of two schemas: what one allows that the other does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .findings import Finding, Scope
from .forms import form_of
from .keywords import TYPES
from .located import Located, canonical
from .notes import note_findings, shown
from .rules import Direction
from .shapes import Alternatives, Bound, Form, Schema, Shape


@dataclass(frozen=True)
class SchemaComparison:
    """Compares schemas, each pair once a message, as schemas may refer to themselves."""

    passed: set[tuple[str, ...]] = field(default_factory=set)
    forms: dict[tuple[object, ...], Form] = field(default_factory=dict)

    def compare(self, old: Schema, new: Schema, scope: Scope, at: Located) -> Iterator[Finding]:
        """Yield the differences of two schemas; `at` is where the new one is, or would be."""
        pair = (
            scope.message,
            *(each.pointer for each in old),
            "→",
            *(each.pointer for each in new),
        )
        if pair in self.passed:
            return
        self.passed.add(pair)
        before, after = self._form(old, at), self._form(new, at)
        yield from note_findings(before.notes, after.notes, scope, after.at)
        yield from _known_values(before, after, scope)
        yield from _types(before, after, scope)
        yield from self._alternatives(before, after, scope)
        yield from _constraints(before.conditions, after.conditions, scope, after.at)
        for name in (name for name in before.shapes if name in after.shapes):
            yield from self._shapes(before.shapes[name], after.shapes[name], scope, after.at)

    def _form(self, schema: Schema, at: Located) -> Form:
        """Return a normal form, each made once: most schemas are part of several messages."""
        nodes = ((id(each.root), each.pointer) for each in schema or (at,))
        key = (bool(schema), *nodes)
        if key not in self.forms:
            self.forms[key] = form_of(schema, at)
        return self.forms[key]

    def _shapes(self, old: Shape, new: Shape, scope: Scope, at: Located) -> Iterator[Finding]:
        yield from _values(old, new, scope, at)
        yield from _bounds(old, new, scope, at)
        yield from _constraints(old.constraints, new.constraints, scope, at)
        yield from self._fields(old, new, scope, at)
        yield from self._extra(old, new, scope, at)
        if old.items or new.items:
            yield from self.compare(old.items, new.items, scope.field("[]"), at)

    def _fields(self, old: Shape, new: Shape, scope: Scope, at: Located) -> Iterator[Finding]:
        before, after = (self._visible(shape, scope.direction) for shape in (old, new))
        for name in before:
            if name not in after:
                what = f"the field `{name}` is no longer described."
                yield scope.finding("property-removed", what, before[name][0])
            else:
                yield from self.compare(before[name], after[name], scope.field(name), at)
        for name in (name for name in after if name not in before):
            yield from self._added(name, old, after[name], new, scope)
        for name in old.required | new.required:
            # What only one of both describes was told of above.
            changed = (name in old.required) != (name in new.required)
            if changed and (name in before) == (name in after):
                yield _required(name, old, new, scope)

    def _visible(self, shape: Shape, direction: Direction) -> dict[str, Schema]:
        hidden = "readOnly" if direction is Direction.REQUEST else "writeOnly"
        return {
            name: schema
            for name, schema in shape.properties.items()
            if hidden not in self._form(schema, schema[0]).only
        }

    def _added(
        self, name: str, old: Shape, schema: Schema, new: Shape, scope: Scope
    ) -> Iterator[Finding]:
        if name in new.required and name not in old.required:
            rule, what = "required-property-added", f"the required field `{name}` was added."
        else:
            rule, what = "property-added", f"the field `{name}` was added."
        yield scope.finding(rule, what, schema[0])
        if old.extra:
            # Other fields were promised to have this schema, or not to be there.
            yield from self.compare(old.extra, schema, scope.field(name), schema[0])

    def _extra(self, old: Shape, new: Shape, scope: Scope, at: Located) -> Iterator[Finding]:
        closed = [_is_nothing(shape.extra) for shape in (old, new)]
        if closed == [False, True]:
            what = "other fields than those described are no longer allowed."
            yield scope.finding("extra-narrower", what, new.extra[0])
        elif closed == [True, False]:
            what = "other fields than those described are allowed."
            yield scope.finding("extra-wider", what, new.extra[0] if new.extra else at)
        elif old.extra or new.extra:
            yield from self.compare(old.extra, new.extra, scope.field("*"), at)

    def _alternatives(self, old: Form, new: Form, scope: Scope) -> Iterator[Finding]:
        if len(old.alternatives) == len(new.alternatives) == 1:
            yield from self._choice(old.alternatives[0], new.alternatives[0], scope)
            return
        lists = [
            {f"{each.keyword} {sorted(each.schemas)}": each.at for each in form.alternatives}
            for form in (old, new)
        ]
        yield from _constraints(lists[0], lists[1], scope, new.at)

    def _choice(self, old: Alternatives, new: Alternatives, scope: Scope) -> Iterator[Finding]:
        if old.keyword != new.keyword:
            what = f"`{old.keyword}` became `{new.keyword}`, and its alternatives overlap."
            yield scope.finding("constraint-changed", what, new.at)
        gone = [key for key in old.schemas if key not in new.schemas]
        come = [key for key in new.schemas if key not in old.schemas]
        # One gone and one come is most likely one that was edited, and says more when compared.
        if len(gone) == len(come) == 1:
            pair = old.schemas[gone[0]], new.schemas[come[0]]
            yield from self.compare(*pair, scope, new.at)
            return
        for key in gone:
            what = f"an alternative of `{old.keyword}` was removed."
            yield scope.finding("alternative-narrower", what, old.schemas[key][0])
        for key in come:
            what = f"an alternative of `{new.keyword}` was added."
            yield scope.finding("alternative-wider", what, new.schemas[key][0])


def _is_nothing(schema: Schema) -> bool:
    return bool(schema) and not form_of(schema).shapes


def _required(name: str, old: Shape, new: Shape, scope: Scope) -> Finding:
    if name in new.required:
        what = f"the field `{name}` became required."
        return scope.finding("required-narrower", what, new.required[name])
    what = f"the field `{name}` is no longer required."
    return scope.finding("required-wider", what, old.required[name])


def _types(old: Form, new: Form, scope: Scope) -> Iterator[Finding]:
    if gone := [name for name in TYPES if name in old.shapes and name not in new.shapes]:
        yield scope.finding("type-narrower", f"no longer allowed: {', '.join(gone)}.", new.at)
    if come := [name for name in TYPES if name in new.shapes and name not in old.shapes]:
        yield scope.finding("type-wider", f"allowed too: {', '.join(come)}.", new.at)


def _values(old: Shape, new: Shape, scope: Scope, at: Located) -> Iterator[Finding]:
    if old.values is None or new.values is None:
        if old.values is not None:
            what = f"values other than {_listed(old.values)} are allowed."
            yield scope.finding("enum-wider", what, at)
        elif new.values is not None:
            what = f"only {_listed(new.values)} are allowed."
            yield scope.finding("enum-narrower", what, next(iter(new.values.values())))
        return
    if gone := {value: each for value, each in old.values.items() if value not in new.values}:
        what = f"no longer allowed: {_listed(gone)}."
        yield scope.finding("enum-narrower", what, at)
    if come := {value: each for value, each in new.values.items() if value not in old.values}:
        what = f"allowed too: {_listed(come)}."
        yield scope.finding("enum-wider", what, next(iter(come.values())))


def _known_values(old: Form, new: Form, scope: Scope) -> Iterator[Finding]:
    before, after = old.known or {}, new.known or {}
    if gone := [value for value in before if value not in after and not _is_listed(value, new)]:
        what = f"known values dropped: {', '.join(f'`{value}`' for value in gone)}."
        yield scope.finding("known-value-removed", what, next(iter(before.values())))
    if come := [value for value in after if value not in before]:
        what = f"known values added: {', '.join(f'`{value}`' for value in come)}."
        yield scope.finding("known-value-added", what, next(iter(after.values())))


def _is_listed(value: str, form: Form) -> bool:
    return any(canonical(value) in (shape.values or {}) for shape in form.shapes.values())


def _bounds(old: Shape, new: Shape, scope: Scope, at: Located) -> Iterator[Finding]:
    for before, after, sign in ((old.upper, new.upper, 1), (old.lower, new.lower, -1)):
        for name in before | after:
            was, now = before.get(name), after.get(name)
            if (was and was[0]) == (now and now[0]):
                continue
            looser = now is None or (was is not None and _reach(now, sign) > _reach(was, sign))
            what = f"`{name}` went from {_bound_text(was)} to {_bound_text(now)}."
            rule = "bound-wider" if looser else "bound-narrower"
            yield scope.finding(rule, what, now[1] if now else at)


def _reach(limit: tuple[Bound, Located], sign: int) -> tuple[float, bool]:
    (value, belongs), _ = limit
    return sign * value, belongs


def _bound_text(limit: tuple[Bound, Located] | None) -> str:
    if limit is None:
        return "nothing"
    (value, belongs), _ = limit
    return f"{value}" if belongs else f"{value} (exclusive)"


def _constraints(
    old: Mapping[str, Located], new: Mapping[str, Located], scope: Scope, at: Located
) -> Iterator[Finding]:
    gone = {key: each for key, each in old.items() if key not in new}
    come = {key: each for key, each in new.items() if key not in old}
    for key in gone:
        keyword, _, value = key.partition(" ")
        other = next((each for each in come if each.startswith(f"{keyword} ")), None)
        if other is None:
            yield scope.finding("constraint-wider", f"`{keyword}` {shown(value)} was removed.", at)
        else:
            what = f"`{keyword}` changed from {shown(value)} to {shown(other.partition(' ')[2])}."
            rule = _FORMATS.get((key, other), "constraint-changed")
            yield scope.finding(rule, what, come.pop(other))
    for key, each in come.items():
        keyword, _, value = key.partition(" ")
        yield scope.finding("constraint-narrower", f"`{keyword}` {shown(value)} was added.", each)


_FORMATS = {
    ('format "int32"', 'format "int64"'): "constraint-wider",
    ('format "int64"', 'format "int32"'): "constraint-narrower",
    ('format "float"', 'format "double"'): "constraint-wider",
    ('format "double"', 'format "float"'): "constraint-narrower",
}
"""Formats of which one has all values of the other."""


def _listed(values: Mapping[str, Located]) -> str:
    return ", ".join(f"`{value}`" for value in values)
