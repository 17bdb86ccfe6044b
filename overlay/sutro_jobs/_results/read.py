"""From a results file to a polars frame with the requested columns, outputs packed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import polars.selectors as cs
from attrs import frozen

from .._errors import DecodingError
from .columns import recognize
from .options import ResultsOptions


@frozen
class Results:
    """Results of a job. `carried` names the columns that came along from its inputs."""

    frame: pl.DataFrame
    carried: list[str]


@frozen
class LazyResults:
    """`Results` as a lazy frame over a results file."""

    lazy: pl.LazyFrame
    carried: list[str]


def scan_file(path: Path, job_id: str, options: ResultsOptions) -> LazyResults:
    """Open a results file.

    Raises:
        DecodingError: it is not a Parquet file.
        UnexpectedShapeError: it lacks a requested column.
    """
    with _parquet_errors(job_id):
        lazy = pl.scan_parquet(path, glob=False)
        present = lazy.collect_schema().names()
    columns = recognize(present, job_id)
    # Selected one by one: a name such as `^x$` or `*` would be a pattern to pl.col().
    names = columns.named(options).items()
    lazy = lazy.select(cs.by_name(wire).alias(name) for wire, name in names)
    return LazyResults(lazy, list(columns.carried))


def read_file(path: Path, job_id: str, options: ResultsOptions) -> Results:
    """Read a results file.

    Raises:
        DecodingError: it is not a Parquet file, or a damaged one.
        UnexpectedShapeError: it lacks a requested column.
    """
    opened = scan_file(path, job_id, options)
    with _parquet_errors(job_id):
        return Results(opened.lazy.collect(), opened.carried)


@contextmanager
def _parquet_errors(job_id: str) -> Generator[None]:
    try:
        yield
    except FileNotFoundError:
        raise  # Another process has evicted the file: it is downloaded again.
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DecodingError(
            f"The results of {job_id} are not a readable Parquet file ({error}). Try again; if "
            "the error persists, download_job_results(job_id, path, format='csv') may help."
        ) from error
