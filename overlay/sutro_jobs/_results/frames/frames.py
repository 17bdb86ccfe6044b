"""One interface to the types of frame that results can be attached to."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

import narwhals as nw
import polars as pl
from narwhals.dependencies import is_pandas_dataframe, is_pyarrow_table

from ..._errors import ArgumentError
from .pandas import beside_pandas, values_of_pandas
from .portable import portable

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FrameT = TypeVar("FrameT")
FrameT_co = TypeVar("FrameT_co", covariant=True)


class EagerFrame(Protocol[FrameT_co]):
    """What attaching needs of a frame."""

    @property
    def height(self) -> int:
        """Number of rows."""
        ...

    @property
    def names(self) -> Collection[Any]:
        """Names of the columns."""
        ...

    def values(self, name: str) -> pl.Series:
        """Return a column."""
        ...

    def beside(self, results: pl.DataFrame) -> FrameT_co:
        """Return the frame with additional columns."""
        ...


def wrap(frame: FrameT) -> EagerFrame[FrameT]:
    """Return the interface for a frame of polars, pandas, PyArrow or others that narwhals supports.

    Raises:
        ArgumentError: it is not an eager frame.
    """
    if isinstance(frame, pl.DataFrame):
        kind: Any = _Polars(frame)
    elif is_pandas_dataframe(frame):
        kind = _Pandas(frame)
    elif is_pyarrow_table(frame):
        kind = _Arrow(frame)
    else:
        kind = _Other(frame)
    return cast("EagerFrame[FrameT]", kind)


class _Polars:
    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self.height, self.names = frame.height, frame.columns

    def values(self, name: str) -> pl.Series:
        return self._frame[name]

    def beside(self, results: pl.DataFrame) -> pl.DataFrame:
        return self._frame.hstack(results.get_columns())


class _Pandas:
    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self.height, self.names = len(frame), list(frame.columns)

    def values(self, name: str) -> pl.Series:
        return values_of_pandas(self._frame[name])

    def beside(self, results: pl.DataFrame) -> pd.DataFrame:
        return beside_pandas(self._frame, results)


class _Arrow:
    def __init__(self, frame: pa.Table) -> None:
        self._frame = frame
        self.height, self.names = frame.num_rows, frame.column_names

    def values(self, name: str) -> pl.Series:
        return pl.Series(name, self._frame.column(name))

    def beside(self, results: pl.DataFrame) -> pa.Table:
        table = self._frame
        for column in portable(results):
            values: pa.Array[Any] = column.to_arrow()  # pyright: ignore[reportUnknownVariableType]
            table = table.append_column(column.name, values)
        return table


class _Other(Generic[FrameT]):
    """A frame of another library, through narwhals."""

    def __init__(self, frame: FrameT) -> None:
        self._frame: nw.DataFrame[Any] = _narwhals(frame)
        self.height, self.names = len(self._frame), self._frame.columns

    def values(self, name: str) -> pl.Series:
        return pl.Series(name, self._frame[name].to_list())

    def beside(self, results: pl.DataFrame) -> FrameT:
        columns = nw.from_arrow(portable(results), backend=self._frame.implementation)
        return cast("FrameT", self._frame.with_columns(*columns.iter_columns()).to_native())


def _narwhals(frame: Any) -> nw.DataFrame[Any]:
    try:
        return nw.from_native(frame, eager_only=True)
    except TypeError as error:
        hint = " Call its collect() first." if hasattr(frame, "collect") else ""
        raise ArgumentError(
            "with_original_df must be an eager frame, such as one of polars, pandas or PyArrow, "
            f"not {type(frame).__name__}.{hint}"
        ) from error
