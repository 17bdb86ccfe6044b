"""The report for a terminal, and the progress of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ..judging.report import ClauseResult, Outcome, Report, Verdict
from .diff import Change

_COLORS = {
    Verdict.KEPT: "green",
    Verdict.BROKEN: "bold red",
    Verdict.NOT_EXERCISED: "yellow",
    Verdict.NOT_OFFERED: "dim",
    Verdict.UNSTABLE: "magenta",
    Verdict.ERROR: "bold magenta",
}
_OUTCOMES = {
    Outcome.KEPT: "bold green",
    Outcome.BROKEN: "bold red",
    Outcome.ERROR: "bold magenta",
    Outcome.NOT_JUDGED: "bold yellow",
}
_REASONS = {
    Verdict.NOT_EXERCISED: "Needs",
    Verdict.NOT_OFFERED: "The server has no",
    Verdict.UNSTABLE: "Because",
    Verdict.ERROR: "Because",
}


@contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[ClauseResult, int], None]]:
    """Show on a terminal how far a run is; elsewhere show nothing."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    bar = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
    task = bar.add_task("Verifying", total=None)
    broken = 0

    def show(result: ClauseResult, total: int) -> None:
        nonlocal broken
        broken += result.verdict is Verdict.BROKEN
        text = f"{result.id:<11} [red]{broken} broken[/]" if broken else f"{result.id:<11}"
        bar.update(task, total=total, advance=1, description=text)

    if not console.is_terminal:
        yield lambda result, total: None
        return
    with bar:
        yield show


def print_report(report: Report, console: Console) -> None:
    """Print the verdict on each clause, then how each broken one shows, then the outcome."""
    console.print(f"[bold]{escape(report.target)}[/], judged by edition {report.edition}")
    for point in report.edition_points:
        console.print(
            f"  {escape(point.point)}: {escape(point.seen)} ({point.edition})", style="dim"
        )
    console.print()
    console.print(_verdicts(report.results))
    for result in report.broken:
        _print_broken(result, console)
    _print_outcome(report, console)


def _verdicts(results: Sequence[ClauseResult]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for result in results:
        text = escape(result.clause.sentence)
        if result.verdict in _REASONS:
            text += f"\n[dim]{_REASONS[result.verdict]}: {escape(result.reason)}[/]"
        for note in result.seen:
            text += f"\n[dim]Seen: {escape(note)}[/]"
        color = _COLORS[result.verdict]
        table.add_row(result.id, str(result.level), f"[{color}]{result.verdict}[/]", text)
    return table


def _print_broken(result: ClauseResult, console: Console) -> None:
    clause = result.clause
    console.print(f"\n[bold red]{result.id}[/] {result.level} {escape(clause.sentence)}")
    console.print(f"  [dim]Source: {escape(clause.source)}[/]")
    if result.consequence_of:
        causes = ", ".join(result.consequence_of)
        console.print(f"  [dim]May follow from {causes}.[/]")
    for failure in result.failures:
        console.print(Padding(escape(failure.message), (0, 0, 0, 2)))
        for line in failure.reproduction.splitlines():
            console.print(f"    {escape(line)}", style="cyan", soft_wrap=True, highlight=False)


def _print_outcome(report: Report, console: Console) -> None:
    counts = ", ".join(
        f"{len(found)} {verdict}" for verdict in Verdict if (found := report.with_verdict(verdict))
    )
    noun = "clause" if len(report.results) == 1 else "clauses"
    console.print(
        f"\n{len(report.results)} {noun}: {counts}. {report.requests} requests in"
        f" {report.seconds:.1f} s, seed {report.seed},"
        f" leave to cancel: {escape(report.may_cancel)}."
    )
    if report.disturbances:
        console.print(f"{report.disturbances} requests were disturbed on the way and repeated.")
    for remark in report.remarks:
        console.print(escape(remark))
    if report.undecided:
        console.print("What undecided clauses need stands above.")
    console.print(report.sentence, style=_OUTCOMES[report.outcome])


def print_changes(changes: Sequence[Change], console: Console) -> None:
    """Print the difference of two reports."""
    if not changes:
        console.print("No verdict changed.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for change in changes:
        color = "bold red" if change.is_worse else "green" if change.after == "kept" else "yellow"
        verdicts = f"{change.before} -> [{color}]{change.after}[/]"
        table.add_row(change.id, change.level, verdicts, escape(change.sentence))
    console.print(table)
