"""Runs the verifier, and plain schemathesis, on many servers at a time."""

import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from . import defects, plain, variants
from .catalogue import RIGHT, WRONG, Mutant
from .judge import Outcome, judge

__all__ = ["Score", "compare", "defects", "run", "variants"]

Task = tuple[str, int, str]


def run(tasks: Iterable[Task], jobs: int) -> Iterator[Outcome]:
    """Judge servers, each given as (name, seed, profile), in processes of their own."""
    with ProcessPoolExecutor(jobs) as pool:
        for done in as_completed([pool.submit(judge_named, *task) for task in tasks]):
            yield done.result()


def judge_named(name: str, seed: int, profile: str) -> Outcome:
    try:
        return judge((WRONG | RIGHT)[name], seed, profile)
    except Exception:  # noqa: BLE001  the other servers are judged all the same
        return Outcome(name, profile, 4, (), frozenset(), (traceback.format_exc(),), 0.0)


def compare(names: Iterable[str], jobs: int, seed: int = 1) -> Iterator[tuple[str, list[str]]]:
    """Run plain schemathesis on wrong servers; gives the checks that failed."""
    with ProcessPoolExecutor(jobs) as pool:
        tasks = {name: pool.submit(plain.failed_checks, WRONG[name].server, seed) for name in names}
        for name, task in tasks.items():
            yield name, task.result()


@dataclass
class Score:
    """How the verifier did."""

    wrong: list[Outcome]
    right: list[Outcome]

    def of(self, outcome: Outcome) -> Mutant:
        return (WRONG | RIGHT)[outcome.name]

    @property
    def caught(self) -> list[Outcome]:
        """Wrong servers of which a clause was found broken."""
        return [outcome for outcome in self.wrong if outcome.broken]

    @property
    def missed(self) -> list[Outcome]:
        return [outcome for outcome in self.wrong if not outcome.broken]

    @property
    def named_rightly(self) -> list[Outcome]:
        """Those of which the first clause named is the one that the defect breaks."""
        return [outcome for outcome in self.caught if outcome.first in self.of(outcome).clauses]

    @property
    def false_alarms(self) -> list[Outcome]:
        """Right servers that were not found right."""
        return [outcome for outcome in self.right if outcome.is_alarm]

    @property
    def seconds(self) -> float:
        """The mean time of a run."""
        everyone = self.wrong + self.right
        return sum(outcome.seconds for outcome in everyone) / max(1, len(everyone))
