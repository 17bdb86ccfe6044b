"""Running the next flow while the result of the one before is used."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from .._errors import ForkError
from .._forks import generation
from .drivers import AsyncDriver, SyncDriver
from .transports.interruption import Interruption

if TYPE_CHECKING:
    from .flow import Flow

T = TypeVar("T")
_PATIENCE = 5.0
# Seconds: a signal handler may fork while the result is waited for.
_LOOK_FOR_FORK = 1.0


class SyncPrefetcher(Generic[T]):
    """Runs one flow at a time in a thread of its own, which ends with the `with` block."""

    def __init__(self, driver: SyncDriver) -> None:
        self._transport = driver.transport
        self._begin()

    def _begin(self) -> None:
        self._generation = generation()
        self._interruption = Interruption()
        self._driver = SyncDriver(self._transport, self._interruption)
        self._flows: SimpleQueue[Flow[T] | None] = SimpleQueue()
        self._outcomes: SimpleQueue[T | BaseException] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="sutro_jobs prefetch", daemon=True)

    def start(self, flow: Flow[T]) -> None:
        """Begin to run a flow."""
        if self._generation != generation():
            self._begin()
        if self._thread.ident is None:
            self._thread.start()
        self._flows.put(flow)

    def result(self) -> T:
        """Wait for the result of the flow, or raise what it raised.

        Raises:
            ForkError: the flow runs in the parent process.
        """
        outcome = self._wait()
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._generation != generation():
            return
        self._interruption.stop()
        self._flows.put(None)
        # Who interrupts the program does not want to wait for a response; who breaks a loop may.
        if self._thread.ident is not None and kind in {None, GeneratorExit}:
            self._thread.join(_PATIENCE)

    def _wait(self) -> T | BaseException:
        while self._generation == generation():
            with suppress(Empty):
                return self._outcomes.get(timeout=_LOOK_FOR_FORK)
        return ForkError("A fork came while a page was fetched. Begin again.")

    def _work(self) -> None:
        # A fork of this very thread leaves nobody in the child who would ask for more.
        owner = self._generation
        while owner == generation() and (flow := self._flows.get()) is not None:
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
