"""Forks for the programs of these tests: children that send what they found to their parent."""

import json
import os
import select
import threading
import traceback
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")
TIMEOUT = 60.0


class Child(Generic[T]):
    """A forked child. It ends as a program ends, finalizers included, once its work is done.

    With `at_once` it ends as children of multiprocessing do, without leaving any `with` block: an
    event loop that is inherited cannot be closed.
    """

    def __init__(self, work: Callable[[], T], *, at_once: bool = False) -> None:
        self._pipe, sending = os.pipe()
        self._process = os.fork()
        if self._process:
            os.close(sending)
            return
        try:
            found: dict[str, Any] = {"found": work()}
        except Exception:  # noqa: BLE001 - the parent tells
            found = {"failed": traceback.format_exc()}
        os.write(sending, json.dumps(found).encode() + b"\n")
        if at_once:
            os._exit(0)
        raise SystemExit(0)

    def found(self) -> T:
        """Wait for the child, and return what it found."""
        received = b""
        while not received.endswith(b"\n"):
            if not select.select([self._pipe], [], [], TIMEOUT)[0]:
                os.kill(self._process, 9)
                raise TimeoutError("the child hangs")
            received += os.read(self._pipe, 65536) or b'{"failed": "it ended"}\n'
        os.close(self._pipe)
        _, status = os.waitpid(self._process, 0)
        result = json.loads(received)
        if "failed" in result or status:
            raise AssertionError(f"status {status}: {result}")
        found: T = result["found"]
        return found


class Background:
    """Repeats work in threads while the `with` block lasts; raises what failed at its end.

    `found` has all that the work returned, in one list.
    """

    def __init__(self, work: Callable[[], list[str]], threads: int) -> None:
        self._work = work
        self._over = threading.Event()
        self._errors: list[BaseException] = []
        self._threads = [threading.Thread(target=self._repeat) for _ in range(threads)]
        self._rounds: SimpleQueue[None] = SimpleQueue()
        self.found: list[str] = []
        self.repeated = 0

    def wait_for(self, rounds: int) -> None:
        """Wait until so many rounds of work are done."""
        for _ in range(rounds):
            self._rounds.get(timeout=TIMEOUT)

    def _repeat(self) -> None:
        while not self._over.is_set() and not self._errors:
            try:
                self.found += self._work()
            except BaseException as error:  # noqa: BLE001 - raised at the end
                self._errors.append(error)
            self.repeated += 1
            self._rounds.put(None)

    def __enter__(self) -> "Background":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:  # In a child they have ended.
            thread.join(TIMEOUT)
        if self._errors:
            raise self._errors[0]
