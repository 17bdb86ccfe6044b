"""Calls that an exception breaks off where a test chooses, as one of a signal handler may."""

import dis
import sys
from collections.abc import Callable
from functools import cache
from types import CodeType, FrameType
from typing import Any, TypeVar

from attrs import define

T = TypeVar("T")
# After these the interpreter handles signals. What they left on the stack is lost if one raises.
_CHECKED = frozenset(
    number
    for name, number in dis.opmap.items()
    if name.startswith(("CALL", "RESUME", "JUMP_BACKWARD")) and "NO_INTERRUPT" not in name
)
_PACKAGES = ("/sutro_jobs/", "/httpcore/", "/h11/", "/httpx/")


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
