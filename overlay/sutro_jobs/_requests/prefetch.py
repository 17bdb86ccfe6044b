"""Running the next flow while the result of the one before is used."""

from __future__ import annotations

import asyncio
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from .drivers import AsyncDriver, SyncDriver
from .transports.interruption import Interruption

if TYPE_CHECKING:
    from .flow import Flow

T = TypeVar("T")
_PATIENCE = 5.0


class SyncPrefetcher(Generic[T]):
    """Runs one flow at a time in a thread of its own, which ends with the `with` block."""

    def __init__(self, driver: SyncDriver) -> None:
        self._interruption = Interruption()
        self._driver = SyncDriver(driver.transport, self._interruption)
        self._flows: SimpleQueue[Flow[T] | None] = SimpleQueue()
        self._outcomes: SimpleQueue[T | BaseException] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="sutro_jobs prefetch", daemon=True)

    def start(self, flow: Flow[T]) -> None:
        """Begin to run a flow."""
        if self._thread.ident is None:
            self._thread.start()
        self._flows.put(flow)

    def result(self) -> T:
        """Wait for the result of the flow, or raise what it raised."""
        outcome = self._outcomes.get()
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._interruption.stop()
        self._flows.put(None)
        # Who interrupts the program does not want to wait for a response; who breaks a loop may.
        if self._thread.ident is not None and kind in {None, GeneratorExit}:
            self._thread.join(_PATIENCE)

    def _work(self) -> None:
        while (flow := self._flows.get()) is not None:
            try:
                self._outcomes.put(self._driver.run(flow))
            except BaseException as error:  # noqa: BLE001 - raised by `result`
                self._outcomes.put(error)


class AsyncPrefetcher(Generic[T]):
    """Runs one flow at a time in a task of its own, which ends with the `async with` block."""

    def __init__(self, driver: AsyncDriver) -> None:
        self._driver = driver
        self._task: asyncio.Task[T] | None = None

    def start(self, flow: Flow[T]) -> None:
        """Begin to run a flow."""
        self._task = asyncio.create_task(self._driver.run(flow), name="sutro_jobs prefetch")

    async def result(self) -> T:
        """Wait for the result of the flow, or raise what it raised."""
        if self._task is None:
            raise RuntimeError("There is no flow to wait for.")
        return await self._task

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
