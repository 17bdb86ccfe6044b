"""Running the next flow while the result of the one before is used."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

from ._drivers import AsyncDriver, SyncDriver

if TYPE_CHECKING:
    from ._flow import Flow

T = TypeVar("T")
_PATIENCE = 5.0


class _StoppedError(Exception):
    """The result is no longer wanted."""


class SyncAhead(Generic[T]):
    """A flow that runs in a thread of its own."""

    def __init__(self, driver: SyncDriver, flow: Flow[T]) -> None:
        self._stopped = threading.Event()
        self._outcome: Future[T] = Future()
        quiet = SyncDriver(driver.client, pause=self._pause)
        self._thread = threading.Thread(
            target=self._run, args=(quiet, flow), name="sutro_jobs next page", daemon=True
        )
        self._thread.start()

    def result(self) -> T:
        """Wait for the result of the flow, or raise what it raised."""
        return self._outcome.result()

    def stop(self) -> None:
        """Repeat nothing any more, and wait for the response that is on its way."""
        self._stopped.set()
        self._thread.join(_PATIENCE)

    def _run(self, driver: SyncDriver, flow: Flow[T]) -> None:
        try:
            self._outcome.set_result(driver.run(flow))
        except BaseException as error:  # noqa: BLE001 - raised again by whoever asks for the result
            self._outcome.set_exception(error)

    def _pause(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise _StoppedError


class AsyncAhead(Generic[T]):
    """A flow that runs in a task of its own."""

    def __init__(self, driver: AsyncDriver, flow: Flow[T]) -> None:
        self._task = asyncio.create_task(driver.run(flow), name="sutro_jobs next page")

    async def result(self) -> T:
        """Wait for the result of the flow, or raise what it raised."""
        return await self._task

    async def stop(self) -> None:
        """Cancel the flow, and wait until it has cleaned up."""
        self._task.cancel()
        await asyncio.wait([self._task])
