"""The clauses as a page of documentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ..judging.clause import Clause, Level
from ..judging.report import GROUPS, report_order

_HEAD = """\
# Clauses

What `sutro-jobs verify` checks, {count} clauses: {levels}. Levels are those of RFC 2119: MUST where
the evidence or HTTP itself demands it, SHOULD for what is merely right, MAY for what is reported
only. Three MUST clauses stand on neither but on what no server may do to its users: ERROR-02 and
ERROR-03 (no stack trace and no key in an answer) and PAGE-07 (no answer to a cursor that was never
given).

*Source* names the ground of a clause: a seed is one of the three documents that the project started
from, *evidence* the notes on the vendor's public documentation and SDK, and e1, e2 and e3 are the
editions of the API. *Needs* says what an account must have for the clause to be exercised.

Written by `make clauses` from the clauses themselves.
"""


def clauses_page(clauses: Sequence[Clause]) -> str:
    """Return the page on all clauses, in Markdown."""
    ordered = sorted(clauses, key=report_order)
    count = {level: sum(each.level is level for each in ordered) for level in Level}
    levels = ", ".join(f"{number} {level}" for level, number in count.items())
    parts = [_HEAD.format(count=len(ordered), levels=levels)]
    for group, members in groupby(ordered, lambda clause: clause.group):
        parts.append(f"## {group}: {GROUPS[group]}\n")
        parts += ["\n".join(_entry(clause)) for clause in members]
    return "\n".join(parts)


def _entry(clause: Clause) -> Iterator[str]:
    yield f"### {clause.id} {clause.level}\n"
    yield f"**{clause.sentence}**\n"
    yield f"{clause.why}\n"
    yield f"- Source: {clause.source}"
    if clause.needs:
        yield f"- Needs: {clause.needs}"
    if clause.rests_on:
        yield f"- Rests on: {', '.join(clause.rests_on)}"
    yield f"- Violation: {clause.violation}"
    yield f"- Code: `{clause.module.partition('.')[2].replace('.', '/')}.py`\n"
