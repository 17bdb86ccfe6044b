"""Tasks that are cancelled: no other call waits for what they leave, and nothing stays open."""

import asyncio
import itertools
import json
import random
import ssl
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeAlias, get_args

import polars as pl
import pytest

from sutro_jobs import AsyncSutro
from tests.support.breaking_off import Cancellation, Moment
from tests.support.piecewise_server import PiecewiseServer, piecewise_server
from tests.support.results import to_parquet
from tests.support.tls import Authority
from tests.support.waiting import PATIENCE, eventually

Ask: TypeAlias = Callable[[AsyncSutro, str, Path], Coroutine[Any, Any, object]]
JOBS = [f"job-{number}" for number in range(4)]


def respond(target: str) -> bytes:
    """Answer for any job, with its ID in all that belongs to it; the list has two pages."""
    path, _, query = target.partition("?")
    if path == "/v1/list-jobs":
        first, following = (2, None) if "cursor" in query else (0, "second")
        jobs = [{"job_id": job, "status": "RUNNING"} for job in JOBS[first : first + 2]]
        return json.dumps({"jobs": jobs, "next_cursor": following}).encode()
    if path.startswith("/v1/job-status/"):
        job = path.rpartition("/")[2]
        return json.dumps({"message": "", "job_status": {job: "RUNNING"}}).encode()
    return to_parquet({"outputs": [path.split("/")[3]]})


async def status(client: AsyncSutro, job: str, _: Path) -> None:
    assert await client.get_job_status(job) == "RUNNING"


async def jobs(client: AsyncSutro, _: str, __: Path) -> None:
    assert [job.job_id async for job in client.list_jobs()] == JOBS


async def results(client: AsyncSutro, job: str, _: Path) -> None:
    frame = await client.get_job_results(job, disable_cache=True)
    assert frame.to_series().to_list() == [job]


async def download(client: AsyncSutro, job: str, folder: Path) -> None:
    target = folder / f"{job}.parquet"
    await client.download_job_results(job, target)
    assert pl.read_parquet(target)["outputs"].to_list() == [job]


async def cancel_at_every_wait(
    ask: Ask, moment: Moment, make: Callable[[], AsyncSutro], server: PiecewiseServer, folder: Path
) -> int:
    """Cancel a client's first call at each of its waits; return how many there were."""
    for number in itertools.count(1):
        cancellation = Cancellation(number, moment)
        async with make() as client:
            for attempt in ("cold", "warm"):
                job = f"{attempt}-{number}"
                call = cancellation.during(ask(client, job, folder))
                [outcome] = await asyncio.gather(call, return_exceptions=True)
                assert outcome is None or isinstance(outcome, asyncio.CancelledError)
                await asyncio.gather(*(ask(client, f"{job}-{n}", folder) for n in range(2)))
            await asyncio.to_thread(eventually, lambda: server.open <= 2)
        await asyncio.to_thread(eventually, lambda: server.open == 0)
        if not cancellation.has_come:
            return number
    raise AssertionError


@pytest.fixture(params=["http", "https"])
def server(request: pytest.FixtureRequest, authority: Authority) -> Iterator[PiecewiseServer]:
    """A server of any job, in the clear and over TLS."""
    with piecewise_server(
        respond, authority.server if request.param == "https" else None
    ) as server:
        yield server


@pytest.fixture
def make(server: PiecewiseServer, authority: Authority) -> Callable[[], AsyncSutro]:
    """Make clients that would wait long enough for a test to fail."""
    trust = ssl.create_default_context(cafile=authority.bundle)
    return lambda: AsyncSutro(
        api_url=server.url, api_key="k", timeout=PATIENCE, max_retries=0, verify=trust
    )


@pytest.mark.parametrize("moment", get_args(Moment))
@pytest.mark.parametrize("ask", [status, jobs, results, download])
def test_a_task_may_be_cancelled_whenever_it_waits(
    ask: Ask,
    moment: Moment,
    make: Callable[[], AsyncSutro],
    server: PiecewiseServer,
    tmp_path: Path,
) -> None:
    waits = asyncio.run(cancel_at_every_wait(ask, moment, make, server, tmp_path))
    assert waits > 5


def test_a_storm_of_cancelled_tasks_leaves_the_others_their_answers(
    make: Callable[[], AsyncSutro], server: PiecewiseServer, tmp_path: Path
) -> None:
    chance = random.Random(0)  # noqa: S311 - a storm, not a secret

    async def round_of(client: AsyncSutro, number: int) -> None:
        asks = [chance.choice([status, jobs, results]) for _ in range(20)]
        tasks = [
            asyncio.create_task(ask(client, f"job-{number}-{n}", tmp_path))
            for n, ask in enumerate(asks)
        ]
        for task in tasks[:8]:
            asyncio.get_running_loop().call_later(chance.uniform(0, 0.05), task.cancel)
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert outcomes[8:] == [None] * 12
        assert all(isinstance(end, asyncio.CancelledError | None) for end in outcomes)

    async def storm() -> None:
        async with make() as client:
            for number in range(20):
                await round_of(client, number)
            await asyncio.to_thread(eventually, lambda: server.open <= 20)
        await asyncio.to_thread(eventually, lambda: server.open == 0)

    asyncio.run(storm())
