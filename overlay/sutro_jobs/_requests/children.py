"""Flows that run beside the flow that started them, and end with it at the latest."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from typing import Any, cast

from .flow import Flow, Running
from .transports.interruption import Interruption

# A thread that is connecting, or in a transport of the user's own, cannot be broken off. It is left
# to its own timeouts then, and changes nothing any more.
_PATIENCE = 5.0


class SyncChildren:
    """Runs each flow in a thread of its own, by `run`, which an interruption breaks off."""

    def __init__(self, run: Callable[[Flow[Any], Interruption], Any]) -> None:
        self._run = run
        self._children: list[_Child] = []

    def start(self, flow: Flow[Any]) -> Running[Any]:
        """Begin to run a flow."""
        child = _Child(self._run, flow)
        self._children.append(child)
        child.thread.start()
        return child

    def wait(self, running: Sequence[Running[Any]]) -> None:
        """Wait until one of them is done."""
        wait(cast("Sequence[_Child]", running), return_when=FIRST_COMPLETED)

    def stop(self, running: Running[Any]) -> None:
        """Break off one of them."""
        _stop([cast("_Child", running)])

    def close(self) -> None:
        """Break off all that still run."""
        _stop(self._children)


class _Child(Future[Any]):
    def __init__(self, run: Callable[[Flow[Any], Interruption], Any], flow: Flow[Any]) -> None:
        super().__init__()
        self.interruption = Interruption()
        self._run = run
        self._flow = flow
        self.thread = threading.Thread(target=self._work, name="sutro_jobs flow", daemon=True)

    def _work(self) -> None:
        try:
            self.set_result(self._run(self._flow, self.interruption))
        except BaseException as error:  # noqa: BLE001 - raised by `result`
            self.set_exception(error)


def _stop(children: Sequence[_Child]) -> None:
    # One that has no identity yet was never begun, as a signal came first.
    unfinished = [child for child in children if child.thread.ident and not child.done()]
    for child in unfinished:
        child.interruption.stop()
    for child in unfinished:
        child.thread.join(_PATIENCE)


class AsyncChildren:
    """Runs each flow in a task of its own, by `run`."""

    def __init__(self, run: Callable[[Flow[Any]], Coroutine[Any, Any, Any]]) -> None:
        self._run = run
        self._children: list[asyncio.Task[Any]] = []

    def start(self, flow: Flow[Any]) -> Running[Any]:
        """Begin to run a flow."""
        task = asyncio.create_task(self._run(flow), name="sutro_jobs flow")
        self._children.append(task)
        return task

    async def wait(self, running: Sequence[Running[Any]]) -> None:
        """Wait until one of them is done."""
        tasks = cast("Sequence[asyncio.Task[Any]]", running)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, running: Running[Any]) -> None:
        """Break off one of them."""
        await _cancel([cast("asyncio.Task[Any]", running)])

    async def close(self) -> None:
        """Break off all that still run."""
        await _cancel(self._children)


async def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait for all of them, even if this task is cancelled meanwhile."""
    unfinished = [task for task in tasks if not task.done()]
    for task in unfinished:
        task.cancel()
    cancelled: asyncio.CancelledError | None = None
    while any(not task.done() for task in unfinished):
        try:
            await asyncio.wait(unfinished)
        except asyncio.CancelledError as error:
            cancelled = error
    for task in tasks:
        with suppress(asyncio.CancelledError):
            task.exception()  # Otherwise asyncio reports it as never retrieved.
    if cancelled is not None:
        raise cancelled
