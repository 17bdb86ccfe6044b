"""The page docs/mutants.md: what catches each wrong server."""

from itertools import groupby
from pathlib import Path

from .catalogue import RIGHT, WRONG, Mutant
from .defects import ROOMS
from .judge import Outcome
from .run import Score, known_comparison

PAGE = Path(__file__).parents[2] / "docs" / "mutants.md"

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


def write_table(score: Score) -> None:
    """Write the page; servers that were not judged in this run are left out."""
    plain = known_comparison()
    found = {outcome.name: outcome for outcome in score.wrong}
    caught = sum(bool(plain.get(name)) for name in found)
    rows = {
        "Wrong servers": len(score.wrong),
        "caught by plain schemathesis": caught,
        "caught by the verifier": len(score.caught),
        "of these, with exit status 1": sum(o.exit_status == 1 for o in score.wrong),
        "named by the right clause first": len(score.named_rightly),
        "Runs on right servers": len(score.right),
        "false alarms": len(score.false_alarms),
        "Seconds a run": f"{score.seconds:.1f}",
    }
    parts = [HEAD, *(f"| {name} | {value} |\n" for name, value in rows.items()), NOTE]
    judged = [WRONG[name] for name in WRONG if name in found]
    for room, mutants in groupby(judged, key=lambda mutant: mutant.room):
        parts.append(f"\n## {ROOMS[room]}\n\n| Server | Defect | Plain | Verifier |\n")
        parts.append("|---|---|---|---|\n")
        parts += [row(mutant, plain, found[mutant.name]) for mutant in mutants]
    parts.append("\n## Right servers\n\n| Server | Peculiarity |\n|---|---|\n")
    parts += [f"| `{right.name}` | {right.sentence} |\n" for right in RIGHT.values()]
    PAGE.write_text("".join(parts))


def row(mutant: Mutant, plain: dict[str, list[str]], outcome: Outcome) -> str:
    checks = ", ".join(plain.get(mutant.name, [])) or "none"
    shown = [name if name in outcome.musts else f"*{name}*" for name in outcome.broken[:3]]
    clauses = ", ".join(shown) or "**missed**"
    more = f" and {len(outcome.broken) - 3} more" if len(outcome.broken) > 3 else ""
    return f"| `{mutant.name}` | {mutant.sentence} | {checks} | {clauses}{more} |\n"
