"""Judge the verifier: `python -m tests.mutants`, with `--help` for what else it does."""

import argparse
import sys

from .catalogue import RIGHT, WRONG
from .record import Record
from .run import Score, compare, run
from .table import write_table


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="servers to judge (all)")
    parser.add_argument("--profile", choices=["quick", "full"], default="full")
    parser.add_argument(
        "--seeds",
        type=int,
        default=1,
        help="seeds for the right server; a tenth for its variants (1)",
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument(
        "--table", action="store_true", help="record the results and write docs/mutants.md"
    )
    parser.add_argument(
        "--plain", action="store_true", help="run plain schemathesis instead of the verifier"
    )
    return parser.parse_args()


def show(score: Score) -> None:
    for outcome in score.missed:
        print(f"missed       {outcome.name}: {score.of(outcome).sentence}")
    for outcome in score.caught:
        if outcome not in score.named_rightly:
            wanted = " or ".join(score.of(outcome).clauses)
            print(f"other clause {outcome.name}: {outcome.first} was named first, not {wanted}")
    for outcome in score.false_alarms:
        print(f"false alarm  {outcome.name}: exit {outcome.exit_status}, {outcome.broken}")
        print("             " + "\n             ".join(outcome.messages))
    print(f"{len(score.caught)} of {len(score.wrong)} wrong servers caught,", end=" ")
    print(f"{len(score.named_rightly)} by the right clause first;", end=" ")
    print(f"{len(score.false_alarms)} false alarms in {len(score.right)} runs on right servers;")
    print(f"{score.seconds:.1f} s a run")


def tasks(wanted: argparse.Namespace) -> list[tuple[str, int, str]]:
    seeds = {name: wanted.seeds if name == "plain" else -(-wanted.seeds // 10) for name in RIGHT}
    seeds |= dict.fromkeys(WRONG, 1)
    names = [name for name in seeds if name in wanted.names or not wanted.names]
    return [(name, seed, wanted.profile) for name in names for seed in range(seeds[name])]


def main() -> int:
    wanted = options()
    return run_plain(wanted) if wanted.plain else run_verifier(wanted)


def run_plain(wanted: argparse.Namespace) -> int:
    found = {}
    for name, checks in compare(wanted.names or WRONG, wanted.jobs):
        found[name] = checks
        print(f"{name:45} {' '.join(checks)}", flush=True)
    print(f"plain schemathesis catches {sum(map(bool, found.values()))} of {len(found)}")
    if wanted.table:
        record = Record()
        record.add_plain(found)
        record.save()
        write_table(record)
    return 0


def run_verifier(wanted: argparse.Namespace) -> int:
    score = Score([], [])
    for outcome in run(tasks(wanted), wanted.jobs):
        (score.wrong if outcome.name in WRONG else score.right).append(outcome)
        found = " ".join(outcome.broken or outcome.undecided)
        print(
            f"{outcome.name:45} {outcome.seconds:5.1f} s {outcome.share:4.0%} {found}", flush=True
        )
    show(score)
    if wanted.table:
        record = Record()
        record.add(score.wrong + score.right)
        record.save()
        write_table(record)
    return 1 if score.missed or score.false_alarms else 0


if __name__ == "__main__":
    sys.exit(main())
