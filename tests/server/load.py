"""Measures the reference server under load and writes docs/server-load.md; needs wrk and curl.

A million jobs and a job of a million rows are imported first; then wrk asks for states and pages,
and the answers of the large job are read in each form.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import polars as pl

COMMAND = str(Path(sys.executable).with_name("sutro-jobs"))
REPORT = Path(__file__).parents[2] / "docs" / "server-load.md"
JOBS = ROWS = 1_000_000
SECONDS = 5
KEY = "load"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data, lines = Path(folder) / "data", []
        lines += [f"- {fill(data, Path(folder))}", ""]
        with serving(data) as (url, pid):
            lines += [*load(url, pid), "", *depth(url), "", *results(url, pid)]
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else "<!-- figures -->\n"
    kept = text.split("<!-- figures -->")[0]
    REPORT.write_text(f"{kept}<!-- figures -->\n" + "\n".join(lines) + "\n", encoding="utf-8")


def fill(data: Path, folder: Path) -> str:
    dump, rows = folder / "jobs.jsonl", folder / "rows.parquet"
    with dump.open("w") as file:
        file.writelines(json.dumps(job(number)) + "\n" for number in range(JOBS))
    numbers = pl.int_range(ROWS).cast(pl.String)
    pl.select(
        input="What is the original title of film number " + numbers + "?",
        output="The original title of film number " + numbers,
        score=pl.int_range(ROWS) * -0.001,
    ).write_parquet(rows)
    columns = ["--input", "input", "--logprob", "score", "--job-id", "large"]
    first = measured("import", "--jobs", str(dump), "--data", str(data), "--tenant", "load")
    second = measured("import", str(rows), "--data", str(data), "--tenant", "load", *columns)
    return f"Import of {JOBS:,} jobs: {first}. Import of {ROWS:,} rows: {second}."


def job(number: int) -> dict[str, object]:
    created = (datetime(2026, 11, 1, tzinfo=UTC) - timedelta(seconds=7 * number)).isoformat()
    return {
        "job_id": f"job-{number:07d}",
        "status": "SUCCEEDED",
        "model": "qwen-3-14b",
        "system_prompt": "Give the original title.",
        "datetime_created": created,
        "datetime_started": created,
        "datetime_completed": created,
        "sampling_params": {"temperature": 0.0, "max_tokens": 64},
        "name": f"Batch {number}",
        "num_rows": 50,
    }


def measured(*arguments: str) -> str:
    """Run a command of ours; return its time and its peak of memory."""
    started = time.perf_counter()
    timed = ["/usr/bin/time", "-f", "%M", COMMAND, *arguments]
    done = subprocess.run(timed, capture_output=True, text=True, check=True)
    peak = int(done.stderr.split()[-1]) // 1024
    return f"{time.perf_counter() - started:.0f} s, at most {peak} MiB of memory"


@contextmanager
def serving(data: Path) -> Iterator[tuple[str, int]]:
    command = [COMMAND, "serve", "--data", str(data), "--port", "0", "--no-access-log"]
    command += ["--api-key", f"load={KEY}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1], process.pid
        finally:
            process.terminate()


def load(url: str, pid: int) -> Iterator[str]:
    yield "| Request | Connections | Requests/s | Median | 99 % | CPU | Errors | Memory after |"
    yield "| --- | --: | --: | --: | --: | --: | --: | --: |"
    paths = {"status": "/job-status/job-0500000", "list, 100 jobs": "/list-jobs?limit=100"}
    for name, path in paths.items():
        for connections in (1, 16, 128):
            before = processor(pid)
            out = wrk(url + path, connections)
            spent = (processor(pid) - before) / int(found(r"(\d+) requests", out))
            errors = "yes" if "Non-2xx" in out or "Socket errors" in out else "none"
            rate = float(found(r"Requests/sec: +(\S+)", out))
            median, late = found(r"50% +(\S+)", out), found(r"99% +(\S+)", out)
            yield (
                f"| {name} | {connections} | {rate:,.0f} | {median} | {late} "
                f"| {spent * 1e6:.0f} µs | {errors} | {memory(pid)} |"
            )


def wrk(url: str, connections: int) -> str:
    options = ["-t1", f"-c{connections}", f"-d{SECONDS}", "--latency", "--timeout", "30s"]
    command = ["wrk", *options, "-H", f"Authorization: Key {KEY}", url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def found(form: str, text: str) -> str:
    match = re.search(form, text)
    assert match is not None, text
    return match[1]


def depth(url: str) -> Iterator[str]:
    """Time pages near the start and near the end of a walk through all jobs."""
    yield "| Page of 100 | Median of its neighbors |"
    yield "| --- | --: |"
    times, query = [], {"limit": "100"}
    with httpx.Client(base_url=url, headers={"Authorization": f"Key {KEY}"}) as client:
        while True:
            started = time.perf_counter()
            page = client.get("/list-jobs", params=query)
            times.append(time.perf_counter() - started)
            cursor = re.search(rb'"next_cursor":"([^"]+)"', page.content[-200:])
            if cursor is None:
                break
            query["cursor"] = cursor[1].decode()
    for place in (0, len(times) // 2, len(times) - 100):
        near = sorted(times[place : place + 100])
        yield f"| {place + 1:,} to {place + 100:,} | {near[50] * 1e3:.1f} ms |"


def results(url: str, pid: int) -> Iterator[str]:
    yield f"| Answer of {ROWS:,} rows, all columns | Size | First | Again | Memory after |"
    yield "| --- | --: | --: | --: | --: |"
    query = "include_inputs=true&include_cumulative_logprobs=true"
    for form in ("parquet", "csv", "json"):
        path = f"{url}/jobs/large/results?format={form}&{query}"
        size, first = fetch(path)
        _, again = fetch(path)
        rate = size / again / 2**20
        yield (
            f"| {form} | {size / 2**20:.0f} MiB | {first:.2f} s | {again:.2f} s, {rate:,.0f} MiB/s "
            f"| {memory(pid)} |"
        )
    size, whole = fetch(f"{url}/list-jobs")
    yield f"| all {JOBS:,} jobs | {size / 2**20:.0f} MiB | {whole:.2f} s | | {memory(pid)} |"


def fetch(url: str) -> tuple[int, float]:
    started = time.perf_counter()
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{size_download}"]
    command += ["-H", f"Authorization: Key {KEY}", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout), time.perf_counter() - started


def processor(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> str:
    """Return the memory of a process without the pages of files that it maps."""
    status = Path(f"/proc/{pid}/status").read_text()
    return f"{int(found(r'RssAnon:[^0-9]+([0-9]+)', status)) // 1024} MiB"


if __name__ == "__main__":
    main()
