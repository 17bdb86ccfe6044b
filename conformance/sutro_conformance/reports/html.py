"""The report as one HTML file: the outcome first, then what is broken, then every clause."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any

from ..judging.report import GROUPS, ClauseResult, Failure, Outcome, Report, Verdict
from .files import write_atomically

_TONES = {
    Outcome.KEPT: "kept",
    Outcome.BROKEN: "broken",
    Outcome.ERROR: "unstable",
    Outcome.NOT_JUDGED: "not-exercised",
}
_REASONS = {
    Verdict.NOT_EXERCISED: "Needs",
    Verdict.NOT_OFFERED: "The server has no",
    Verdict.UNSTABLE: "Because",
    Verdict.ERROR: "Because",
}


def write_html(report: Report, file: Path) -> None:
    """Write a report to a file as a page that needs no other file."""
    outcome = report.sentence.rstrip(".")
    template = Template(Path(__file__).with_name("report.html").read_text(encoding="utf-8"))
    page = template.substitute(
        title=escape(f"{outcome}: {report.target}"),
        target=escape(report.target),
        tone=_TONES[report.outcome],
        outcome=escape(outcome),
        explanation=_explanation(report),
        counts=_counts(report),
        findings=_findings(report),
        filters=_filters(),
        groups=_groups(report),
        edition=_edition(report),
        footer=_footer(report),
    )
    write_atomically(file, page.encode("utf-8", "backslashreplace"))


def _explanation(report: Report) -> str:
    decisive = report.failing_levels
    broken = report.with_verdict(Verdict.BROKEN, *decisive)
    sentences = [f"Judged by {len(report.results)} clauses of edition {report.edition}."]
    if broken:
        sentences.append(f"{len(broken)} that must hold are broken.")
    if report.with_verdict(Verdict.UNSTABLE, *decisive):
        sentences.append("Some could not be decided, for the reasons given; run it again.")
    if report.undecided:
        sentences.append(
            f"{len(report.undecided)} that must hold were not decided; what each needs is said."
        )
    return escape(" ".join([*sentences, *report.remarks]))


def _counts(report: Report) -> str:
    return "".join(
        f'<li class="{_tone(verdict)}"><b>{len(report.with_verdict(verdict))}</b>{verdict}</li>'
        for verdict in Verdict
    )


def _tone(verdict: Verdict) -> str:
    return verdict.replace(" ", "-")


def _findings(report: Report) -> str:
    if not report.broken:
        return ""
    return "<h2>Broken clauses</h2>" + "".join(_finding(result) for result in report.broken)


def _finding(result: ClauseResult) -> str:
    clause = result.clause
    notes = [f"{clause.level}. {clause.why}", f"Source: {clause.source}"]
    if result.consequence_of:
        notes.append(f"May follow from {', '.join(result.consequence_of)}.")
    return (
        f'<article class="finding broken" id="{clause.id}">'
        f"<h3>{clause.id}: {_marked(clause.sentence)}</h3>"
        + "".join(f'<span class="note">{_marked(note)}</span>' for note in notes)
        + "".join(_failure(failure) for failure in result.failures)
        + "</article>"
    )


def _failure(failure: Failure) -> str:
    exchanges = "\n\n".join(_exchange(each) for each in failure.exchanges)
    return (
        f"<p>{_marked(failure.message)}</p><pre>{escape(failure.reproduction)}</pre>"
        f"<details><summary>Sent and received</summary><pre>{escape(exchanges)}</pre></details>"
    )


def _exchange(exchange: dict[str, Any]) -> str:
    request, response = exchange["request"], exchange["response"]
    lines = [f"> {request['method']} {request['target']}"]
    lines += [f"> {header}" for header in request["headers"]]
    lines += [f"< {response['status']}", *(f"< {header}" for header in response["headers"])]
    return "\n".join([*lines, "", response["body"]])


def _marked(text: str) -> str:
    """Return a text with what stands between backticks set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _filters() -> str:
    return " ".join(
        f'<label><input type="checkbox" value="{_tone(verdict)}" checked> {verdict}</label>'
        for verdict in Verdict
    )


def _groups(report: Report) -> str:
    return "".join(
        f"<h2>{GROUPS[group]}</h2><table>{''.join(map(_row, results))}</table>"
        for group, results in groupby(report.results, lambda result: result.clause.group)
    )


def _row(result: ClauseResult) -> str:
    clause = result.clause
    name = clause.id
    if result.verdict is Verdict.BROKEN:
        name = f'<a href="#{clause.id}">{clause.id}</a>'
    notes = [f"Seen: {note}" for note in result.seen]
    if result.verdict in _REASONS:
        notes.append(f"{_REASONS[result.verdict]} {result.reason}")
    shown = "".join(f'<span class="note">{_marked(note)}</span>' for note in notes)
    return (
        f'<tr class="{_tone(result.verdict)}"><td>{name}</td><td class="level">{clause.level}</td>'
        f'<td class="verdict">{result.verdict}</td><td>{_marked(clause.sentence)}{shown}</td></tr>'
    )


def _edition(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{_marked(point.point)}</td><td>{escape(point.seen)}</td><td>{point.edition}</td></tr>"
        for point in report.edition_points
    )
    head = "<tr><th>Point</th><th>Seen</th><th>Editions</th></tr>"
    return f"<h2>Edition, point by point</h2><table>{head}{rows}</table>" if rows else ""


def _footer(report: Report) -> str:
    return escape(
        f"{report.started}. {report.requests} requests in {report.seconds:.1f} s, profile"
        f" {report.profile}, seed {report.seed}, leave to cancel: {report.may_cancel},"
        f" {report.disturbances} requests disturbed on the way. Written by sutro-jobs verify."
    )
