"""`sutro-jobs cache show` and `sutro-jobs cache clear`."""

from __future__ import annotations

from pathlib import Path

import click

from .._cache import CacheEntry, ResultsCache, default_root
from .._configuration.options import CACHE_SIZE

# Binary units, as file managers and `ls -h` show them.
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


@click.group()
@click.option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the cache; by default SUTRO_CACHE_DIR, or ~/.sutro/cache.",
)
@click.pass_context
def cache(context: click.Context, cache_dir: Path | None) -> None:
    """Show or clear the cache of results on disk."""
    context.obj = ResultsCache(cache_dir or default_root(), CACHE_SIZE)


@cache.command()
@click.pass_obj
def show(results_cache: ResultsCache) -> None:
    """List the jobs whose results are in the cache, most recently used first."""
    entries = results_cache.entries()
    for entry in entries:
        used = f"{entry.last_used.astimezone():%Y-%m-%d %H:%M}"
        click.echo(f"{used}  {_size(entry.size):>10}  {entry.job_id}  {entry.api_url}")
    click.echo(f"{_summary(entries)} in {results_cache.root}")


@cache.command()
@click.pass_obj
def clear(results_cache: ResultsCache) -> None:
    """Remove all results from the cache."""
    try:
        entries = results_cache.clear()
    except OSError as error:
        raise click.ClickException(f"{results_cache.root} cannot be cleared: {error}") from error
    click.echo(f"Removed {_summary(entries)} from {results_cache.root}")


def _summary(entries: list[CacheEntry]) -> str:
    jobs = "1 job" if len(entries) == 1 else f"{len(entries)} jobs"
    return f"{jobs}, {_size(sum(entry.size for entry in entries))}"


def _size(count: int) -> str:
    size, unit = float(count), 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{count} B"
