"""Compares engines of distributed data on the same fifty jobs."""

import argparse
import json
import subprocess
from pathlib import Path
from statistics import median

from benchmarks import data, servers

ROOT = Path(__file__).parent
ENGINES = {
    "ray": "Ray Data, two worker processes",
    "dask": "Dask `from_map`, two worker processes",
    "daft": "Daft `DataSource`, one process with threads (its clusters are Ray's)",
}


def main() -> None:
    """Measure, print and write the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".work/bench"))
    root = parser.parse_args().data.resolve()
    data.make(root)
    rows = []
    with servers.static(root) as url:
        for engine, title in ENGINES.items():
            folder = "ray" if engine == "ray" else "engines"
            python = ROOT.parent / ".venvs" / folder / "bin" / "python"
            script = str(ROOT / "cases" / "engine_tasks.py")
            done = subprocess.run(
                [str(python), script, engine, url], capture_output=True, text=True
            )
            if done.returncode:
                raise RuntimeError(f"{engine} failed:\n{done.stderr[-2000:]}")
            start, first, *warm = json.loads(done.stdout.splitlines()[-1])
            shown = [f"{value:.1f} s" for value in (start, first, median(warm))]
            rows.append([title, *shown])
            print(" | ".join(rows[-1]), flush=True)
    header = ["engine", "start", "first read of 1,000,000 rows", "next reads, median"]
    facts = {"header": header, "rows": rows}
    (root / "engines.json").write_text(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
