"""Measures ways past the floor, side by side with it."""

import argparse
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

from benchmarks import data, servers
from benchmarks.report import TIMES
from benchmarks.run import run_case

CASES = {
    "text": ("floor", "text: download, then read (the floor)"),
    "text_behind": ("ahead", "text: footer first, each row group read behind the download"),
    "structured": ("floor", "structured: download, read, `json_decode` (the floor)"),
    "structured_lines": ("floor", "structured: download, read, NDJSON parser"),
    "structured_lines_threads": ("ahead", "structured: the same, pieces in two threads"),
    "structured_lines_behind": ("ahead", "structured: NDJSON parser behind the download"),
    "structured_value_threads": ("ahead", "structured: `json_decode` in two threads"),
    "structured_value_behind": ("ahead", "structured: `json_decode` behind the download"),
}


def main() -> None:
    """Measure, print and write the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".work/bench"))
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    root = arguments.data.resolve()
    data.make(root)
    samples = defaultdict(list)
    with servers.static(root) as url, tempfile.TemporaryDirectory(dir=root) as folder:
        for case in [*CASES] * arguments.rounds:
            script = CASES[case][0]
            samples[case].append(run_case("floor", case, url, root, Path(folder), script))
    rows = []
    for case, (_, title) in CASES.items():
        floor = median(run["seconds"] for run in samples[case.split("_")[0]])
        seconds = median(run["seconds"] for run in samples[case])
        memory = median(run["peak_mib"] for run in samples[case])
        rows.append([title, f"{seconds:.3f} s", f"{seconds / floor:.2f} {TIMES}", f"{memory:.0f}"])
        print(" | ".join(rows[-1]))
    header = ["way", "median time", "against the floor", "peak MiB"]
    facts = {"header": header, "rows": rows}
    (root / "ahead.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
