"""The last known result of each server, kept in `record.json` so that a run may judge a part."""

import json
from pathlib import Path
from typing import Any

from .catalogue import RIGHT, WRONG
from .judge import Outcome

FILE = Path(__file__).with_name("record.json")


class Record:
    """What plain schemathesis and the verifier said of each server when last asked."""

    def __init__(self) -> None:
        known: dict[str, dict[str, Any]] = json.loads(FILE.read_text()) if FILE.exists() else {}
        self.servers = {name: known.get(name, {}) for name in WRONG | RIGHT}

    def save(self) -> None:
        FILE.write_text(json.dumps(self.servers, indent=1, sort_keys=True) + "\n")

    def add(self, outcomes: list[Outcome]) -> None:
        """Put the outcomes of a run in the place of older ones."""
        for name, profile in {(outcome.name, outcome.profile) for outcome in outcomes}:
            runs = [each for each in outcomes if (each.name, each.profile) == (name, profile)]
            self.servers[name][profile] = {
                "runs": len(runs),
                "alarms": sum(outcome.is_alarm for outcome in runs),
                "seconds": round(sum(outcome.seconds for outcome in runs) / len(runs), 1),
                "broken": list(runs[0].broken),
                "musts": sorted(runs[0].musts),
            }

    def add_plain(self, found: dict[str, list[str]]) -> None:
        for name, checks in found.items():
            self.servers[name]["plain"] = checks
