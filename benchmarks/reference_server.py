"""Measures the reference server: pages of a million jobs, and large results in each form."""

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx
import msgspec
import numpy as np

from benchmarks import data, servers
from benchmarks.report import TIMES

KEY = "benchmark-key"
JOBS = 1_000_000
JOB_ID = "everything"
ROUNDS = 5
WINDOW = 50
COMMAND = [str(Path(sys.executable).parent / "sutro-jobs")]


def write_jobs(path: Path) -> None:
    """Write the list of a million jobs as the API would send it."""
    rng = np.random.default_rng(data.SEED + 4)
    with path.open("wb") as file:
        for number in range(JOBS):
            file.write(b'{"jobs":[' if number == 0 else b",")
            file.write(msgspec.json.encode(data.job(rng, number)))
        file.write(b'],"message":"Jobs retrieved successfully."}')


def fill(store: Path, root: Path) -> None:
    """Import the jobs and one job with results."""
    jobs = root / "jobs-1000000.json"
    if not jobs.exists():
        write_jobs(jobs)
    common = [*COMMAND, "import", "--data", str(store), "--tenant", "benchmark"]
    subprocess.run([*common, "--jobs", str(jobs)], check=True)
    columns = ["--output", "outputs", "--input", "inputs", "--logprob", "cumulative_logprobs"]
    results = root / "text-1000000" / "outputs-inputs-logprobs.parquet"
    subprocess.run([*common, str(results), *columns, "--job-id", JOB_ID], check=True)


def private_mib(pid: int) -> float:
    """Return the memory of a process in MiB, without the pages of files that it maps."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024


@contextmanager
def watching(pid: int) -> Iterator[list[float]]:
    """Collect the memory of a process every few milliseconds."""
    seen, ended = [private_mib(pid)], threading.Event()

    def watch() -> None:
        while not ended.wait(0.005):
            seen.append(private_mib(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def walk(http: httpx.Client) -> Iterator[float]:
    """Read all jobs page by page; yield what each page took."""
    cursor: str | None = None
    found = 0
    while True:
        began = time.perf_counter()
        query = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = msgspec.json.decode(http.get("/list-jobs", params=query).content)
        yield time.perf_counter() - began
        found += len(page["jobs"])
        cursor = page["next_cursor"]
        if cursor is None:
            assert found == JOBS + 1, found
            return


def download(http: httpx.Client, form: str, job_id: str = JOB_ID) -> tuple[float, int]:
    """Read the results to their end; return seconds and bytes."""
    query = {"format": form, "include_inputs": "true", "include_cumulative_logprobs": "true"}
    began, size = time.perf_counter(), 0
    with http.stream("GET", f"/jobs/{job_id}/results", params=query) as response:
        response.raise_for_status()
        for chunk in response.iter_raw():
            size += len(chunk)
    return time.perf_counter() - began, size


def rate(read: Callable[[], tuple[float, int]]) -> float:
    """Return the median rate of some downloads in MiB/s."""
    return median(size / seconds for seconds, size in (read() for _ in range(ROUNDS))) / 2**20


def pages(http: httpx.Client) -> list[list[str]]:
    """Measure pages at the front, in the middle and at the end of the list."""
    times = list(walk(http))
    middle = len(times) // 2
    windows = {
        "first": times[:WINDOW],
        "middle": times[middle : middle + WINDOW],
        "last": times[-WINDOW:],
    }
    return [
        [f"a page of 100 of {JOBS:,} jobs, {name} {WINDOW} pages", f"{median(part) * 1000:.2f} ms"]
        for name, part in windows.items()
    ]


def results(http: httpx.Client, static: httpx.Client, pid: int) -> list[list[str]]:
    """Measure the results of a job of a million rows in each form."""
    fast = rate(lambda: download(static, "parquet", "text-1000000"))
    rows = []
    for form in ("parquet", "json", "csv"):
        with watching(pid) as memory:
            speed = rate(lambda form=form: download(http, form))
        shown = f"{speed:,.0f} MiB/s"
        if form == "parquet":
            shown += f", {speed / fast:.2f} {TIMES} the static server's {fast:,.0f} (target: 0.5)"
        shown += f"; memory of the server {memory[0]:.0f} MiB before, at most {max(memory):.0f} MiB"
        rows.append([f"results of 1,000,000 rows with inputs, {form}", shown])
    return rows


def main() -> None:
    """Measure, print and write the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".work/bench"))
    root = parser.parse_args().data.resolve()
    data.make(root)
    store = root / "server"
    if not (root / ".server.done").exists():
        began = time.perf_counter()
        fill(store, root)
        print(f"imported in {time.perf_counter() - began:.0f} s")
        (root / ".server.done").touch()
    serve = [*COMMAND, "serve", "--data", str(store), "--port", "0", "--no-access-log"]
    headers = {"Authorization": f"Key {KEY}"}
    with (
        servers.running([*serve, "--api-key", f"benchmark={KEY}"]) as (url, pid),
        servers.static(root) as static_url,
        httpx.Client(base_url=url, headers=headers, timeout=300) as http,
        httpx.Client(base_url=f"{static_url}/v1", timeout=300) as static,
    ):
        rows = [*pages(http), *results(http, static, pid)]
    for name, value in rows:
        print(f"{name}: {value}")
    facts = {"header": ["what", "measured"], "rows": rows}
    (root / "server.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
