"""The page docs/mutants.md: what catches each wrong server."""

from itertools import groupby
from pathlib import Path
from typing import Any

from .catalogue import RIGHT, WRONG, Mutant
from .defects import ROOMS
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

| | |
|---|---|
"""

NOTE = """
**Plain** names the checks of plain schemathesis that catch a server: all its checks and phases, 10
examples, a right key, and its known false alarm on cursors set aside. **Verifier** names the
clauses that were found broken, the cause first. A clause in *italics* is a SHOULD or a MAY: by
itself it does not change the exit status.
"""


def write_table(record: Record) -> None:
    """Write the page from the last known result of each server."""
    wrong = {name: found for name in WRONG if "broken" in (found := record.servers[name])}
    right = {name: found for name in RIGHT if "broken" in (found := record.servers[name])}
    parts = [HEAD, *(f"| {name} | {value} |\n" for name, value in summary(wrong, right)), NOTE]
    for room, group in groupby(wrong, key=lambda name: WRONG[name].room):
        parts.append(f"\n## {ROOMS[room]}\n\n| Server | Defect | Plain | Verifier |\n")
        parts.append("|---|---|---|---|\n")
        parts += [row(WRONG[name], wrong[name]) for name in group]
    parts.append("\n## Right servers\n\n| Server | Peculiarity | Runs | False alarms |\n")
    parts.append("|---|---|---|---|\n")
    parts += [
        f"| `{name}` | {RIGHT[name].sentence} | {found['runs']} | {found['alarms']} |\n"
        for name, found in right.items()
    ]
    PAGE.write_text("".join(parts))


def summary(wrong: Found, right: Found) -> list[tuple[str, object]]:
    caught = {name: found for name, found in wrong.items() if found["broken"]}
    named = [name for name in caught if caught[name]["broken"][0] in WRONG[name].clauses]
    compared = [found["plain"] for found in wrong.values() if "plain" in found]
    everyone = [*wrong.values(), *right.values()]
    mean = sum(found["seconds"] for found in everyone) / max(1, len(everyone))
    return [
        ("Wrong servers", len(wrong)),
        ("caught by plain schemathesis", f"{sum(map(bool, compared))} of {len(compared)} compared"),
        ("caught by the verifier", len(caught)),
        ("of these, with exit status 1", sum(bool(found["musts"]) for found in caught.values())),
        ("of these, named by the right clause first", len(named)),
        ("Runs on right servers", sum(found["runs"] for found in right.values())),
        ("false alarms", sum(found["alarms"] for found in right.values())),
        ("Profile", " and ".join(sorted({found["profile"] for found in everyone}))),
        ("Seconds a run, beside others", f"{mean:.1f}"),
    ]


def row(mutant: Mutant, found: dict[str, Any]) -> str:
    plain = ", ".join(found.get("plain", ["not compared"])) or "none"
    shown = [name if name in found["musts"] else f"*{name}*" for name in found["broken"][:3]]
    clauses = ", ".join(shown) or "**missed**"
    more = f" and {len(found['broken']) - 3} more" if len(found["broken"]) > 3 else ""
    return f"| `{mutant.name}` | {mutant.sentence} | {plain} | {clauses}{more} |\n"
