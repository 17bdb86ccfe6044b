"""A storm of cancelled tasks on the client and on a bare httpx client, in interleaved slices.

Twenty tasks at a time, two in five of them cancelled after a random while. What counts: calls that
were answered, those that were not though nobody cancelled them, and sockets left open.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

import httpx

from benchmarks.servers import running
from sutro_jobs import AsyncSutro, SutroError

TASKS, CANCELLED = 20, 0.4
WHILES = (0.02, 0.05, 0.15)
SLICES, TIMEOUT = 8, 2.0
AIM = 0.9
Ask = Callable[[str], Awaitable[object]]


async def serve() -> None:
    """Answer with the status of any job, head and body apart, until the process is ended."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while head := await reader.readuntil(b"\r\n\r\n"):
            job = head.split(b" ", 2)[1].decode().rpartition("/")[2]
            body = json.dumps({"message": "", "job_status": {job: "RUNNING"}}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
            await asyncio.sleep(0)
            writer.write(body)
    writer.transport.abort()


def sockets() -> int:
    """Return how many descriptors of this process are open."""
    return len(os.listdir("/dev/fd"))


async def storm(ask: Ask, longest: float, seconds: float) -> Counter[str]:
    """Ask in rounds; tasks are cancelled within `longest` seconds of their beginning."""
    loop, ends = asyncio.get_running_loop(), time.monotonic() + seconds
    outcomes: Counter[str] = Counter()
    for number in range(sys.maxsize):
        if time.monotonic() >= ends:
            break
        tasks = [asyncio.ensure_future(ask(f"job-{number}-{n}")) for n in range(TASKS)]
        for task in random.sample(tasks, int(TASKS * CANCELLED)):
            loop.call_later(random.uniform(0, longest), task.cancel)  # noqa: S311
        outcomes.update(map(name, await asyncio.gather(*tasks, return_exceptions=True)))
    return outcomes


def name(outcome: object) -> str:
    """Tell what became of a call."""
    if isinstance(outcome, asyncio.CancelledError):
        return "cancelled"
    if isinstance(outcome, httpx.HTTPError | SutroError):
        return "failed"
    return "answered" if outcome == "RUNNING" else "wrong"


async def with_httpx(url: str, longest: float, seconds: float) -> Counter[str]:
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:

        async def ask(job: str) -> object:
            response = await client.get(f"{url}/v1/job-status/{job}")
            return response.json()["job_status"].get(job)

        return await storm(ask, longest, seconds)


async def with_sutro(url: str, longest: float, seconds: float) -> Counter[str]:
    async with AsyncSutro(api_url=url, api_key="k", timeout=TIMEOUT, max_retries=0) as client:
        return await storm(client.get_job_status, longest, seconds)


def compare(url: str, longest: float, seconds: float) -> bool:
    """Print the outcomes of both clients; tell whether the aim is reached."""
    sides = {"httpx": with_httpx, "sutro_jobs": with_sutro}
    sums = {side: Counter[str]() for side in sides}
    for _ in range(SLICES):
        for side, run in sides.items():
            before = sockets()
            sums[side] += asyncio.run(run(url, longest, seconds / SLICES))
            sums[side]["left open"] += max(0, sockets() - before)
    ratio = sums["sutro_jobs"]["answered"] / sums["httpx"]["answered"]
    print(f"cancelled within {longest:g} s: {ratio:.2f} of httpx's answers")
    for side, outcomes in sums.items():
        print(f"  {side}: " + ", ".join(f"{n} {what}" for what, n in outcomes.items()))
    ours = sums["sutro_jobs"]
    return ratio >= AIM and not ours["wrong"] + ours["failed"] + ours["left open"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="for each client and row")
    parser.add_argument("--serve", action="store_true", help="be the server")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
    with running([sys.executable, "-m", "benchmarks.storm", "--serve"]) as (url, _):
        reached = [compare(url, longest, options.seconds) for longest in WHILES]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
