"""Prints what has to be reached beside what was, and writes the page into docs/."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from string import Template
from typing import Any

from benchmarks.distance.link import mbit
from benchmarks.distance.rows import PLACES, ROWS, Place, Row
from benchmarks.report import DOCS, TIMES, facts, load, machine, table
from benchmarks.rows import Side

SIDES: tuple[Side, ...] = ("vendor", "floor", "ours")
ROUND_TRIP = 0.080
Samples = dict[tuple[str, str, str], list[dict[str, Any]]]


class Measured:
    """Medians of the runs of a case that succeeded."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples

    def of(self, place: str, case: str, side: Side, measure: str = "seconds") -> float | None:
        """Return the median of a measure, None where no run succeeded."""
        runs = [run for run in self.samples.get((place, case, side), []) if "failed" not in run]
        return median(run[measure] for run in runs) if runs else None

    def has(self, place: str, case: str) -> bool:
        """Return whether any side of a case has run."""
        return any((place, case, side) in self.samples for side in SIDES)

    def failures(self) -> list[str]:
        """Return a line for each case that is not possible, with what it ended in."""
        return [
            f"- `{case}` of {side}, {place}: {runs[-1]['failed']}"
            for (place, case, side), runs in self.samples.items()
            if all("failed" in run for run in runs)
        ]

    def cell(self, place: str, case: str, side: Side) -> str:
        """Return the median time and its range."""
        runs = self.samples.get((place, case, side), [])
        times = sorted(run["seconds"] for run in runs if "failed" not in run)
        if not times:
            return "not possible" if runs else "-"
        return f"{median(times):.3f} s ({times[0]:.3f} to {times[-1]:.3f})"


def ratio(one: float | None, other: float | None) -> float | None:
    """Return how often one is in the other."""
    return one / other if one is not None and other else None


def times(value: float | None) -> str:
    """Return a ratio as text."""
    return "-" if value is None else f"{value:.2f} {TIMES}"


def line(measured: Measured, place: Place, row: Row) -> list[str]:
    """Return one line of the table of a place."""
    ours = measured.of(place.key, row.case, "ours")
    carried = measured.of(place.key, row.case, "ours", "bytes_down")
    opened = measured.of(place.key, row.case, "ours", "new_connections")
    peak = measured.of(place.key, row.case, "ours", "peak_mib")
    return [
        row.title,
        *(measured.cell(place.key, row.case, side) for side in SIDES),
        times(ratio(ours, measured.of(place.key, row.case, "floor"))),
        times(ratio(measured.of(place.key, row.case, "vendor"), ours)),
        "-" if carried is None else f"{carried / 1e6:.2f} MB",
        "-" if opened is None else f"{opened:.0f}",
        "-" if peak is None else f"{peak:.0f} MiB",
    ]


def tables(measured: Measured) -> str:
    """Return a table for each place."""
    header = ["work", *SIDES, "against floor", "faster than vendor", "over the link", "connections"]
    header.append("peak memory")
    sections = []
    for place in PLACES:
        rows = [row for row in ROWS if measured.has(place.key, row.case)]
        if rows:
            lines = [line(measured, place, row) for row in rows]
            sections.append(f"## {place.title}\n\n{table(header, lines)}")
    return "\n\n".join(sections)


def bounds(measured: Measured) -> Iterator[list[str]]:
    """Yield what has to be reached: what, the bound, what was measured, and whether that is met."""

    def at_most(
        title: str, value: float | None, bound: float | None, show: Callable[[float], str]
    ) -> list[str]:
        verdict = (
            "not measured"
            if value is None or bound is None
            else "met"
            if value <= bound
            else "**missed**"
        )
        return [
            title,
            "-" if bound is None else f"≤ {show(bound)}",
            "-" if value is None else show(value),
            verdict,
        ]

    def at_least(title: str, value: float | None, bound: float) -> list[str]:
        verdict = "not measured" if value is None else "met" if value >= bound else "**missed**"
        return [title, f"≥ {times(bound)}", times(value), verdict]

    def against(case: str, other: Side, place: str = "80") -> float | None:
        return ratio(measured.of(place, case, "ours"), measured.of(place, case, other))

    for case in ("list_objects", "list_frame"):
        yield at_most(f"{case} against the floor", against(case, "floor"), 1.3, times)
    yield at_most("iterate against the floor", against("iterate", "floor"), 1.6, times)
    first = measured.of("80", "first_job", "ours")
    yield at_most("first job, in round trips", ratio(first, ROUND_TRIP), 1.3, "{:.2f}".format)
    yield at_most(
        "unpacking, in round trips over the packed read", extra(measured), 0.3, "{:.2f}".format
    )
    for case, bound in {"large": 3.5, "medium": 2.5}.items():
        faster = ratio(measured.of("80", case, "vendor"), measured.of("80", case, "ours"))
        yield at_least(f"{case} download, faster than the vendor's", faster, bound)
    single = measured.of("shared", "large_single", "floor")
    shared = ratio(single, measured.of("shared", "large", "ours"))
    yield at_least("large download over a shared link, against one connection", shared, 0.95)
    carried = measured.of("80", "column", "ours", "bytes_down")
    floor = measured.of("80", "column", "floor", "bytes_down")
    most = None if floor is None else 1.2 * floor + 1e6
    yield at_most(
        "one column, bytes over the link", carried, most, lambda size: f"{size / 1e6:.1f} MB"
    )
    head = measured.of("80", "head", "ours")
    group = measured.of("80", "head", "floor", "bytes_down")
    most = None if group is None else 6 * ROUND_TRIP + group / mbit(100)
    yield at_most("first 100 rows, seconds", head, most, "{:.2f}".format)


def extra(measured: Measured) -> float | None:
    """Return how many round trips unpacking adds to the packed read."""
    packed, unpacked = (measured.of("80", case, "ours") for case in ("packed", "structured"))
    return None if packed is None or unpacked is None else (unpacked - packed) / ROUND_TRIP


def main() -> None:
    """Print the bounds and write the page."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".work/bench")
    kept = load(folder, "distance") or {"load": 0.0, "cases": []}
    samples = {(e["place"], e["case"], e["side"]): e["samples"] for e in kept["cases"]}
    measured = Measured(samples)
    lines = list(bounds(measured))
    for title, bound, value, verdict in lines:
        print(f"{title:62} {bound:>12} {value:>12}  {verdict.strip('*')}")
    failures = measured.failures()
    page = Template((Path(__file__).parent / "page.md").read_text()).substitute(
        machine=machine(),
        load=f"{kept['load']:.1f}",
        rounds=max((len(runs) for runs in samples.values()), default=0),
        tables=tables(measured),
        notes="\n".join(["Not possible:", "", *failures]) if failures else "",
        bounds=table(["what", "bound", "measured", ""], lines),
        link=facts(folder, "link"),
    )
    (DOCS / "distance.md").write_text(page)


if __name__ == "__main__":
    main()
