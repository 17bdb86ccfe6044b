"""Changes that `redocly diff` overlooks, or rates as harmless though they break.

- The default of a parameter changed: callers that leave it out get something else.
- An operation demands less authentication: whose jobs they are, they are no longer protected.
- A value of an open list (`x-extensible-enum`) is gone: whoever waits for it, waits for ever. A new
  one is harmless, as the list is open.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..source import ContractError
from .changes import Change, Impact

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_Document = dict[str, Any]


@dataclass(frozen=True)
class _Located:
    pointer: str
    node: Any


def changes(old: _Document, new: _Document) -> Iterator[Change]:
    """Yield the changes from one document to another that Redocly misses or misjudges."""
    yield from _changed_defaults(old, new)
    yield from _loosened_security(old, new)
    yield from _known_values(old, new)


def _changed_defaults(old: _Document, new: _Document) -> Iterator[Change]:
    before, after = _defaults(old), _defaults(new)
    seen = set()
    for key in (key for key in before if key in after):
        was, now = before[key].node, after[key].node
        if was == now or after[key].pointer in seen:
            continue
        seen.add(after[key].pointer)
        operation, _, name = key
        text = f"Default of `{name}` of {operation} changed from {was} to {now}."
        yield Change(Impact.MAJOR, text, after[key].pointer)


def _defaults(document: _Document) -> dict[tuple[str, str, str], _Located]:
    """Default of each parameter as JSON text, "nothing" where it has none."""
    found = {}
    for operation, path in _operations(document):
        for parameter in _parameters(document, path):
            schema = _follow(document, f"{parameter.pointer}/schema", parameter.node["schema"])
            has = "default" in schema.node
            text = json.dumps(schema.node["default"]) if has else "nothing"
            key = (operation, parameter.node["in"], parameter.node["name"])
            found[key] = _Located(f"{schema.pointer}/default", text)
    return found


def _parameters(document: _Document, path: tuple[str, ...]) -> Iterator[_Located]:
    """Parameters of a path and then of its operation, whose own ones override the former."""
    item = document["paths"][path[1]]
    for holder, steps in ((item, path[:2]), (item[path[2]], path)):
        for index, parameter in enumerate(holder.get("parameters", [])):
            located = _follow(document, _pointer(*steps, "parameters", str(index)), parameter)
            if "schema" in located.node:
                yield located


def _loosened_security(old: _Document, new: _Document) -> Iterator[Change]:
    loosened = defaultdict(list)
    before = dict(_operations(old))
    for operation, path in _operations(new):
        if operation not in before:
            continue
        demanded, accepted = _security(old, before[operation]), _security(new, path)
        if any(not _at_least(demanded.node, alternative) for alternative in accepted.node):
            loosened[accepted.pointer].append(operation)
    for pointer, operations in loosened.items():
        text = f"Security requirement removed or loosened for {', '.join(operations)}."
        yield Change(Impact.MAJOR, text, pointer)


def _security(document: _Document, path: tuple[str, ...]) -> _Located:
    """Alternatives that an operation accepts, each a set of schemes; its own before the root's."""
    operation = document["paths"][path[1]][path[2]]
    own = "security" in operation
    alternatives = (operation if own else document).get("security") or [{}]
    return _Located(
        _pointer(*path, "security") if own else "#/security",
        [frozenset(alternative) for alternative in alternatives],
    )


def _at_least(demanded: list[frozenset[str]], alternative: frozenset[str]) -> bool:
    return any(schemes <= alternative for schemes in demanded)


def _known_values(old: _Document, new: _Document) -> Iterator[Change]:
    for listed in _open_lists(old):
        pointer, was = listed.pointer, listed.node
        now = _values_at(new, pointer)
        if now is None:
            continue
        for impact, verb, values in (
            (Impact.MAJOR, "dropped", [value for value in was if value not in now]),
            (Impact.MINOR, "added", [value for value in now if value not in was]),
        ):
            if values:
                names = ", ".join(f"`{value}`" for value in values)
                yield Change(impact, f"Known values {verb}: {names}.", pointer)


def _values_at(document: _Document, pointer: str) -> list[Any] | None:
    """Values that a schema names by now, or None where the schema is gone, as Redocly finds."""
    try:
        schema = _follow(document, "", {"$ref": pointer.removesuffix("/x-extensible-enum")}).node
    except ContractError:
        return None
    return [*schema.get("x-extensible-enum", []), *schema.get("enum", [])]


def _open_lists(node: Any, pointer: str = "#") -> Iterator[_Located]:
    if isinstance(node, list):
        node = dict(enumerate(node))
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key == "x-extensible-enum" and isinstance(value, list):
            yield _Located(f"{pointer}/{key}", value)
        else:
            yield from _open_lists(value, f"{pointer}/{_escape(str(key))}")


def _operations(document: _Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    for url, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield f"{method.upper()} {url}", ("paths", url, method)


def _follow(document: _Document, pointer: str, node: Any) -> _Located:
    while "$ref" in node:
        pointer, node = node["$ref"], document
        try:
            for step in pointer.removeprefix("#/").split("/"):
                node = node[step.replace("~1", "/").replace("~0", "~")]
        except (KeyError, TypeError) as error:
            raise ContractError(
                f"{pointer} is nowhere in the contract. Put all of it into one file."
            ) from error
    return _Located(pointer, node)


def _pointer(*path: str) -> str:
    return "/".join(("#", *map(_escape, path)))


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
