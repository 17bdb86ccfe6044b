"""Measures how true the emulated link is, with bare httpx and the files of the reference server."""

import argparse
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import httpx

from benchmarks.distance.link import mbit
from benchmarks.distance.prepare import make_store
from benchmarks.distance.rows import PLACES, Place
from benchmarks.distance.run import HEADERS, far

CALLS = 31
SIZE = 25_000_000
CONNECTIONS = 8
QUERY = {"format": "parquet", "include_inputs": "true", "include_cumulative_logprobs": "true"}
WANTED = HEADERS | {"Range": f"bytes=0-{SIZE - 1}"}


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def round_trip(http: httpx.Client) -> float:
    """Return the median time of a small request on a connection that is there."""
    http.get("/health")
    return median(seconds(lambda: http.get("/health")) for _ in range(CALLS))


def read(http: httpx.Client) -> None:
    """Read the first bytes of a large file."""
    url = "/jobs/large/results"
    with http.stream("GET", url, params=QUERY, headers=WANTED) as response:
        assert response.status_code == 206
        for _ in response.iter_raw():
            pass


def read_at_once(url: str) -> None:
    """Read them over several connections at a time."""
    with (
        httpx.Client(base_url=url, timeout=300) as http,
        ThreadPoolExecutor(CONNECTIONS) as pool,
    ):
        list(pool.map(lambda _: read(http), range(CONNECTIONS)))


def compared(name: str, measured: float, meant: float, unit: str) -> list[str]:
    """Return one line of the table."""
    off = f"{100 * (measured / meant - 1):+.1f}%" if meant else "-"
    return [name, f"{meant:.1f} {unit}", f"{measured:.1f} {unit}", off]


def lines(place: Place, store: Path) -> list[list[str]]:
    """Measure one place."""
    with far(place, store) as server:
        with httpx.Client(base_url=server.direct_url, timeout=300) as http:
            past = round_trip(http)
        with httpx.Client(base_url=server.url, timeout=300) as http:
            trip = round_trip(http) - past
            single = seconds(lambda: read(http)) - place.round_trip
        # The first connections are made before any byte comes.
        several = seconds(lambda: read_at_once(server.url)) - 2 * place.round_trip
    each = mbit(place.bandwidth)
    together = min(mbit(place.shared_bandwidth or 1e9), CONNECTIONS * each)
    return [
        compared(f"{place.title}: round trip", trip * 1e3, place.round_trip * 1e3, "ms"),
        compared("25 MB over one connection", SIZE / single / 1e6, each / 1e6, "MB/s"),
        compared(
            "over eight at a time", CONNECTIONS * SIZE / several / 1e6, together / 1e6, "MB/s"
        ),
    ]


def main() -> None:
    """Measure, print and write the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".work/bench"))
    root = parser.parse_args().data.resolve()
    store = make_store(root)
    rows = [line for place in PLACES if place.companions for line in lines(place, store)]
    for row in rows:
        print(" | ".join(row))
    facts = {"header": ["link", "meant", "measured", "off"], "rows": rows}
    (root / "link.json").write_text(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
