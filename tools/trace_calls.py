"""Counts what a call of the client passes through, against a reference server on loopback."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import polars as pl

from sutro_jobs import AsyncSutro, NotFoundError, Sutro

COMMAND = str(Path(sys.executable).with_name("sutro-jobs"))
KEY = "trace-key"
JOBS = ("job-first", "job-second")
ROWS = 1_000
CLIENT = "sutro_jobs"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve jobs of plain rows and give the URL of the server."""
    store, rows = folder / "store", folder / "rows.parquet"
    pl.DataFrame({"output": [f"row {number}" for number in range(ROWS)]}).write_parquet(rows)
    add = [COMMAND, "import", str(rows), "--data", str(store), "--tenant", "trace"]
    for job_id in JOBS:
        subprocess.run([*add, "--job-id", job_id], check=True, capture_output=True)
    serve = [COMMAND, "serve", "--data", str(store), "--port", "0", "--no-access-log"]
    serve += ["--api-key", f"trace={KEY}"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def is_ours(frame: FrameType) -> bool:
    """Return whether a frame runs code of the client."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == CLIENT


def modules_entered(call: Callable[[], object]) -> set[str]:
    """Return the client's modules with a function that ran during the call, in any thread."""
    found: set[str] = set()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and is_ours(frame):
            found.add(frame.f_globals["__name__"])

    threading.setprofile(watch)
    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return found


def frames_of_not_found(call: Callable[[], object]) -> int:
    """Return how many frames of the client the traceback of a call's 404 shows."""
    try:
        call()
    except NotFoundError as error:
        return sum(is_ours(frame) for frame, _ in traceback.walk_tb(error.__traceback__))
    raise AssertionError("a job that is not there was found")


def async_results(url: str) -> Callable[[], object]:
    """Return a read of a job that is not there, in an event loop of its own."""

    async def run() -> object:
        async with AsyncSutro(api_url=url, api_key=KEY) as client:
            return await client.get_job_results("absent")

    return lambda: asyncio.run(run())


@dataclass(frozen=True)
class Trace:
    """Modules that a warm read of results enters, and the frames of a 404 for each method."""

    downloaded: set[str]
    cached: set[str]
    frames: dict[str, int]


def trace() -> Trace:
    """Trace calls of the client.

    The first job warms the client up; the second one is then downloaded into the cache, and read
    from it.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as url,
        Sutro(api_url=url, api_key=KEY, cache_dir=Path(folder) / "cache") as client,
    ):
        first, second = (partial(client.get_job_results, job_id) for job_id in JOBS)
        first()
        first()
        return Trace(
            downloaded=modules_entered(second),
            cached=modules_entered(second),
            frames={
                "get_job_status": frames_of_not_found(lambda: client.get_job_status("absent")),
                "get_job_results": frames_of_not_found(lambda: client.get_job_results("absent")),
                "cancel_job": frames_of_not_found(lambda: client.cancel_job("absent")),
                "AsyncSutro.get_job_results": frames_of_not_found(async_results(url)),
            },
        )
