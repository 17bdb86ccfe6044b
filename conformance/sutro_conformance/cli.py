"""The command `sutro-jobs verify`."""

from __future__ import annotations

import click

from ._run import verify as run
from ._target import CouldNotRun, Edition, Profile, Settings, Target


@click.command()
@click.option("--api-url", envvar="SUTRO_API_URL", required=True)
@click.option("--api-key", envvar="SUTRO_API_KEY", required=True)
@click.option("--second-api-key", envvar="SUTRO_SECOND_API_KEY")
@click.option("--allow-cancel", multiple=True, metavar="JOB_ID")
@click.option("--allow-cancel-any", is_flag=True)
@click.option("--edition", type=click.Choice([e.value for e in Edition]), default="e3")
@click.option("--profile", type=click.Choice([p.value for p in Profile]), default="full")
@click.option("--seed", type=int, default=0)
@click.pass_context
def verify(
    ctx, api_url, api_key, second_api_key, allow_cancel, allow_cancel_any, edition, profile, seed
):
    """Verify."""
    target = Target(
        url=api_url,
        api_key=api_key,
        second_api_key=second_api_key,
        allow_cancel=allow_cancel,
        allow_cancel_any=allow_cancel_any,
    )
    try:
        report = run(
            target,
            Settings(edition=edition, profile=profile, seed=seed),
            progress=lambda r, t: click.echo(
                f"{r.verdict:14} {r.level:6} {r.id} {r.clause.sentence}", err=True
            ),
        )
    except CouldNotRun as error:
        click.echo(str(error), err=True)
        ctx.exit(2)
    for r in report.results:
        click.echo(
            f"{r.verdict:14} {r.level:6} {r.id:10} {r.checks:4} {r.seconds:5.2f} {r.clause.sentence} {r.reason if r.verdict not in ('kept', 'broken') else ''} {r.seen or ''}"
        )
        for f in r.failures:
            click.echo(f"     {f.message}\n       {f.reproduction}")
    click.echo(f"{report.seconds} s, {report.requests} requests, exit {report.exit_status}")
    ctx.exit(report.exit_status)
