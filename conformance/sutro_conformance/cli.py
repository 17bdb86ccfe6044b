"""The command `sutro-jobs verify`, and `sutro-jobs verify diff` for two of its reports."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from .clauses import all_clauses
from .judging.clause import Level
from .judging.report import Report, report_order
from .reports.diff import changes, load_report
from .reports.files import prepare
from .reports.html import write_html
from .reports.json import write_json
from .reports.junit import write_junit
from .reports.markdown import clauses_page
from .reports.terminal import print_changes, print_report, progress_bar
from .run import verify as run
from .settings import Settings
from .wire.errors import CouldNotRunError
from .wire.memory import spare_memory
from .wire.target import Edition, Profile, Target

_WRITERS = {"json": write_json, "junit": write_junit, "html": write_html}
# 128 and the number of SIGINT, as shells have it.
_INTERRUPTED = 130
_FILE = click.Path(dir_okay=False, path_type=Path)
_Option = Callable[[Callable[..., None]], Callable[..., None]]


class _Verify(click.Group):
    """A group that runs by itself, and whose `--allow-cancel` takes several values at once."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Turn `--allow-cancel A B` into `--allow-cancel A --allow-cancel B`."""
        spread: list[str] = []
        listing = has_value = False
        for word in args:
            if word.startswith("-"):
                name, _, value = word.partition("=")
                listing, has_value = name == "--allow-cancel", bool(value)
            elif listing:
                spread += ["--allow-cancel"] if has_value else []
                has_value = True
            spread.append(word)
        return super().parse_args(ctx, spread)


def _choice(values: Any) -> click.Choice[str]:
    return click.Choice([str(value) for value in values], case_sensitive=False)


def _options(*options: _Option) -> _Option:
    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_TARGET = _options(
    click.option("--api-url", envvar="SUTRO_API_URL", show_envvar=True, help="Server to verify."),
    click.option("--api-key", envvar="SUTRO_API_KEY", show_envvar=True, help="A valid API key."),
    click.option(
        "--second-api-key",
        envvar="SUTRO_SECOND_API_KEY",
        show_envvar=True,
        help="API key of another account, to verify that accounts are kept apart.",
    ),
    click.option(
        "--allow-cancel",
        multiple=True,
        metavar="JOB_ID...",
        help="Jobs that may be cancelled. Without leave nothing is cancelled.",
    ),
    click.option("--allow-cancel-any", is_flag=True, help="Allow any job to be cancelled."),
)
_MANNER = _options(
    click.option(
        "--edition",
        type=_choice(Edition),
        default="e3",
        show_default=True,
        help="Edition of the API to judge by; auto takes the one that the server speaks.",
    ),
    click.option("--profile", type=_choice(Profile), default="full", show_default=True),
    click.option(
        "--only", multiple=True, metavar="ID", help="Clause or group to check, as LIST-07."
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="Repeats a run."),
    click.option(
        "--rate-limit",
        type=click.FloatRange(0, min_open=True),
        metavar="N",
        help="Requests a second, at most.",
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(1, 64),
        help="Requests on their way at a time.  [default: 16 on this machine, 8 elsewhere]",
    ),
    click.option(
        "--time-budget",
        type=click.FloatRange(0, min_open=True),
        metavar="SECONDS",
        help="When to stop; what was not reached is not exercised.",
    ),
    click.option(
        "--cancel-timeout",
        type=click.FloatRange(0, min_open=True),
        default=15.0,
        show_default=True,
        metavar="SECONDS",
        help="How long a cancelled job is watched.",
    ),
)
_OUTCOME = _options(
    click.option("--strict", is_flag=True, help="Exit with 3 unless every MUST was decided."),
    click.option(
        "--fail-on",
        type=_choice(["must", "should", "may"]),
        default="must",
        show_default=True,
        help="Lowest level at which a broken clause decides the exit status.",
    ),
    click.option("--report-json", type=_FILE, metavar="FILE"),
    click.option("--report-junit", type=_FILE, metavar="FILE"),
    click.option("--report-html", type=_FILE, metavar="FILE"),
)


