"""Runs every case, a process each, in interleaved rounds, and keeps what each of them took."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from benchmarks import data, servers
from benchmarks.rows import GROWTH, ROWS, Row, Side

ROOT = Path(__file__).parent
PYTHON: dict[Side, str] = {
    "vendor": str(ROOT.parent / ".venvs/vendor/bin/python"),
    "floor": sys.executable,
    "ours": sys.executable,
}
Sample = dict[str, float]
Samples = dict[tuple[Side, str], list[Sample]]


def environment(side: Side, scratch: Path, root: Path) -> dict[str, str]:
    """Return the environment of a case: a home of its own, and trust in our authority."""
    home = scratch / side
    home.mkdir(exist_ok=True)
    authority = str(root / "authority.pem")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "SSL_CERT_FILE": authority,
        "REQUESTS_CA_BUNDLE": authority,
    }


def run_case(
    side: Side, case: str, url: str, root: Path, scratch: Path, script: str | None = None
) -> Sample:
    """Run one case in a process of its own; cases of a side are in the script of its name."""
    script = str(ROOT / "cases" / f"{script or side}.py")
    command = [PYTHON[side], script, case, url, str(root), str(scratch / side)]
    env = environment(side, scratch, root)
    done = subprocess.run(command, env=env, cwd=scratch, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{side} {case} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def schedule(rows: list[Row], sides: list[Side], number: int) -> Iterator[tuple[Row, Side, str]]:
    """Yield the cases of one round; every round starts with another side."""
    turn = number % len(sides)
    for row, side in product(rows, [*sides[turn:], *sides[:turn]]):
        if side in row.sides:
            yield from ((row, side, case) for case in row.cases(side))


def measure(rows: list[Row], sides: list[Side], rounds: int, root: Path) -> Iterator[Samples]:
    """Run the cases against the static server; yield all samples after each round."""
    samples: Samples = defaultdict(list)
    with (
        servers.static(root) as http,
        servers.static(root, tls=True) as https,
        tempfile.TemporaryDirectory(dir=root) as folder,
    ):
        scratch = Path(folder).resolve()
        if any(row.case == "cached" for row in rows):
            for side in sides:
                run_case(side, "fill_cache", http, root, scratch)
        for number in range(rounds):
            for row, side, case in schedule(rows, sides, number):
                url = https if row.tls else http
                sample = run_case(side, case, url, root, scratch)
                shown = f"{sample['seconds']:8.3f} s {sample['cpu']:8.3f} s of CPU"
                print(f"{side:6} {case:16} {shown} {sample['peak_mib']:7.0f} MiB", flush=True)
                samples[side, case].append(sample)
            check_outcomes(rows, sides, samples)
            yield samples


def check_outcomes(rows: list[Row], sides: list[Side], samples: Samples) -> None:
    """Fail unless all sides of a row found the same rows, columns and jobs."""
    for row in rows:
        chosen = [side for side in sides if side in row.sides]
        outcomes = {
            json.dumps(sample["outcome"])
            for side in chosen
            for case in row.cases(side)
            for sample in samples[side, case]
        }
        if len(outcomes) > 1 and row.calls is None:
            raise RuntimeError(f"{row.case}: the sides disagree: {sorted(outcomes)}")


def main() -> None:
    """Measure and write the samples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".work/bench"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", help="cases to run")
    parser.add_argument("--sides", nargs="*", default=["vendor", "floor", "ours"])
    parser.add_argument("--out", type=Path, default=Path(".work/bench/samples.json"))
    arguments = parser.parse_args()
    arguments.data = arguments.data.resolve()
    data.make(arguments.data)
    rows = [row for row in (*ROWS, *GROWTH) if not arguments.only or row.case in arguments.only]
    load = os.getloadavg()[0]
    for samples in measure(rows, arguments.sides, arguments.rounds, arguments.data):
        kept = [{"side": s, "case": c, "samples": found} for (s, c), found in samples.items()]
        arguments.out.write_text(json.dumps({"load": load, "cases": kept}, indent=1))


if __name__ == "__main__":
    main()
