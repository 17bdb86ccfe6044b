"""Times one case in a process of its own and prints what it took.

It imports next to nothing before the case has run, so that a case can measure an import.
"""

import sys
import time
from collections.abc import Callable
from typing import NamedTuple

KEY = "benchmark-key"


class Context(NamedTuple):
    """What a case is given: the server, the data's folder, and a folder of its own for files."""

    url: str
    data: str
    scratch: str


Work = Callable[[], object]
Cases = dict[str, Callable[[Context], Work]]


def peak_mib() -> float:
    """Return the most memory that this process has held, in MiB."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def meet() -> None:
    """Say that the work may begin, and wait for leave."""
    print("ready", flush=True)
    sys.stdin.readline()


def main(cases: Cases, before: Callable[[], None] = lambda: None) -> None:
    """Run the case that the command line names: CASE URL DATA SCRATCH.

    `before` is called when the case is ready, and before the clock starts.
    """
    name, *rest = sys.argv[1:]
    work = cases[name](Context(*rest))
    before()
    began, cpu_began = time.perf_counter(), time.process_time()
    outcome = work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    peak = peak_mib()
    import json

    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mib": peak, "outcome": outcome}))
