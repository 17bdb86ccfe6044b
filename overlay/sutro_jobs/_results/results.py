"""Results as a polars frame, and which of its columns came along from the job's inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Results:
    """Results of a job. `carried` names the columns that came along from its inputs."""

    frame: pl.DataFrame
    carried: list[str]
