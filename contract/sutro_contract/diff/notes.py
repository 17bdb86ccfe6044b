"""What describes and does not constrain: descriptions, examples, defaults, extensions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .findings import Finding, Scope
from .located import Located, canonical

_READABLE = 80


def note_findings(
    old: dict[str, Located], new: dict[str, Located], scope: Scope, at: Located
) -> Iterator[Finding]:
    """Yield the notes that differ.

    A default is more than a note: who sends nothing relies on it.
    """
    for name in old | dict(new):
        was, now = (_resolved(each.get(name)) for each in (old, new))
        if was == now or _is_same(name, was, now):
            continue
        where = new.get(name) or at
        what = f"`{name}` changed{_from_to(was, now)}."
        yield scope.finding(_RULES.get(name, "note-changed"), what, where)


_DESCRIPTIONS = ("summary", "description", "example", "examples", "externalDocs", "tags")
_RULES = {"default": "default-changed", "deprecated": "deprecated"}


_NOTHING = object()


def _resolved(note: Located | None) -> Any:
    return _inlined(note) if note else _NOTHING


def _inlined(note: Located) -> Any:
    """Return a note with its references resolved, as examples may stand behind them."""
    if isinstance(note.node, list):
        return [_inlined(each) for each in note.elements()]
    if not isinstance(note.node, dict):
        return note.node
    if isinstance(note.node.get("$ref"), str) and note.node["$ref"].startswith("#/"):
        return _inlined(note.resolved())
    return {name: _inlined(each) for name, each in note.items()}


def meaning(node: Located) -> str:
    """Return a part of a document as a text, with its references resolved and without notes."""
    return canonical(_undescribed(_inlined(node)))


def _undescribed(value: Any) -> Any:
    if isinstance(value, list):
        return [_undescribed(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _undescribed(each) for name, each in value.items() if name not in _DESCRIPTIONS}


def _is_same(name: str, was: Any, now: Any) -> bool:
    return name == "deprecated" and (was is True) == (now is True)


def _from_to(was: Any, now: Any) -> str:
    texts = ["nothing" if each is _NOTHING else canonical(each) for each in (was, now)]
    # Prose is read better in the document than in a line of a report.
    if sum(map(len, texts)) > _READABLE:
        return ""
    return f" from {texts[0]} to {texts[1]}"


def shown(value: str) -> str:
    """Return a value for people, cut where it is long."""
    return value if len(value) <= _READABLE else f"{value[:_READABLE]}…"
