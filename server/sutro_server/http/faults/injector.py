"""The middleware that lets faults answer requests."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from ...store.store import Store
from ..object_store.refusals import refusal
from ..problems import problem
from .call import Call
from .fault import OPERATIONS, Fault, parse_fault
from .kinds import KINDS

HEADER = b"x-sutro-fault"
"""Header field that asks for faults, with commas between them, if `--control` allows it."""


class FaultInjector:
    """Middleware that lets faults answer requests of the operations, and of the object store."""

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
            app = self._with(app, fault, operation)
        await app(_uncompressed(scope) if faults else scope, receive, send)

    def _with(self, app: ASGIApp, fault: Fault, operation: str) -> ASGIApp:
        refuse = refusal if operation == "files" else problem

        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            call = Call(app, scope, receive, send, self._store, refuse)
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
    matches = (name for name, path in OPERATIONS.items() if path.fullmatch(scope["path"]))
    return next(matches, None)


def _uncompressed(scope: Scope) -> Scope:
    # Faults edit JSON, and count the bytes of a body as it is.
    kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return {**scope, "headers": kept}
