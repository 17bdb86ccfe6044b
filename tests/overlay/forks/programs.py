"""Programs that fork.

`python -m tests.overlay.forks.programs NAME URL BUNDLE` runs one, and prints what it found as JSON.
The process is a fresh one: polars' threads do not survive a fork, so only children read frames.
"""

import json
import multiprocessing
import os
import ssl
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from typing import Any

import httpx

from sutro_jobs import Sutro
from tests.overlay.forks.children import Background, Child
from tests.overlay.forks.tagged_server import PAGE, PAGES, rows

JOBS = [f"job-{number}" for number in range(24)]
LISTED = [f"job-{page}-{place}" for page in range(PAGES) for place in range(PAGE)]


def options(url: str, bundle: str) -> dict[str, Any]:
    verify = bundle if url.startswith("https") else True
    return {"api_url": url, "api_key": "key", "verify": verify}


def counts(url: str, bundle: str, wait: int = -1) -> dict[str, int]:
    verify = ssl.create_default_context(cafile=bundle) if url.startswith("https") else True
    with httpx.Client(verify=verify) as client:
        found: dict[str, int] = client.get(f"{url}/counts", params={"wait": wait}).json()
    return found


def wrong_status(client: Sutro, jobs: list[str]) -> list[str]:
    return [job for job in jobs if client.get_job_status_report(job).message != job]


def wrong_rows(client: Sutro, jobs: list[str], **arguments: Any) -> list[str]:
    return [
        job
        for job in jobs
        if client.get_job_results(job, **arguments)["inference_result"].to_list() != rows(job)
    ]


shared: Sutro


def read_shared(job: str) -> list[str]:
    with shared:
        return wrong_rows(shared, [job])


def pool(url: str, bundle: str) -> Any:
    """Read results in a pool of forks with a client of the module, then what they cached."""
    global shared
    shared = Sutro(**options(url, bundle))
    shared.get_job_status("job-0")
    with shared, ProcessPoolExecutor(4, multiprocessing.get_context("fork")) as executor:
        wrong = list(chain.from_iterable(executor.map(read_shared, JOBS * 2)))
    with Sutro(**options(url, bundle)) as fresh:
        return {"wrong": wrong, "cached": Child(lambda: wrong_rows(fresh, JOBS)).found()}


def several(url: str, bundle: str) -> Any:
    """Call in children and grandchildren while threads of the parent make their first calls."""
    with Sutro(**options(url, bundle)) as client:
        copy = client.with_options(timeout=30)

        def work() -> list[str]:
            grandchild = Child(lambda: wrong_status(client, JOBS[:3]))
            return wrong_status(copy, JOBS[:8]) + wrong_status(client, JOBS) + grandchild.found()

        with Background(lambda: wrong_status(client, JOBS[8:]), 4) as background:
            found = []
            for _ in range(3):
                children = [Child(work) for _ in range(4)]
                found += [child.found() for child in children]
    return {"wrong": list(chain(background.found, *found)), "busy": bool(background.repeated)}


def parting(url: str, bundle: str) -> Any:
    """End children that used the client, closed it or let go of it; go on in the parent."""
    with Sutro(**options(url, bundle)) as client:
        wrong = wrong_status(client, JOBS)

        def use() -> None:
            wrong.extend(wrong_status(client, JOBS[:3]))
            client.close()
            wrong.extend(wrong_status(client, JOBS[:3]))

        def ended(work: Callable[[], None]) -> list[str]:
            work()
            return wrong

        for work in (use, client.close, lambda: None):
            wrong = Child(partial(ended, work)).found()
            wrong += wrong_status(client, JOBS)
        before = counts(url, bundle, wait=1)
    return {"wrong": wrong, "before": before, "after": counts(url, bundle, wait=0)}


def sockets() -> list[str]:
    paths = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
    targets = [os.readlink(path) for path in paths if os.path.lexists(path)]
    return [target for target in targets if target.startswith("socket:")]


def inherited(url: str, bundle: str) -> Any:
    """Look for sockets in children, forked while threads were in the middle of calls."""
    with Sutro(**options(url, bundle)) as client:
        wrong_status(client, JOBS)
        with Background(lambda: wrong_status(client, JOBS), 4) as background:
            background.wait_for(20)
            return [Child(sockets).found() for _ in range(10)]


PROGRAMS: dict[str, Callable[[str, str], Any]] = {
    function.__name__: function for function in (pool, several, parting, inherited)
}

if __name__ == "__main__":
    print(json.dumps(PROGRAMS[sys.argv[1]](*sys.argv[2:])))
