"""Measures what a verification costs: time at a distance, requests, a long list, and memory.

Writes `docs/verifier-cost.md`. The server is the reference server; its log says what it was asked.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.distance.link import LOOPBACK, Link
from tests.support.reference_server import KEY, OTHER_KEY, Server, reference_server

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "verifier-cost.md"
COMMAND = Path(sys.executable).with_name("sutro-jobs")
LATENCY = 0.040
JOBS = 20_000
# Ended jobs only: what moves is measured on the demo account.
STATES = ("FAILED", "CANCELLED", "FAILED")
LONGEST = 900

HEAD = """# What a verification costs

`make bench-verifier` measures it on the reference server and writes this page: the demo account of
some 120 jobs, on this machine and behind an emulated link of 80 ms a round trip, and an account of
{jobs:,} jobs. Seconds are those of the whole command, {load}. Verdicts and findings at a distance
{same} those on loopback.

| Account | Profile | Round trip | Seconds | Requests | Verdicts | Whole list read | Peak memory |
|---|---|---|---|---|---|---|---|
"""


@dataclass
class Run:
    """One verification, seen from outside."""

    seconds: float
    requests: int
    peak_mib: float
    verdicts: dict[str, str]
    findings: dict[str, list[str]]


def verify(url: str, profile: str, folder: Path) -> Run:
    report = folder / "report.json"
    words = ["--api-url", url, "--api-key", KEY, "--second-api-key", OTHER_KEY]
    words += ["--allow-cancel-any", "--profile", profile, "--report-json", str(report)]
    began = time.monotonic()
    process = subprocess.Popen([COMMAND, "verify", *words], stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    document = json.loads(report.read_text())
    return Run(
        seconds=seconds,
        requests=document["requests"],
        peak_mib=usage.ru_maxrss / 1024,
        verdicts={each["id"]: each["verdict"] for each in document["clauses"]},
        findings={
            each["id"]: [failure["message"] for failure in each["failures"]]
            for each in document["clauses"]
            if each["failures"]
        },
    )


def whole_lists(server: Server) -> int:
    """How often a list was answered whole, to either key."""
    entries = [json.loads(line) for line in server.log.read_text().splitlines() if line[:1] == "{"]
    asked = [entry for entry in entries if entry["path"].endswith("/list-jobs")]
    answered = [entry for entry in asked if entry["method"] == "GET" and entry["status"] == 200]
    return sum("limit=" not in entry["query"] for entry in answered)


def write_jobs(file: Path) -> None:
    """Write a long list of jobs without results, all of them ended."""
    jobs = []
    for number in range(JOBS):
        day, minute = f"{1 + number // 1440 % 28:02}", f"{number // 60 % 24:02}:{number % 60:02}"
        moment = f"2025-{1 + number // 40320:02}-{day}T{minute}"
        status = STATES[number % len(STATES)]
        failed = {"message": "Out of memory."} if status == "FAILED" else None
        jobs.append(
            {
                "job_id": f"job-{number:06}",
                "status": status,
                "model": "llama-3.1-8b",
                "system_prompt": "Classify the review.",
                "job_priority": number % 2,
                "datetime_created": f"{moment}:00Z",
                "datetime_started": f"{moment}:10Z",
                "datetime_completed": f"{moment}:50Z",
                "json_schema": None,
                "sampling_params": {"temperature": 0.7, "max_tokens": 2048},
                "name": f"Reviews {number}",
                "description": None,
                "dataset_id": None,
                "input_tokens": 31 * number,
                "output_tokens": 17 * number,
                "job_cost": number * 0.0035,
                "num_rows": number % 500,
                "failure_reason": failed,
                "cost_estimate": number * 0.004,
                "run_type": "FULL",
            }
        )
    file.write_text(json.dumps({"message": "", "jobs": jobs}))


@contextmanager
def served(folder: Path, account: str) -> Iterator[Server]:
    store = folder / "store"
    if account == "demo":
        with reference_server(store, "--demo") as server:
            yield server
        return
    file = folder / "jobs.json"
    write_jobs(file)
    words = ["import", "--data", str(store), "--tenant", "demo", "--jobs", str(file)]
    subprocess.run([COMMAND, *words], check=True, stdout=subprocess.DEVNULL)
    with reference_server(store) as server:
        yield server


def row(account: str, profile: str, latency: float) -> tuple[str, Run]:
    with tempfile.TemporaryDirectory() as name, served(Path(name), account) as server:
        if latency:
            with Link(latency=latency) as link:
                relay = link.to(LOOPBACK, urlsplit(server.url).port or 0)
                run = verify(f"http://{LOOPBACK}:{relay.port}", profile, Path(name))
        else:
            run = verify(server.url, profile, Path(name))
        readings = whole_lists(server)
    kinds = sorted({*run.verdicts.values()})
    counts = ", ".join(f"{[*run.verdicts.values()].count(kind)} {kind}" for kind in kinds)
    distance = f"{2000 * latency:.0f} ms" if latency else "loopback"
    cells = [account, profile, distance, f"{run.seconds:.1f}", str(run.requests), counts]
    cells += [str(readings), f"{run.peak_mib:.0f} MiB"]
    return f"| {' | '.join(cells)} |\n", run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the page")
    wanted = parser.parse_args()
    rows, is_same = [], True
    for profile in ("quick", "full"):
        near_row, near = row("demo", profile, 0.0)
        far_row, far = row("demo", profile, LATENCY)
        long_row, _ = row(f"{JOBS:,} jobs", profile, 0.0)
        rows += [near_row, far_row, long_row]
        print("".join(rows[-3:]), end="", flush=True)
        is_same &= (near.verdicts, near.findings) == (far.verdicts, far.findings)
    load = f"with a load of {os.getloadavg()[1]:.0f} on {os.cpu_count()} processors"
    if wanted.write:
        same = "are" if is_same else "are not"
        PAGE.write_text(HEAD.format(jobs=JOBS, load=load, same=same) + "".join(rows))


if __name__ == "__main__":
    main()
