"""Measures how true the emulated link is, with bare httpx and the files of the reference server."""

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks import servers
from benchmarks.distance.link import mbit
from benchmarks.distance.prepare import make_store
from benchmarks.distance.rows import PLACES, Place
from benchmarks.distance.run import Far, far, run_case

SIZE = 25_000_000
CONNECTIONS = 8


def probe(server: Far, root: Path, scratch: Path) -> dict[str, float]:
    """Measure the way to the server, in a process of its own as all cases are."""
    sample = run_case("floor", "probe", server, root, scratch)
    if "failed" in sample:
        raise RuntimeError(sample["failed"])
    found: dict[str, float] = sample["outcome"]
    return found


def compared(name: str, measured: float, meant: float, unit: str) -> list[str]:
    """Return one line of the table."""
    off = f"{100 * (measured / meant - 1):+.1f}%" if meant else "-"
    return [name, f"{meant:.1f} {unit}", f"{measured:.1f} {unit}", off]


def lines(place: Place, store: Path, root: Path, scratch: Path) -> list[list[str]]:
    """Measure one place; what a small request takes past the link is not the link's."""
    with far(place, store) as server:
        past = probe(server.past_the_link(), root, scratch)["trip"]
        found = probe(server, root, scratch)
    each = mbit(place.bandwidth)
    together = min(mbit(place.shared_bandwidth or 1e9), CONNECTIONS * each)
    single = SIZE / (found["single"] - place.round_trip)
    # All but one of the connections are made before any byte comes.
    several = CONNECTIONS * SIZE / (found["several"] - 2 * place.round_trip)
    trip = found["trip"] - past
    return [
        compared(f"{place.title}: round trip", trip * 1e3, place.round_trip * 1e3, "ms"),
        compared("25 MB over one connection", single / 1e6, each / 1e6, "MB/s"),
        compared("over eight at a time", several / 1e6, together / 1e6, "MB/s"),
    ]


def main() -> None:
    """Measure, print and write the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".work/bench"))
    root = parser.parse_args().data.resolve()
    store = make_store(root)
    servers.write_certificate(root)
    rows = []
    with tempfile.TemporaryDirectory(dir=root) as folder:
        for place in PLACES:
            if place.companions:
                rows += lines(place, store, root, Path(folder))
    for row in rows:
        print(" | ".join(row))
    facts = {"header": ["link", "meant", "measured", "off"], "rows": rows}
    (root / "link.json").write_text(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