@click.group(cls=_Verify, invoke_without_command=True)
@_TARGET
@_MANNER
@_OUTCOME
@click.pass_context
def verify(ctx: click.Context, /, **given: Any) -> None:
    """Verify, clause by clause, whether a server keeps the contract of the Sutro jobs API.

    Reads only, unless --allow-cancel or --allow-cancel-any is given.

    Exit status: 0 the contract is kept, 1 a clause that must hold is broken, 2 the run could not
    be made or the verifier failed, 3 too few clauses that must hold were decided (with --strict:
    not all), 130 interrupted.
    """
    if ctx.invoked_subcommand is not None:
        return
    spare_memory()
    # Hypothesis keeps tables of letters there, and else in the working directory.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(_cache()))
    files = {name: given[f"report_{name}"] for name in _WRITERS if given[f"report_{name}"]}
    for name, file in files.items():
        try:
            prepare(file)
        except OSError as error:
            raise click.UsageError(f"--report-{name}: {file} cannot be written: {error}") from None
    try:
        report = _report(given)
    except CouldNotRunError as failure:
        click.echo(f"Could not verify: {failure}", err=True)
        ctx.exit(2)
    except (click.ClickException, click.exceptions.Exit):
        raise
    except KeyboardInterrupt:
        click.echo("Interrupted: nothing is said of the server.", err=True)
        ctx.exit(_INTERRUPTED)
    except Exception:  # noqa: BLE001 (by itself it would end with 1, which says that a MUST is broken)
        text = traceback.format_exc()
        for key in filter(None, (given["api_key"], given["second_api_key"])):
            text = text.replace(key, "$SUTRO_API_KEY")
        click.echo(f"Could not verify, please report this:\n{text}", err=True)
        ctx.exit(2)
    # A pipe has no width of its own.
    console = Console() if Console().is_terminal else Console(width=160)
    print_report(report, console)
    for name, file in files.items():
        _WRITERS[name](report, file)
    ctx.exit(report.exit_status)


def _cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(root).expanduser() / "sutro-jobs" / "hypothesis"


def _in_options(message: str) -> str:
    """Return a message of the library with options in place of arguments."""
    name, rest = message.partition(" ")[::2]
    option = "api-url" if name == "url" else name.replace("_", "-")
    options = {word for each in verify.params for word in each.opts}
    return f"--{option} {rest}" if f"--{option}" in options else message


def _report(given: dict[str, Any]) -> Report:
    for name in ("api_url", "api_key"):
        if not given[name]:
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"Give {option}, or set SUTRO_{name.upper()}.")
    target_names = ("api_key", "second_api_key", "allow_cancel", "allow_cancel_any")
    names = ("edition", "profile", "seed", "rate_limit", "concurrency", "time_budget")
    try:
        target = Target(url=given["api_url"], **{name: given[name] for name in target_names})
        settings = Settings(
            **{name: given[name] for name in (*names, "cancel_timeout")},
            only=given["only"] or None,
        )
    except ValueError as error:
        raise click.UsageError(_in_options(str(error))) from None
    with progress_bar(Console(stderr=True)) as progress:
        return run(
            target,
            settings,
            progress=progress,
            strict=given["strict"],
            fail_on=Level(given["fail_on"].upper()),
        )


@verify.command()
@click.argument("before", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("after", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def diff(ctx: click.Context, before: Path, after: Path) -> None:
    """Show the clauses whose verdicts differ between two JSON reports.

    Exit status: 1 if a MUST is broken in the second report that was not in the first, else 0.
    """
    try:
        found = changes(load_report(before), load_report(after))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    print_changes(found, Console())
    ctx.exit(int(any(each.is_worse and each.level == Level.MUST for each in found)))


@verify.command("clauses")
@click.option("--markdown", is_flag=True, help="As the page of the documentation.")
def list_clauses(markdown: bool) -> None:
    """List the clauses: ID, level and sentence."""
    if markdown:
        click.echo(clauses_page(all_clauses()), nl=False)
        return
    for clause in sorted(all_clauses(), key=report_order):
        click.echo(f"{clause.id:<11} {clause.level:<6}  {clause.sentence}")
