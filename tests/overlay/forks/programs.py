"""Programs that fork.

`python -m tests.overlay.forks.programs NAME URL BUNDLE` runs one, and prints what it found as JSON.
The process is a fresh one: polars' threads do not survive a fork, so only children read frames.
"""

import asyncio
import json
import multiprocessing
import os
import ssl
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from sutro_jobs import AsyncSutro, ForkError, Sutro
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


def lists(url: str, bundle: str) -> Any:
    """Fork in the middle of lists, whose next pages threads of the parent fetch."""
    found = []
    with Sutro(**options(url, bundle)) as client:
        for stop in (1, PAGE, PAGE + 1, 3 * PAGE, len(LISTED) - 1):
            for kind in (client.list_jobs(page_size=PAGE), client.list_jobs()):
                jobs = iter(kind)
                begun = [next(jobs).job_id for _ in range(stop)]

                def finish(jobs: Any = jobs, begun: list[str] = begun) -> list[str]:
                    return begun + [job.job_id for job in jobs]

                children = [Child(finish) for _ in range(2)]
                found += [finish(), *(child.found() for child in children)]
    return [jobs == LISTED for jobs in found]


def hooks(url: str, bundle: str) -> Any:
    """Fork in a hook, once for each call; the calls go on in the parent and in the child."""
    children: list[int] = []
    wanted = False

    def fork(_: object) -> None:
        nonlocal wanted
        if wanted:
            wanted = False
            children.append(os.fork())

    def right(client: Sutro, folder: Path, job: str) -> bool:
        path = folder / f"{job}.json"
        client.download_job_results(job, path, "json")
        return bool(json.loads(path.read_text())["outputs"] == rows(job))

    ended: list[bool] = []
    with (
        TemporaryDirectory() as folder,
        Sutro(**options(url, bundle), on_request=fork) as client,
    ):
        client.get_job_status("job-0")
        for number, job in enumerate(JOBS):
            wanted = True
            good = (
                right(client, Path(folder), job) if number % 2 else not wrong_status(client, [job])
            )
            if children[-1] == 0:
                os._exit(0 if good else 1)
            ended += [good, os.waitpid(children[-1], 0)[1] == 0]
    return ended


def frames(url: str, bundle: str) -> Any:
    """Fork in a hook of a call for results, in a process that has not used polars before."""
    children: list[int] = []

    def fork(_: object) -> None:
        if not children:
            children.append(os.fork())

    with Sutro(**options(url, bundle), on_request=fork) as client:
        good = not wrong_rows(client, ["job-0"])
        if children[-1] == 0:
            os._exit(0 if good else 1)
        status = os.waitpid(children[-1], 0)[1]
        again = client.get_job_results("job-0")["inference_result"].to_list() == rows("job-0")
    return [good, status == 0, again]


def refused(url: str, bundle: str) -> Any:
    """Use an httpx client and a transport of the parent in a child."""
    found = []
    owns: list[dict[str, Any]] = [
        {"http_client": httpx.Client()},
        {"transport": httpx.HTTPTransport()},
    ]
    for own in owns:
        client = Sutro(api_url="http://127.0.0.1:9", api_key="key", max_retries=0, **own)

        def call(client: Sutro = client) -> str:
            try:
                client.get_job_status("job-0")
            except ForkError as error:
                return str(error)
            return ""

        found.append(Child(call).found())
        next(iter(own.values())).close()
    return found


def loops(url: str, bundle: str) -> Any:
    """Use an asynchronous client in a loop of the parent, in its children's and in threads'."""
    client = AsyncSutro(**options(url, bundle))

    async def wrong(jobs: list[str]) -> list[str]:
        reports = await asyncio.gather(*(client.get_job_status_report(job) for job in jobs))
        return [job for job, report in zip(jobs, reports, strict=True) if report.message != job]

    async def closing(jobs: list[str]) -> list[str]:
        async with client:
            return await wrong(jobs)

    with asyncio.Runner() as runner:
        found = runner.run(wrong(JOBS))
        with Background(lambda: asyncio.run(closing(JOBS[:5])), 2):
            for _ in range(3):
                children = [
                    Child(lambda: asyncio.run(closing(JOBS)), at_once=True) for _ in range(3)
                ]
                found += runner.run(wrong(JOBS))
                found += chain.from_iterable(child.found() for child in children)
        runner.run(client.close())
    return found


PROGRAMS: dict[str, Callable[[str, str], Any]] = {
    function.__name__: function
    for function in (pool, several, parting, inherited, lists, hooks, frames, refused, loops)
}

if __name__ == "__main__":
    print(json.dumps(PROGRAMS[sys.argv[1]](*sys.argv[2:])))
