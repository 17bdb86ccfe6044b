"""Faults on demand, for tests of clients: switched on at the command line or by a header."""

import re
from collections.abc import Iterable

import attrs
from starlette.types import ASGIApp, Receive, Scope, Send

from ..store.store import Store
from ..times import parse_duration
from .fault_kinds import KINDS, Call
from .problems import problem

HEADER = b"x-sutro-fault"
"""Header field that asks for faults, with commas between them, if `--control` allows it."""

_OPERATIONS = {
    "list": re.compile(r"(/v1)?/list-jobs"),
    "status": re.compile(r"(/v1)?/job-status/.+"),
    "results": re.compile(r"(/v1)?/(jobs/.+/results|job-results)"),
    "cancel": re.compile(r"(/v1)?/job-cancel/.+"),
}
_SYNTAX = re.compile(r"(?P<name>[a-z-]+)(=(?P<value>[^@]+))?(@(?P<operation>[a-z]+))?")


@attrs.frozen
class Fault:
    """A fault that is asked for; without an operation it concerns all four."""

    name: str
    value: str
    operation: str | None

    @property
    def times(self) -> int | None:
        """How many requests it concerns; None means all of them."""
        return int(self.value) if KINDS[self.name].value == "TIMES" and self.value else None


def parse_fault(text: str) -> Fault:
    """Return the fault that `NAME[=VALUE][@OPERATION]` describes.

    Raises:
        ValueError: There is no such fault or operation, or the fault does not take the value.
    """
    match = _SYNTAX.fullmatch(text.strip())
    if match is None or match["name"] not in KINDS:
        raise ValueError(f"'{text}' is not a fault.")
    kind = KINDS[match["name"]]
    value, operation = match["value"] or kind.default, match["operation"]
    if operation is not None and operation not in _OPERATIONS:
        raise ValueError(f"'{operation}' is none of the operations {', '.join(_OPERATIONS)}.")
    if match["value"] and not kind.value:
        raise ValueError(f"The fault '{match['name']}' takes no value.")
    _check_value(match["name"], kind.value, value)
    return Fault(match["name"], value, operation)


def catalogue() -> str:
    """Return the kinds of faults as lines for people."""
    lines = []
    for name, kind in KINDS.items():
        usage = f"{name}[={kind.value}]" if kind.value else name
        default = f" (by default {kind.default})" if kind.default else ""
        lines.append(f"{usage:32}{kind.about}{default}")
    return "\n".join(lines)


class FaultInjector:
    """Middleware that lets faults answer requests of the four operations."""

    def __init__(
        self, app: ASGIApp, store: Store, faults: Iterable[str], *, by_header: bool
    ) -> None:
        self._app = app
        self._store = store
        self._faults = [parse_fault(text) for text in faults]
        self._left = [fault.times for fault in self._faults]
        self._by_header = by_header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, by way of the faults that concern it."""
        operation = _operation(scope) if scope["type"] == "http" else None
        if operation is None:
            await self._app(scope, receive, send)
            return
        try:
            faults = [*self._requested(scope), *self._due(operation)]
        except ValueError as error:
            await problem(400, str(error))(scope, receive, send)
            return
        app = self._app
        for fault in faults:
            app = self._with(app, fault)
        await app(scope, receive, send)

    def _with(self, app: ASGIApp, fault: Fault) -> ASGIApp:
        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            call = Call(app, scope, receive, send, self._store)
            await KINDS[fault.name].run(call, fault.value)

        return faulty

    def _requested(self, scope: Scope) -> list[Fault]:
        values = (value for name, value in scope["headers"] if name == HEADER)
        texts = ",".join(value.decode("latin-1") for value in values) if self._by_header else ""
        return [parse_fault(text) for text in texts.split(",") if text.strip()]

    def _due(self, operation: str) -> list[Fault]:
        due = []
        for number, fault in enumerate(self._faults):
            left = self._left[number]
            if fault.operation in (None, operation) and left != 0:
                due.append(fault)
                self._left[number] = None if left is None else left - 1
        return due


def _operation(scope: Scope) -> str | None:
    matches = (name for name, path in _OPERATIONS.items() if path.fullmatch(scope["path"]))
    return next(matches, None)


def _check_value(name: str, kind: str, value: str) -> None:
    if kind == "DURATION":
        parse_duration(value)
    elif kind and value and not value.isdecimal():
        raise ValueError(f"The fault '{name}' takes a number, not '{value}'.")
