"""Shows a job of four million rows being read in less memory than its rows need."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import data, servers
from benchmarks.run import environment

LIMIT_MIB = 1024
MOST_OVER_BASELINE = 150
TITLES = {
    "eager": "`get_job_results`",
    "download": "`download_job_results`",
    "filtered": "`scan_job_results`, filter on one column, another one collected",
    "grouped": "`scan_job_results`, group by verdict, two columns read",
    "every_byte": "`scan_job_results`, each byte of all texts read",
}


def run(case: str, url: str, root: Path, limit: int) -> dict[str, float] | None:
    """Run a case in a process of its own; None if its memory did not suffice."""
    with tempfile.TemporaryDirectory(dir=root) as folder:
        scratch = Path(folder)
        script = Path(__file__).parent / "cases" / "memory.py"
        command = [sys.executable, str(script), case, url, folder, str(limit)]
        env = environment("ours", scratch, root)
        done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    if "memory" not in done.stderr.lower():
        raise RuntimeError(done.stderr[-2000:])
    return None


def line(case: str, limit: int, found: dict[str, float] | None) -> list[str]:
    """Return one line of the table."""
    if found is None:
        return [TITLES[case], f"{limit} MiB", "out of memory", "-", "-"]
    over = found["peak"] - found["baseline"]
    verdict = "" if case == "eager" else "met" if over <= MOST_OVER_BASELINE else "**missed**"
    shown = f"{over:.0f} MiB over {found['baseline']:.0f} MiB"
    allowed = "none" if limit > 10 * LIMIT_MIB else f"{limit} MiB"
    return [TITLES[case], allowed, f"{found['seconds']:.1f} s", shown, verdict]


def main() -> None:
    """Measure, print and write the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".work/bench"))
    root = parser.parse_args().data.resolve()
    data.make(root)
    unlimited = 1000 * LIMIT_MIB
    with servers.static(root) as url:
        plan = [("eager", unlimited), *((case, LIMIT_MIB) for case in TITLES)]
        rows = [line(case, limit, run(case, url, root, limit)) for case, limit in plan]
    for row in rows:
        print(" | ".join(row))
    header = ["work", "limit", "time", "peak memory", f"≤ {MOST_OVER_BASELINE} MiB"]
    (root / "memory.json").write_text(json.dumps({"header": header, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
