"""Tasks that are cancelled at a moment that a test chooses."""

import asyncio
import itertools
from collections.abc import Coroutine, Generator
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from attrs import define

T = TypeVar("T")
Moment = Literal["as it begins to wait", "as what it waits for comes"]


@define
class Cancellation:
    """Cancels the task that awaits `during` at the `number`th time that the task waits."""

    number: int
    moment: Moment
    has_come: bool = False

    async def during(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Await a coroutine, and cancel the running task in the middle of it."""
        return await _Awaited(self._steps(coroutine))

    def _steps(self, coroutine: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
        resume = partial(coroutine.send, None)
        for number in itertools.count(1):
            try:
                awaited = resume()
            except StopIteration as end:
                result: T = end.value
                return result
            if number == self.number:
                self._cancel(awaited)
            try:
                yield awaited
            except BaseException as error:  # noqa: BLE001 - the coroutine takes it
                resume = partial(coroutine.throw, error)
            else:
                resume = partial(coroutine.send, None)
        raise AssertionError

    def _cancel(self, awaited: asyncio.Future[Any] | None) -> None:
        self.has_come = True
        task = asyncio.current_task()
        assert task is not None
        if awaited is None or self.moment == "as it begins to wait":
            task.cancel()
        else:
            # It runs before the callback by which the task goes on, as it is the first.
            awaited.add_done_callback(lambda _: task.cancel())


class _Awaited(Generic[T]):
    def __init__(self, steps: Generator[Any, Any, T]) -> None:
        self._steps = steps

    def __await__(self) -> Generator[Any, Any, T]:
        return self._steps
