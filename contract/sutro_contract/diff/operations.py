"""Operations with what they inherit, and the comparison of two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .findings import Finding, Scope
from .located import Located
from .messages import compare_answer, compare_body, compare_notes, compare_parameter
from .notes import meaning
from .rules import Direction
from .schemas import SchemaComparison

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_NOTES = ("summary", "description", "externalDocs", "deprecated")


@dataclass(frozen=True)
class Operation:
    """One method of one path. What the path says for all its methods is part of it."""

    path: str
    method: str
    at: Located
    item: Located

    @property
    def name(self) -> str:
        """The operation as people call it, `GET /list-jobs`."""
        return f"{self.method.upper()} {self.path}"

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it to a server, which does not see the names in a path."""
        return self.method, re.sub(r"\{[^}]*\}", "{}", self.path)

    @property
    def names(self) -> list[str]:
        """The parameters in its path, in their order there."""
        return re.findall(r"\{([^}]*)\}", self.path)

    @cached_property
    def parameters(self) -> dict[tuple[str, str], Located]:
        """The parameters by place and name; its own ones override those of the path."""
        found = {}
        for holder in (self.item, self.at):
            for each in holder.child("parameters").elements():
                parameter = each.resolved()
                where, name = parameter.node["in"], parameter.node["name"]
                found[where, name.lower() if where == "header" else name] = parameter
        return found

    def inherited(self, name: str, document: Located) -> Located:
        """Return `servers` or `security`: its own, or else the path's, or the document's."""
        for holder in (self.at, self.item):
            if name in holder.node:
                return holder.child(name)
        return document.child(name)


def operations_of(document: Located) -> dict[tuple[str, str], Operation]:
    """Return the operations of a document, by what identifies them to a server."""
    found = {}
    for path, each in document.child("paths").items():
        item = each.resolved()
        for method in METHODS:
            if method in item.node:
                operation = Operation(path, method, item.child(method), item)
                found[operation.key] = operation
    return found


def compare_operations(
    old: Operation, new: Operation, schemas: SchemaComparison
) -> Iterator[Finding]:
    """Yield the differences of two operations, but for those of servers and security."""
    scope = Scope(new.name, Direction.REQUEST)
    yield from compare_notes(old.at, new.at, _NOTES, scope)
    yield from compare_notes(old.item, new.item, ("summary", "description"), scope)
    yield from _identity(old, new, scope)
    yield from _parameters(old, new, scope, schemas)
    bodies = [each.at.child("requestBody").resolved() for each in (old, new)]
    yield from compare_body(bodies[0], bodies[1], scope.within("body"), schemas)
    answers = Scope(new.name, Direction.ANSWER)
    yield from _answers(old.at.child("responses"), new.at.child("responses"), answers, schemas)
    callbacks = [each.at.child("callbacks") for each in (old, new)]
    yield from compare_callbacks(callbacks[0], callbacks[1], "callback", scope)


def compare_callbacks(old: Located, new: Located, kind: str, scope: Scope) -> Iterator[Finding]:
    """Yield the differences of callbacks or webhooks, each compared as a whole."""
    before, after = ({n: e.resolved() for n, e in part.items()} for part in (old, new))
    for name, was in before.items():
        if name not in after:
            yield scope.finding("callback-removed", f"the {kind} `{name}` was removed.", was)
        elif meaning(was) != meaning(after[name]):
            yield scope.finding("callback-changed", f"the {kind} `{name}` changed.", after[name])
    for name in (name for name in after if name not in before):
        yield scope.finding("callback-added", f"the {kind} `{name}` was added.", after[name])


def _identity(old: Operation, new: Operation, scope: Scope) -> Iterator[Finding]:
    before, after = (each.at.node for each in (old, new))
    # Nothing on the wire has it, but generated clients name their functions after it.
    if before.get("operationId") != after.get("operationId"):
        what = (
            f"`operationId` changed from {before.get('operationId')} to {after.get('operationId')}."
        )
        yield scope.finding("operation-renamed", what, new.at.child("operationId"))
    if sorted(before.get("tags", [])) != sorted(after.get("tags", [])):
        yield scope.finding("tags-changed", "its tags changed.", new.at.child("tags"))
    optional = bool(after.get("x-optional"))
    if bool(before.get("x-optional")) != optional:
        what = "servers may lack it." if optional else "servers may no longer lack it."
        rule = "operation-optional" if optional else "operation-assured"
        yield scope.finding(rule, what, new.at)
    # Servers do not see the name, but callers by name do: generated clients, links.
    if old.names != new.names:
        what = f"its path was {old.path}."
        yield scope.finding("path-parameter-renamed", what, new.at)


def _parameters(
    old: Operation, new: Operation, scope: Scope, schemas: SchemaComparison
) -> Iterator[Finding]:
    renamed = dict(zip(old.names, new.names, strict=True))
    before = {
        (where, renamed.get(name, name) if where == "path" else name): each
        for (where, name), each in old.parameters.items()
    }
    for key, was in before.items():
        if key not in new.parameters:
            what = f"{_called(key)} was removed."
            yield scope.finding("parameter-removed", what, was)
            continue
        now, parameter = new.parameters[key], scope.within(_called(key))
        required = bool(now.node.get("required"))
        if required != bool(was.node.get("required")):
            what = "it became required." if required else "it is no longer required."
            rule = "parameter-required" if required else "parameter-optional"
            yield parameter.finding(rule, what, now)
        yield from compare_parameter(was, now, parameter, schemas)
    for key in (key for key in new.parameters if key not in before):
        required = bool(new.parameters[key].node.get("required"))
        rule = "required-parameter-added" if required else "parameter-added"
        what = f"{'required ' if required else ''}{_called(key)} was added."
        yield scope.finding(rule, what, new.parameters[key])


def _called(key: tuple[str, str]) -> str:
    where, name = key
    return f"{where} parameter `{name}`"


def _answers(
    old: Located, new: Located, scope: Scope, schemas: SchemaComparison
) -> Iterator[Finding]:
    before, after = ({s: each.resolved() for s, each in part.items()} for part in (old, new))
    for status in before | after:
        was, now = _described(before, status), _described(after, status)
        if now is None:
            yield scope.finding("answer-removed", f"answer {status} was removed.", before[status])
            continue
        if status not in before and (was is None or status.isdecimal()):
            yield scope.finding("answer-added", f"answer {status} was added.", after[status])
        if was is not None:
            answer = scope.within(f"answer {status}")
            found = compare_answer(was, now, answer, schemas)
            silent = _silent_rules(status in before, status in after)
            yield from (finding for finding in found if finding.rule not in silent)


def _described(answers: dict[str, Located], status: str) -> Located | None:
    """Return what describes a status: its own entry, or that of its class, or `default`.

    `default` is for failures: that an answer such as 206 is an error is not what it says.
    """
    if status in answers:
        return answers[status]
    if status == "default":
        return answers.get("4XX") if "5XX" in answers else None
    for key in (f"{status[0]}XX", "default"):
        if key in answers and (key != "default" or status[0] in "45"):
            return answers[key]
    return None


def _silent_rules(was_described: bool, is_described: bool) -> frozenset[str]:
    """Return what is not worth telling where an answer is compared with that of its class.

    A class says what any of its answers may have, so one that has less breaks nothing.
    """
    if was_described and is_described:
        return frozenset()
    notes = {"note-changed", "deprecated"}
    return frozenset(notes if was_described else notes | {"media-type-removed", "header-removed"})
