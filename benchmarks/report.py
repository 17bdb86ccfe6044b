"""Prints each ratio beside its target, and writes the page and the plot into docs/."""

import json
import os
import platform
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from string import Template
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

from benchmarks.rows import GROWTH, ROWS, Row, Side, Target

ROOT = Path(__file__).parent
DOCS = ROOT.parent / "docs"
TIMES = "\N{MULTIPLICATION SIGN}"
SIDES: tuple[Side, ...] = ("vendor", "floor", "ours")
LABELS = {"seconds": "time", "peak_mib": "memory"}
Samples = dict[tuple[str, str], list[dict[str, float]]]


def load(folder: Path, name: str) -> Any:
    """Return what a measurement wrote, None if it has not run."""
    path = folder / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def middle(samples: Samples, row: Row, side: Side, measure: str) -> float | None:
    """Return the median of a side's fastest case; time is that of a single call."""
    found = [samples[side, case] for case in row.cases(side) if (side, case) in samples]
    if not found:
        return None
    best = min(found, key=lambda runs: median(run["seconds"] for run in runs))
    value = median(run[measure] for run in best)
    return value / row.calls[side] if row.calls and measure != "peak_mib" else value


def spread(samples: Samples, row: Row, side: Side) -> str:
    """Return the cell of the table: median time, its range, CPU seconds and peak memory."""
    found = [samples[side, case] for case in row.cases(side) if (side, case) in samples]
    if not found:
        return "-"
    best = min(found, key=lambda runs: median(run["seconds"] for run in runs))
    times = sorted(run["seconds"] for run in best)
    rest = f"{median(run['cpu'] for run in best):.2f} s CPU"
    rest += f", {median(run['peak_mib'] for run in best):,.0f} MiB"
    if row.calls:
        rates = [row.calls[side] / time for time in reversed(times)]
        return f"{median(rates):,.0f}/s ({rates[0]:,.0f} to {rates[-1]:,.0f})"
    return f"{median(times):.3f} s ({times[0]:.3f} to {times[-1]:.3f}), {rest}"


def measured(samples: Samples, row: Row, target: Target, measure: str = "") -> float | None:
    """Return what the target bounds: a ratio, or a measure of ours alone."""
    measure = measure or target.measure
    ours = middle(samples, row, "ours", measure)
    if target.against is None or ours is None:
        return ours
    other = middle(samples, row, target.against, measure)
    return ours / other if other else None


def shown(target: Target, value: float | None) -> str:
    """Return a bound or a value of a target: how much faster than the vendor, else how much."""
    if value is None:
        return "-"
    if target.against is None:
        return f"{value * 1000:.0f} ms" if target.measure == "seconds" else f"{value:.0f} MiB"
    if target.against == "vendor" and target.measure == "seconds":
        return f"{1 / value:.1f} {TIMES} faster"
    return f"{value:.2f} {TIMES}"


def judged(samples: Samples, row: Row, target: Target) -> tuple[str, ...]:
    """Return one line of the table of targets."""
    value = measured(samples, row, target)
    verdict = "not measured" if value is None else "met" if value <= target.bound else "**missed**"
    against = f" against {target.against}" if target.against else ""
    faster = target.against == "vendor" and target.measure == "seconds"
    cpu = measured(samples, row, target, "cpu") if target.measure == "seconds" else None
    return (
        f"{row.title}: {LABELS[target.measure]}{against}",
        f"{'≥' if faster else '≤'} {shown(target, target.bound)}",
        shown(target, value),
        shown(target, cpu),
        verdict,
    )


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    names = list(header)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def targets(samples: Samples) -> list[tuple[str, ...]]:
    """Return the lines of the table of targets."""
    return [judged(samples, row, target) for row in ROWS for target in row.targets]


def growth(samples: Samples) -> list[list[str]]:
    """Return the lines of the table of growth: time for a million rows at each size."""
    sizes = {row.case: int(row.case.removeprefix("text_")) for row in GROWTH}
    rows = sorted([*GROWTH, ROWS[0]], key=lambda row: sizes.get(row.case, 1_000_000))
    lines = []
    for row in rows:
        count = sizes.get(row.case, 1_000_000)
        cells = [f"{count:,}"]
        for side in SIDES:
            seconds = middle(samples, row, side, "seconds")
            cells.append(
                "-" if seconds is None else f"{seconds:.3f} s, {seconds / count * 1e6:.2f} µs a row"
            )
        lines.append(cells)
    return lines


def plot(samples: Samples, path: Path) -> None:
    """Draw the time of each side for each row, in multiples of the floor's."""
    rows = [row for row in ROWS if row.case not in {"import", "first_call"}]
    colors = {"vendor": "#b0413e", "floor": "#9a9a9a", "ours": "#2a6f97"}
    mpl.rcParams.update({"svg.hashsalt": "benchmarks", "font.size": 9})
    figure, axes = plt.subplots(figsize=(8, 4.8), layout="constrained")
    for offset, side in enumerate(SIDES):
        for place, row in enumerate(rows):
            floor = middle(samples, row, "floor", "seconds")
            value = middle(samples, row, side, "seconds")
            if floor and value:
                bar = axes.barh(
                    place + 0.27 * (offset - 1), value / floor, 0.25, color=colors[side]
                )
                axes.bar_label(bar, [f"{value / floor:.2g}{TIMES}"], padding=2, fontsize=7)
    for side in SIDES:
        axes.barh(0, 0, color=colors[side], label=side)
    axes.set(xscale="log", xlabel="time, in multiples of the floor's (log scale)")
    axes.set_yticks(range(len(rows)), [row.title for row in rows])
    axes.invert_yaxis()
    axes.axvline(1, color="black", linewidth=0.8)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


def machine() -> str:
    """Return what the measurements ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("polars", "httpx", "msgspec"))
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {packages}"
    )


def facts(folder: Path, name: str) -> str:
    """Return a measurement that has a table of its own."""
    found = load(folder, name)
    return table(found["header"], found["rows"]) if found else "Not measured in this run."


def main() -> None:
    """Print the targets and write the page."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".work/bench")
    kept = load(folder, "samples") or {"load": 0.0, "cases": []}
    samples = {(entry["side"], entry["case"]): entry["samples"] for entry in kept["cases"]}
    judgements = targets(samples)
    for name, bound, value, cpu, verdict in judgements:
        print(f"{name:62} {bound:>15} {value:>13} {cpu:>13}  {verdict.strip('*')}")
    plot(samples, DOCS / "benchmarks.svg")
    work = [[row.title, *(spread(samples, row, side) for side in SIDES)] for row in ROWS]
    page = Template((ROOT / "page.md").read_text()).substitute(
        machine=machine(),
        load=f"{kept['load']:.1f}",
        rounds=max((len(runs) for runs in samples.values()), default=0),
        work=table(["work", *SIDES], work),
        targets=table(["target", "bound", "measured", "in CPU seconds", ""], judgements),
        met=sum(verdict == "met" for *_, verdict in judgements),
        count=len(judgements),
        growth=table(["rows", *SIDES], growth(samples)),
        memory=facts(folder, "memory"),
        distributed=facts(folder, "distributed"),
        engines=facts(folder, "engines"),
        server=facts(folder, "server"),
        ahead=facts(folder, "ahead"),
    )
    (DOCS / "benchmarks.md").write_text(page)


if __name__ == "__main__":
    main()
