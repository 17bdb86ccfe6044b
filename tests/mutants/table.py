"""The page docs/mutants.md: what catches each wrong server."""

from itertools import groupby
from pathlib import Path
from typing import Any

from .catalogue import RIGHT, WRONG, Mutant
from .defects import TOPICS
from .record import Record

PAGE = Path(__file__).parents[2] / "docs" / "mutants.md"

Found = dict[str, dict[str, Any]]

HEAD = """# Mutants

The verifier is judged by servers whose verdict is known beforehand. Each **wrong** server has one
defect and has to be refused; each **right** server differs from the others where the contract
leaves it open, and has to be accepted. All are small changes to one right server in
`tests/mutants/`, which was written from `openapi.yaml` alone and shares no code with the reference
server or the verifier.

`make mutants` judges all of them and writes this page.

| | Quick profile | Full profile |
|---|---|---|
"""

NOTE = """
Plain schemathesis catches {plain}: the column **Plain** names its checks that do. It runs all its
checks and phases, 10 examples, with a right key, and its known false alarm on cursors is set aside.
**Verifier** names the clauses that the full profile finds broken, the cause first. A clause in
*italics* is a SHOULD or a MAY: by itself it does not change the exit status.
"""


def write_table(record: Record) -> None:
    """Write the page."""
    PAGE.write_text(page(record))


def page(record: Record) -> str:
    """Return the page, from the last known result of each server."""
    columns = [summary(record.servers, profile) for profile in ("quick", "full")]
    parts = [
        HEAD,
        *(f"| {name} | {columns[0][name]} | {columns[1][name]} |\n" for name in columns[0]),
    ]
    compared = [found["plain"] for found in record.servers.values() if "plain" in found]
    parts.append(NOTE.format(plain=f"{sum(map(bool, compared))} of {len(compared)}"))
    for topic, group in groupby(WRONG, key=lambda name: WRONG[name].topic):
        parts.append(f"\n## {TOPICS[topic]}\n\n| Server | Defect | Plain | Verifier |\n")
        parts.append("|---|---|---|---|\n")
        parts += [row(WRONG[name], record.servers[name]) for name in group]
    parts.append("\n## Right servers\n\n| Server | Peculiarity | Runs | False alarms |\n")
    parts.append("|---|---|---|---|\n")
    for name, mutant in RIGHT.items():
        runs = [found for key, found in record.servers[name].items() if key != "plain"]
        count, alarms = (sum(found[key] for found in runs) for key in ("runs", "alarms"))
        parts.append(f"| `{name}` | {mutant.sentence} | {count} | {alarms} |\n")
    return "".join(parts)


def summary(servers: Found, profile: str) -> dict[str, object]:
    """Return how the verifier did in a profile."""
    wrong = {name: servers[name][profile] for name in WRONG if profile in servers[name]}
    right = {name: servers[name][profile] for name in RIGHT if profile in servers[name]}
    caught = {name: found for name, found in wrong.items() if found["broken"]}
    named = [name for name in caught if caught[name]["broken"][0] in WRONG[name].clauses]
    everyone = [*wrong.values(), *right.values()]
    runs = sum(found["runs"] for found in everyone)
    seconds = sum(found["seconds"] * found["runs"] for found in everyone)
    return {
        "Wrong servers that were caught": f"{len(caught)} of {len(wrong)}",
        "of these, with exit status 1": sum(bool(found["musts"]) for found in caught.values()),
        "of these, named by the right clause first": len(named),
        "Runs on right servers": sum(found["runs"] for found in right.values()),
        "false alarms": sum(found["alarms"] for found in right.values()),
        "Seconds a run, two at a time": f"{seconds / max(1, runs):.1f}",
    }


def row(mutant: Mutant, found: dict[str, Any]) -> str:
    plain = ", ".join(found.get("plain", ["not compared"])) or "none"
    found = found.get("full") or found.get("quick") or {}
    if not found:
        return f"| `{mutant.name}` | {mutant.sentence} | {plain} | not judged |\n"
    shown = [name if name in found["musts"] else f"*{name}*" for name in found["broken"][:3]]
    clauses = ", ".join(shown) or "**missed**"
    more = f" and {len(found['broken']) - 3} more" if len(found["broken"]) > 3 else ""
    return f"| `{mutant.name}` | {mutant.sentence} | {plain} | {clauses}{more} |\n"
