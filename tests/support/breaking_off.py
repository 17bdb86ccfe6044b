"""Calls that break off where a test chooses: tasks are cancelled, and exceptions are raised."""

import asyncio
import dis
import itertools
import sys
from collections.abc import Callable, Coroutine, Generator
from functools import cache, partial
from types import CodeType, FrameType
from typing import Any, Generic, Literal, TypeVar

from attrs import define

T = TypeVar("T")
Moment = Literal["as it begins to wait", "as what it waits for comes"]
# After these the interpreter handles signals. What they left on the stack is lost if one raises.
_CHECKED = frozenset(
    number
    for name, number in dis.opmap.items()
    if name.startswith(("CALL", "RESUME", "JUMP_BACKWARD")) and "NO_INTERRUPT" not in name
)
_PACKAGES = ("/sutro_jobs/", "/httpcore/", "/h11/", "/httpx/")


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


class InterruptedCallError(BaseException):
    """What a signal handler of a test raises."""


@define
class Interruption:
    """Raises an error at the `number`th point of a call at which signals are handled."""

    number: int
    passed: int = 0

    @property
    def has_come(self) -> bool:
        """Whether the call was so long that it got there."""
        return self.passed >= self.number

    def during(self, call: Callable[[], T]) -> T:
        """Call a function and interrupt it."""
        tracing = sys.gettrace()
        sys.settrace(self._enter)
        try:
            return call()
        finally:
            sys.settrace(tracing)

    def _enter(self, frame: FrameType, _: str, __: object) -> Callable[..., Any] | None:
        if not any(package in frame.f_code.co_filename for package in _PACKAGES):
            return None
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        latest: int | None = None

        def step(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
            nonlocal latest
            if event == "opcode":
                before, latest = latest, _instructions(frame.f_code)[frame.f_lasti]
                if before in _CHECKED:
                    self._pass()
            return step

        return step

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self.number:
            raise InterruptedCallError


@cache
def _instructions(code: CodeType) -> bytes:
    return code.co_code
