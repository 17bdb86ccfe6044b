"""The list of jobs as a polars frame, built column by column."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from .._errors import UnexpectedShapeError

if TYPE_CHECKING:
    import polars as pl

    from .job import Job

_TIMES = {
    "datetime_created": "_created",
    "datetime_started": "_started",
    "datetime_completed": "_completed",
}
_NESTED = {
    "json_schema": "_json_schema",
    "sampling_params": "_sampling_params",
    "failure_reason": "_failure_reason",
}
# Jobs. Bounds the objects in memory; a frame for each page would take longer to concatenate.
_BATCH = 10_000
# `%#z` accepts `Z`, `+00:00` and `+00`; times without an offset are in UTC. The contract's format
# is the first, so that the others are tried for the rest only.
_TIME_FORMATS = (
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
)


def job_schema() -> pl.Schema:
    """Return names and types of the columns of any frame of jobs, in order."""
    import polars as pl

    moment = pl.Datetime("us", "UTC")
    columns: dict[str, pl.DataType | type[pl.DataType]] = {
        "job_id": pl.String,
        "status": pl.String,
        "model": pl.String,
        "name": pl.String,
        "description": pl.String,
        "num_rows": pl.Int64,
        "datetime_created": moment,
        "datetime_started": moment,
        "datetime_completed": moment,
        "input_tokens": pl.Int64,
        "output_tokens": pl.Int64,
        "job_cost": pl.Float64,
        "cost_estimate": pl.Float64,
        "job_priority": pl.Int64,
        "dataset_id": pl.String,
        "run_type": pl.String,
        "system_prompt": pl.String,
        "json_schema": pl.String,
        "sampling_params": pl.String,
        "failure_reason": pl.String,
    }
    return pl.Schema(columns)


class JobFrameBuilder:
    """Collects jobs page by page and converts them to columns in batches."""

    def __init__(self) -> None:
        self._pending: list[Job] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, jobs: list[Job]) -> None:
        """Add the jobs of a page."""
        self._pending += jobs
        while len(self._pending) >= _BATCH:
            self._frames.append(_frame(self._pending[:_BATCH]))
            del self._pending[:_BATCH]

    def finish(self) -> pl.DataFrame:
        """Return the frame of all jobs. Nested values are JSON strings."""
        import polars as pl

        frames = [*self._frames, _frame(self._pending)]
        self._frames, self._pending = [], []
        return pl.concat(frames, rechunk=True)


def _frame(jobs: list[Job]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame([_column(name, dtype, jobs) for name, dtype in job_schema().items()])


def _column(name: str, dtype: pl.DataType, jobs: list[Job]) -> pl.Series:
    import polars as pl

    if name in _TIMES:
        return _times(name, pl.Series(name, _values(jobs, _TIMES[name]), dtype=pl.String))
    if name in _NESTED:
        texts = [_text(value) for value in _values(jobs, _NESTED[name])]
        return pl.Series(name, texts, dtype=pl.String)
    return pl.Series(name, _values(jobs, name), dtype=dtype)


def _values(jobs: list[Job], attribute: str) -> list[Any]:
    return list(map(attrgetter(attribute), jobs))


def _text(raw: memoryview) -> str | None:
    text = str(raw, "utf-8")
    return None if text == "null" else text


def _times(name: str, texts: pl.Series) -> pl.Series:
    import polars as pl

    parsed = pl.Series(name, [None], dtype=pl.Datetime("us", "UTC")).new_from_index(0, len(texts))
    for format_ in _TIME_FORMATS:
        if parsed.null_count() == texts.null_count():
            break
        found = texts.str.to_datetime(
            format_, time_unit="us", time_zone="UTC", strict=False, ambiguous="earliest"
        )
        parsed = parsed.zip_with(parsed.is_not_null(), found)
    if parsed.null_count() != texts.null_count():
        odd = texts.filter(parsed.is_null() & texts.is_not_null())[0]
        raise UnexpectedShapeError(
            f"The server sent {odd!r} as {name}, which is not an ISO 8601 date-time."
        )
    return parsed
