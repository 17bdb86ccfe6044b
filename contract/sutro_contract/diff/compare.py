"""Comparison of two contracts by what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .access import compare_security, compare_servers
from .changes import Change
from .findings import Finding, Scope, changes
from .located import Located
from .notes import note_findings
from .operations import (
    METHODS,
    Operation,
    compare_callbacks,
    compare_operations,
    operations_of,
)
from .rules import Direction
from .schemas import SchemaComparison

_DOCUMENT_NOTES = ("externalDocs", "tags")
_INFO_NOTES = ("title", "summary", "description", "termsOfService", "contact", "license")


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return the changes from one contract to another, the breaking ones first.

    What two documents say in different ways is not a change: references, what a path says for all
    its operations, the order of members, `allOf` around one schema, `oneOf` or a list of types for
    null.

    Raises:
        ContractError: a reference in one of them leads nowhere.
    """
    before, after = (Located(document, "#", document) for document in (old, new))
    return changes(_findings(before, after))


def _findings(old: Located, new: Located) -> Iterator[Finding]:
    yield from _document_notes(old, new)
    scope = Scope("", Direction.REQUEST)
    yield from compare_callbacks(old.child("webhooks"), new.child("webhooks"), "webhook", scope)
    before, after = operations_of(old), operations_of(new)
    schemas = SchemaComparison()
    for key, operation in before.items():
        if key not in after:
            yield _removed(operation, new)
            continue
        yield from compare_operations(operation, after[key], schemas)
        yield from _access(operation, after[key], old, new)
    for key in (key for key in after if key not in before):
        scope = Scope(after[key].name, Direction.REQUEST)
        yield scope.finding("operation-added", "it was added.", after[key].at)


def _removed(operation: Operation, new: Located) -> Finding:
    scope = Scope(operation.name, Direction.REQUEST)
    left = new.child("paths", operation.path)
    with_others = any(method in (left.node or {}) for method in METHODS)
    what = "it was removed." if with_others else "it was removed, and its path with it."
    return scope.finding("path-removed", what, operation.at)


def _access(before: Operation, after: Operation, old: Located, new: Located) -> Iterator[Finding]:
    """Compare servers and security, under the document's name where the document says them."""
    for name, comparison in (("security", compare_security), ("servers", compare_servers)):
        pair = before.inherited(name, old), after.inherited(name, new)
        shared = all(each.pointer == f"#/{name}" for each in pair)
        scope = Scope("" if shared and name == "servers" else after.name, Direction.REQUEST)
        yield from comparison(*pair, scope)


def _document_notes(old: Located, new: Located) -> Iterator[Finding]:
    scope = Scope("", Direction.REQUEST)
    for names, steps in ((_DOCUMENT_NOTES, ()), (_INFO_NOTES, ("info",))):
        parts = [
            {
                name: each
                for name, each in document.child(*steps).items()
                if name in names or name.startswith("x-")
            }
            for document in (old, new)
        ]
        yield from note_findings(parts[0], parts[1], scope, new.child(*steps))
