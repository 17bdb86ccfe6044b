"""Runs every case over links of several lengths, a process each, in interleaved rounds."""

import argparse
import json
import os
import random
import socket
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from benchmarks import servers
from benchmarks.distance.link import LOOPBACK, Link, Relay, mbit
from benchmarks.distance.prepare import COMMAND, TENANT, make_store
from benchmarks.distance.rows import PLACES, ROWS, Place, Row
from benchmarks.rows import Side
from benchmarks.run import PYTHON, ROOT, environment

KEY = "benchmark-key"
HEADERS = {"Authorization": f"Key {KEY}"}
LONGEST = 900
Sample = dict[str, Any]
Samples = dict[tuple[str, str, str], list[Sample]]


class Far(NamedTuple):
    """A server at a distance: the relay to it, and the one to its files."""

    api: Relay
    files: Relay

    @property
    def url(self) -> str:
        """The URL for clients."""
        return f"http://{LOOPBACK}:{self.api.port}"

    def past_the_link(self) -> "Far":
        """Return the same server without the link before it."""
        api, files = (replace(relay, port=relay.upstream_port) for relay in self)
        return Far(api, files)

    def carried(self) -> tuple[int, int]:
        """Return bytes from the server and connections to it, so far."""
        relays = (self.api, self.files)
        return sum(r.bytes_down for r in relays), sum(r.connections for r in relays)


@contextmanager
def far(place: Place, store: Path) -> Iterator[Far]:
    """Serve the account at a distance."""
    shared = place.shared_bandwidth
    link = Link(
        latency=place.round_trip / 2,
        bandwidth=mbit(place.bandwidth),
        shared_bandwidth=None if shared is None else mbit(shared),
    )
    files_port = free_port()
    with link:
        files = link.to(LOOPBACK, files_port)
        with serving(store, place.companions, files_port, files.port) as port:
            yield Far(link.to(LOOPBACK, port), files)


def free_port() -> int:
    """Return a port that is free, and that no outgoing connection will take meanwhile."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311 - below the ports of the system
        try:
            socket.create_server((LOOPBACK, port)).close()
        except OSError:
            continue
        return port


@contextmanager
def serving(store: Path, companions: bool, files_port: int, shown_port: int) -> Iterator[int]:
    """Serve the account, with its large results rendered before; give the port."""
    command = [COMMAND, "serve", "--data", str(store), "--port", "0", "--no-access-log"]
    command += ["--api-key", f"{TENANT}={KEY}"]
    if not companions:
        command += ["--no-companions"]
    else:
        command += ["--files-port", str(files_port)]
        command += ["--files-url", f"http://{LOOPBACK}:{shown_port}"]
    with servers.running(command) as (url, _):
        with httpx.Client(base_url=url, headers=HEADERS, timeout=300) as http:
            for job_id, flag in {"medium": "false", "large": "true"}.items():
                query = {"include_inputs": flag, "include_cumulative_logprobs": flag}
                query["format"] = "parquet"
                http.head(f"/jobs/{job_id}/results", params=query).raise_for_status()
        port = urlsplit(url).port
        assert port is not None
        yield port


def run_case(side: Side, case: str, server: Far, root: Path, scratch: Path) -> Sample:
    """Run one case in a process of its own; what goes over the link is counted from its start."""
    script = str(ROOT / "cases" / f"distance_{side}.py")
    command = [PYTHON[side], script, case, server.url, str(root), str(scratch / side)]
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            command,
            env=environment(side, scratch, root),
            cwd=scratch,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            ready = read_until_ready(process)
            bytes_before, connections_before = server.carried()
            output, _ = process.communicate("\n" if ready else None, timeout=LONGEST)
        finally:
            process.kill()
        if process.returncode or not ready:
            errors.seek(0)
            return {"failed": (errors.read().strip().splitlines() or ["no word"])[-1][:200]}
    bytes_down, connections = server.carried()
    sample: Sample = json.loads(output.splitlines()[-1])
    sample["bytes_down"] = bytes_down - bytes_before
    sample["new_connections"] = connections - connections_before
    return sample


def read_until_ready(process: subprocess.Popen[str]) -> bool:
    """Pass over what libraries print, and return whether the case is ready to begin."""
    assert process.stdout is not None
    return any(line == "ready\n" for line in iter(process.stdout.readline, ""))


def plan(
    rows: list[Row], place: Place, sides: list[Side], number: int
) -> Iterator[tuple[Row, Side]]:
    """Yield the cases of one round at a place; every round starts with another side."""
    turn = number % len(sides)
    for row in rows:
        if place.key in row.places:
            for side in [*sides[turn:], *sides[:turn]]:
                if side in row.sides:
                    yield row, side


def check_outcomes(samples: Samples) -> None:
    """Fail unless all sides of a row found the same."""
    found: dict[str, set[str]] = defaultdict(set)
    for (_, case, _), runs in samples.items():
        found[case].update(json.dumps(run["outcome"]) for run in runs if "outcome" in run)
    unequal = {case: outcomes for case, outcomes in found.items() if len(outcomes) > 1}
    if unequal:
        raise RuntimeError(f"The sides disagree: {unequal}")


def measure(
    places: list[Place], rows: list[Row], sides: list[Side], rounds: int, root: Path
) -> Iterator[Samples]:
    """Run the cases; yield all samples after each round at each place."""
    samples: Samples = defaultdict(list)
    servers.write_certificate(root)  # Cases trust its authority, as in the other benchmarks.
    store = make_store(root)
    with tempfile.TemporaryDirectory(dir=root) as folder:
        scratch = Path(folder).resolve()
        for number, place in product(range(rounds), places):
            with far(place, store) as server:
                for row, side in plan(rows, place, sides, number):
                    sample = run_case(side, row.case, server, root, scratch)
                    print(f"{place.key:6} {side:6} {row.case:14} {shown(sample)}", flush=True)
                    samples[place.key, row.case, side].append(sample)
            check_outcomes(samples)
            yield samples


def shown(sample: Sample) -> str:
    """Return one line on a sample."""
    if "failed" in sample:
        return f"failed: {sample['failed']}"
    megabytes = sample["bytes_down"] / 1e6
    return f"{sample['seconds']:8.3f} s {megabytes:9.3f} MB {sample['new_connections']} connections"


def main() -> None:
    """Measure and write the samples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".work/bench"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="cases to run")
    parser.add_argument("--places", nargs="*", help="keys of places to measure, such as 80")
    parser.add_argument("--sides", nargs="*", default=["vendor", "floor", "ours"])
    parser.add_argument("--out", type=Path, default=Path(".work/bench/distance.json"))
    wanted = parser.parse_args()
    rows = [row for row in ROWS if not wanted.only or row.case in wanted.only]
    places = [place for place in PLACES if not wanted.places or place.key in wanted.places]
    load = os.getloadavg()[0]
    root = wanted.data.resolve()
    for samples in measure(places, rows, wanted.sides, wanted.rounds, root):
        kept = [
            {"place": place, "case": case, "side": side, "samples": found}
            for (place, case, side), found in samples.items()
        ]
        wanted.out.write_text(json.dumps({"load": load, "cases": kept}, indent=1))


if __name__ == "__main__":
    main()
