"""`kill -9` at any moment leaves a store that opens and holds what was acknowledged, whole."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import polars as pl
import pytest

COMMAND = Path(sys.executable).with_name("sutro-jobs")
ROWS = 200_000


def check(server, acknowledged):
    """Check that what was acknowledged is there, and that each job that is there is whole."""
    with httpx.Client(base_url=server.url, headers=server.headers, timeout=60) as client:
        listed = {job["job_id"]: job for job in client.get("/list-jobs").json()["jobs"]}
        assert acknowledged["imported"] <= listed.keys()
        for job_id in acknowledged["cancelled"]:
            assert listed[job_id]["status"] in ("CANCELLING", "CANCELLED")
        for job_id, job in listed.items():
            if job["status"] == "SUCCEEDED":
                query = {"format": "json", "include_cumulative_logprobs": True}
                answer = client.get(f"/jobs/{job_id}/results", params=query)
                assert len(answer.json()["outputs"]) == job["num_rows"]
    with sqlite3.connect(server.data / "store.sqlite") as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store.close()
    kept = {path.stem for path in (server.data / "results").iterdir()}
    assert len(kept) == len(listed)


def importing(server, rows, job_id):
    command = [COMMAND, "import", rows, "--data", server.data, "--tenant", "demo"]
    command += ["--job-id", job_id]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def kill_importers(server, rows, draw, rounds, acknowledged):
    for number in range(rounds):
        with importing(server, rows, f"killed-{number}-{draw.random()}") as process:
            before = {path.name for path in (server.data / "incoming").iterdir()}
            while process.poll() is None and before >= {
                path.name for path in (server.data / "incoming").iterdir()
            }:
                time.sleep(0.002)
            time.sleep(draw.uniform(0, 0.12))
            process.kill()
            if job_id := process.stdout.read().strip():
                acknowledged["imported"].add(job_id)


def kill_servers(start_server, server, draw, rounds, acknowledged, add_job):
    for _ in range(rounds):
        jobs = [add_job(server.data, "--status", "RUNNING") for _ in range(20)]
        acknowledged["imported"].update(jobs)
        running = start_server(data=server.data)
        end = time.monotonic() + draw.uniform(0.01, 0.2)
        with httpx.Client(base_url=running.url, headers=running.headers) as client:
            for job in jobs:
                client.get(f"/job-cancel/{job}")
                acknowledged["cancelled"].add(job)
                if time.monotonic() > end:
                    break
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait()


def run(start_server, add_job, tmp_path, importers, servers):
    draw = random.Random(importers)  # noqa: S311
    rows = tmp_path / "many.parquet"
    pl.select(output=pl.int_range(ROWS).cast(pl.String) + " out").write_parquet(rows)
    server = start_server()
    acknowledged = {"imported": set(), "cancelled": set()}
    kill_importers(server, rows, draw, importers, acknowledged)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    kill_servers(start_server, server, draw, servers, acknowledged, add_job)
    check(start_server(data=server.data), acknowledged)


def test_a_few_kills_lose_nothing(start_server, add_job, tmp_path):
    run(start_server, add_job, tmp_path, importers=2, servers=1)


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing(start_server, add_job, tmp_path):
    run(start_server, add_job, tmp_path, importers=70, servers=30)
