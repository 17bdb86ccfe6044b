"""Reads results of any format into columns, and compares their values."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.parquet as pq

from ..wire.exchange import Exchange

Columns = dict[str, list[Any]]
KNOWN = frozenset({"outputs", "inputs", "cumulative_logprobs", "confidence_score"})
# Jobs of at most 20,000 rows are read so; what is much larger is no result of them.
_LARGEST_TABLE = 128 * 2**20
_MOST_CELLS = 4_000_000
_OUTPUTS = ("outputs", "inference_result", "output", "results")


class UnreadableError(Exception):
    """Results are not in the format that was asked for; the text says why."""


@attrs.frozen
class Table:
    """Results as columns. `outputs_name` is what the column of the outputs is called."""

    columns: Columns
    outputs_name: str | None
    types: dict[str, Any] = attrs.field(factory=dict)

    @property
    def lengths(self) -> dict[str, int]:
        """Return the length of each column."""
        return {name: len(values) for name, values in self.columns.items()}

    @property
    def heights(self) -> set[int]:
        """Return the different lengths of columns, one where all is well."""
        return {*self.lengths.values()}

    @property
    def extra(self) -> set[str]:
        """Return the names of columns that the contract does not name, such as an ID column."""
        return self.columns.keys() - KNOWN


def read(exchange: Exchange, format_: str, job_id: str) -> Table:
    """Read results.

    Raises:
        UnreadableError: the body is not what the format promises.
    """
    readers = {"json": _read_json, "csv": _read_csv, "parquet": _read_parquet}
    columns, types = readers[format_](exchange)
    if format_ == "json":
        return Table(columns, "outputs")
    name = next((name for name in (job_id, *_OUTPUTS) if name in columns), None)
    if name is None and len(unnamed := columns.keys() - KNOWN) == 1:
        (name,) = unnamed
    if name is not None:
        columns = {"outputs" if each == name else each: columns[each] for each in columns}
        types = {"outputs" if each == name else each: types[each] for each in types}
    return Table(columns, name, types)


def _read_json(exchange: Exchange) -> tuple[Columns, dict[str, Any]]:
    if not isinstance(exchange.data, dict):
        raise UnreadableError("The body is not a JSON object.")
    wrong = [name for name, values in exchange.data.items() if not isinstance(values, list)]
    if wrong:
        raise UnreadableError(f"`{wrong[0]}` is not an array.")
    if "outputs" not in exchange.data:
        raise UnreadableError("There is no `outputs`.")
    return exchange.data, {}


def _read_csv(exchange: Exchange) -> tuple[Columns, dict[str, Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(exchange.body)) as archive:
            names = [each.filename for each in archive.infolist() if not each.is_dir()]
            if len(names) != 1:
                raise UnreadableError(f"The ZIP archive has {len(names)} files: {names}.")
            if names[0].startswith("/") or ".." in re.split(r"[/\\]", names[0]):
                raise UnreadableError(
                    f"The file in the archive would leave its folder: {names[0]!r}."
                )
            with archive.open(names[0]) as file:
                content = file.read(_LARGEST_TABLE + 1)
            if len(content) > _LARGEST_TABLE:
                raise UnreadableError("The file in the archive is too large to be read.")
            text = content.decode("utf-8-sig")
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise UnreadableError(
            f"The body is not a ZIP archive of a CSV file: {str(error).rstrip('.')}."
        ) from None
    csv.field_size_limit(2**31 - 1)
    rows = [*csv.reader(io.StringIO(text, newline=""))]
    # Of several columns an empty line is nothing, of one column it may be a row without a value.
    rows = [row or [""] for row in rows if row or len(rows[0]) == 1]
    if not rows or len(set(rows[0])) < len(rows[0]):
        raise UnreadableError("The CSV file has no header line of different names.")
    if any(len(row) != len(rows[0]) for row in rows):
        raise UnreadableError("The CSV file has lines of different lengths.")
    header, *rest = rows
    return {name: [row[index] for row in rest] for index, name in enumerate(header)}, {}


def _read_parquet(exchange: Exchange) -> tuple[Columns, dict[str, Any]]:
    try:
        file = pq.ParquetFile(io.BytesIO(exchange.body))
        _refuse_bombs(file.metadata)
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableError(
            f"The body is not a Parquet file: {str(error).rstrip('.')}."
        ) from None
    types = {field.name: field.type for field in table.schema}
    return {name: table.column(name).to_pylist() for name in table.column_names}, types


def _refuse_bombs(metadata: Any) -> None:
    """Refuse a file that unpacks to far more than any that was asked for.

    Raises:
        UnreadableError: it does.
    """
    groups = (metadata.row_group(index) for index in range(metadata.num_row_groups))
    size = sum(group.total_byte_size for group in groups)
    cells = metadata.num_rows * metadata.num_columns
    if size > _LARGEST_TABLE or cells > _MOST_CELLS:
        raise UnreadableError(f"The file has {metadata.num_rows} rows of {size} bytes.")


def first_difference(left: Columns, right: Columns, *, typed: bool = True) -> str | None:
    """Return where two tables of the same columns differ, or None.

    Unless both are `typed`, as CSV is not, a number and its text are one value, and so are null and
    the empty text.
    """
    for name in left.keys() & right.keys():
        if len(left[name]) != len(right[name]):
            return f"`{name}` has {len(left[name])} and {len(right[name])} rows"
        for row, pair in enumerate(zip(left[name], right[name], strict=True)):
            if not _same(*pair, typed=typed):
                shown = " and ".join(_shown(value) for value in pair)
                return f"`{name}` differs in row {row + 1}: {shown}"
    return None


def _same(left: Any, right: Any, *, typed: bool) -> bool:
    """Return whether two values are one value, as far as formats that know fewer types can say."""
    one, other = pair = _plain(left), _plain(right)
    if one == other:
        return True
    if typed and {type(one), type(other)} in ({str, int}, {str, float}):
        return False
    if not typed and all(each in ("", None) for each in pair):
        return True
    return _says(one, other) or _says(other, one) or _is_instant(one, other)


def _says(text: Any, value: Any) -> bool:
    """Return whether a text is what a format without types makes of a value."""
    if isinstance(value, bool):
        return str(text).lower() == str(value).lower()
    if isinstance(value, int):
        return _number(text) == value
    if isinstance(value, float):
        return _is_close(value, text)
    return isinstance(value, dict | list) and bool(_decoded(text) == value)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    return value if isinstance(value, str | int | float | bool | dict | list | None) else str(value)


def _number(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text))
    except ArithmeticError:
        return None


def _is_close(number: float, other: Any) -> bool:
    try:
        # Single precision is enough to call log-probabilities the same.
        return math.isclose(number, float(other), rel_tol=1e-5, abs_tol=1e-9)
    except (TypeError, ValueError, OverflowError):
        return False


def _is_instant(one: Any, other: Any) -> bool:
    """Return whether two texts name one instant; each writer of files spells times in its way."""
    try:
        moments = [datetime.fromisoformat(text) for text in (one, other)]
    except (TypeError, ValueError):
        return False
    zoned = [each if each.tzinfo else each.replace(tzinfo=UTC) for each in moments]
    return zoned[0] == zoned[1]


def _decoded(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 80 else text[:80] + "…"
