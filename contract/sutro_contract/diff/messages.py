"""Comparison of what is sent and what is answered: parameters, bodies, headers, links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .findings import Finding, Scope
from .located import Located, canonical
from .notes import meaning, note_findings
from .rules import Direction
from .schemas import SchemaComparison

_PARAMETER_NOTES = ("description", "deprecated", "example", "examples")
_ANSWER_NOTES = ("description", "summary")
_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}


def compare_parameter(
    old: Located, new: Located, scope: Scope, schemas: SchemaComparison
) -> Iterator[Finding]:
    """Yield the differences of a parameter, or of a header of an answer."""
    yield from compare_notes(old, new, _PARAMETER_NOTES, scope)
    # What is written otherwise cannot be read by the other side, whatever its schema says.
    if _encoding(old) != _encoding(new):
        yield scope.finding("parameter-encoding", "it is written in another way.", new)
        return
    if old.node.get("content") or new.node.get("content"):
        yield from compare_content(old.child("content"), new.child("content"), scope, schemas)
    else:
        yield from _schemas(old, new, scope, schemas)


def _encoding(parameter: Located) -> tuple[object, ...]:
    """Return how a parameter is written, with what OpenAPI takes for granted filled in."""
    node = parameter.node
    style = node.get("style", _STYLES.get(node.get("in", "header"), "simple"))
    return (
        bool(node.get("content")),
        style,
        node.get("explode", style == "form"),
        node.get("allowReserved", False),
        node.get("allowEmptyValue", False),
    )


def compare_body(
    old: Located, new: Located, scope: Scope, schemas: SchemaComparison
) -> Iterator[Finding]:
    """Yield the differences of the body of a request; either may be missing."""
    if new.node is None:
        if old.node is not None:
            yield scope.finding("body-removed", "it was removed.", old)
        return
    required = bool(new.node.get("required"))
    if old.node is None:
        rule = "required-body-added" if required else "body-added"
        yield scope.finding(rule, "it was added.", new)
        return
    if required != bool(old.node.get("required")):
        what = "it became required." if required else "it is no longer required."
        yield scope.finding("body-required" if required else "body-optional", what, new)
    yield from compare_notes(old, new, ("description",), scope)
    yield from compare_content(old.child("content"), new.child("content"), scope, schemas)


def compare_content(
    old: Located, new: Located, scope: Scope, schemas: SchemaComparison
) -> Iterator[Finding]:
    """Yield the differences of the bodies that a message may have, by media type."""
    before, after = dict(old.items()), dict(new.items())
    for name in before | after:
        was, now = _covering(before, name), _covering(after, name)
        if now is None:
            what = f"the media type `{name}` was removed."
            yield scope.finding("media-type-removed", what, before[name])
        elif was is None:
            what = f"the media type `{name}` was added."
            yield scope.finding("media-type-added", what, after[name])
        else:
            yield from _media_type(was, now, scope, schemas)


def _covering(content: Mapping[str, Located], name: str) -> Located | None:
    """Return what describes a media type: its own entry, or that of a range such as `text/*`."""
    for key in (name, f"{name.partition('/')[0]}/*", "*/*"):
        if key in content:
            return content[key]
    return None


def _media_type(
    old: Located, new: Located, scope: Scope, schemas: SchemaComparison
) -> Iterator[Finding]:
    yield from compare_notes(old, new, ("example", "examples"), scope)
    sent = scope.direction is Direction.REQUEST
    if sent and meaning(old.child("encoding")) != meaning(new.child("encoding")):
        yield scope.finding("encoding-changed", "its parts are encoded in another way.", new)
    yield from _schemas(old, new, scope, schemas)


def _schemas(
    old: Located, new: Located, scope: Scope, schemas: SchemaComparison
) -> Iterator[Finding]:
    pair = [(each.child("schema"),) if "schema" in each.node else () for each in (old, new)]
    yield from schemas.compare(pair[0], pair[1], scope, new)


def compare_answer(
    old: Located, new: Located, scope: Scope, schemas: SchemaComparison
) -> Iterator[Finding]:
    """Yield the differences of an answer."""
    yield from compare_notes(old, new, _ANSWER_NOTES, scope)
    yield from compare_content(old.child("content"), new.child("content"), scope, schemas)
    yield from _headers(old.child("headers"), new.child("headers"), scope, schemas)
    yield from _links(old.child("links"), new.child("links"), scope)


def _headers(
    old: Located, new: Located, scope: Scope, schemas: SchemaComparison
) -> Iterator[Finding]:
    before, after = (
        {name.lower(): (name, each.resolved()) for name, each in headers.items()}
        for headers in (old, new)
    )
    for key, (name, was) in before.items():
        if key not in after:
            yield scope.finding("header-removed", f"the header `{name}` was removed.", was)
            continue
        now = after[key][1]
        header = scope.within(f"header `{name}`")
        if bool(was.node.get("required")) != bool(now.node.get("required")):
            gone = bool(was.node.get("required"))
            what = "it is no longer required." if gone else "it is always there."
            yield header.finding("header-optional" if gone else "header-required", what, now)
        yield from compare_parameter(was, now, header, schemas)
    for name, now in (after[key] for key in after if key not in before):
        yield scope.finding("header-added", f"the header `{name}` was added.", now)


def _links(old: Located, new: Located, scope: Scope) -> Iterator[Finding]:
    before, after = ({n: e.resolved() for n, e in links.items()} for links in (old, new))
    for name, was in before.items():
        if name not in after:
            yield scope.finding("link-removed", f"the link `{name}` was removed.", was)
        elif _route(was) != _route(after[name]):
            what = f"the link `{name}` leads elsewhere, or with other parameters."
            yield scope.finding("link-changed", what, after[name])
        else:
            link = scope.within(f"link `{name}`")
            yield from compare_notes(was, after[name], ("description",), link)
    for name in (name for name in after if name not in before):
        yield scope.finding("link-added", f"the link `{name}` was added.", after[name])


def _route(link: Located) -> str:
    """Return where a link leads, as a text."""
    return canonical({name: value for name, value in link.node.items() if name != "description"})


def compare_notes(
    old: Located, new: Located, names: tuple[str, ...], scope: Scope
) -> Iterator[Finding]:
    """Yield the differences of notes of these names, and of extensions."""
    notes = [
        {
            name: each
            for name, each in part.items()
            if name in names or (name.startswith("x-") and name != "x-optional")
        }
        for part in (old, new)
    ]
    yield from note_findings(notes[0], notes[1], scope, new)
