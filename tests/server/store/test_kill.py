"""`kill -9` at any moment leaves a store that opens and holds what was acknowledged, whole."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import polars as pl
import pytest
from attrs import define, field

from tests.server.conftest import AddJob
from tests.support.reference_server import COMMAND, Server, StartServer

ROWS = 200_000


@define
class Acknowledged:
    """IDs of jobs that a command or an answer said were imported, or cancelled."""

    imported: set[str] = field(factory=set)
    cancelled: set[str] = field(factory=set)


def check(server: Server, acknowledged: Acknowledged) -> None:
    """Check that what was acknowledged is there, and that each job that is there is whole."""
    with server.client() as client:
        listed = {job["job_id"]: job for job in client.get("/list-jobs").json()["jobs"]}
        assert acknowledged.imported <= listed.keys()
        for job_id in acknowledged.cancelled:
            assert listed[job_id]["status"] in ("CANCELLING", "CANCELLED")
        for job_id, job in listed.items():
            if job["status"] == "SUCCEEDED":
                query: dict[str, str | bool] = {
                    "format": "json",
                    "include_cumulative_logprobs": True,
                }
                answer = client.get(f"/jobs/{job_id}/results", params=query)
                assert len(answer.json()["outputs"]) == job["num_rows"]
    with sqlite3.connect(server.data / "store.sqlite") as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store.close()
    kept = {path.stem for path in (server.data / "results").iterdir()}
    assert len(kept) == len(listed)


def importing(server: Server, rows: Path, job_id: str) -> subprocess.Popen[str]:
    command: list[str | Path] = [
        COMMAND,
        "import",
        rows,
        "--data",
        server.data,
        "--tenant",
        "demo",
        "--job-id",
        job_id,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def kill_importers(
    server: Server, rows: Path, draw: random.Random, rounds: int, acknowledged: Acknowledged
) -> None:
    for number in range(rounds):
        with importing(server, rows, f"killed-{number}-{draw.random()}") as process:
            before = {path.name for path in (server.data / "incoming").iterdir()}
            while process.poll() is None and before >= {
                path.name for path in (server.data / "incoming").iterdir()
            }:
                time.sleep(0.002)
            time.sleep(draw.uniform(0, 0.12))
            process.kill()
            assert process.stdout is not None
            if job_id := process.stdout.read().strip():
                acknowledged.imported.add(job_id)


def kill_servers(
    start_server: StartServer,
    add_job: AddJob,
    data: Path,
    draw: random.Random,
    rounds: int,
    acknowledged: Acknowledged,
) -> None:
    for _ in range(rounds):
        jobs = [add_job(data, "--status", "RUNNING") for _ in range(20)]
        acknowledged.imported.update(jobs)
        running = start_server(data=data)
        end = time.monotonic() + draw.uniform(0.01, 0.2)
        with running.client() as client:
            for job in jobs:
                client.get(f"/job-cancel/{job}")
                acknowledged.cancelled.add(job)
                if time.monotonic() > end:
                    break
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait()


def run(
    start_server: StartServer, add_job: AddJob, tmp_path: Path, importers: int, servers: int
) -> None:
    draw = random.Random(importers)  # noqa: S311
    rows = tmp_path / "many.parquet"
    pl.select(output=pl.int_range(ROWS).cast(pl.String) + " out").write_parquet(rows)
    server = start_server()
    acknowledged = Acknowledged()
    kill_importers(server, rows, draw, importers, acknowledged)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    kill_servers(start_server, add_job, server.data, draw, servers, acknowledged)
    check(start_server(data=server.data), acknowledged)


def test_a_few_kills_lose_nothing(
    start_server: StartServer, add_job: AddJob, tmp_path: Path
) -> None:
    run(start_server, add_job, tmp_path, importers=2, servers=1)


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing(
    start_server: StartServer, add_job: AddJob, tmp_path: Path
) -> None:
    run(start_server, add_job, tmp_path, importers=70, servers=30)
