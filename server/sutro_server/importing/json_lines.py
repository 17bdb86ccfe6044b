"""JSON-lines files: an object a line."""

from collections.abc import Iterator
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import IO, Any

import attrs
import msgspec
import pyarrow as pa

from ..errors import ImportFileError
from ..json_text import decode_json
from .batches import BATCH_BYTES, BATCH_ROWS, MAX_TEXT, RowBatch
from .columns import require_columns

# Beyond it not every integer is a float.
_EXACT = 2**53
_INT64 = range(-(2**63), 2**63)
# What a field that is not there becomes: the same as null, but another object.
_ABSENT = msgspec.Raw(b"null")

Cells = list[msgspec.Raw]


class _Kind(Enum):
    """What the values of a column are; a column of several kinds holds texts."""

    TEXT = auto()
    INTEGER = auto()
    FLOAT = auto()
    BOOLEAN = auto()
    MIXED = auto()


_TYPES: dict[frozenset[_Kind], pa.DataType] = {
    frozenset({_Kind.INTEGER}): pa.int64(),
    frozenset({_Kind.FLOAT}): pa.float64(),
    frozenset({_Kind.INTEGER, _Kind.FLOAT}): pa.float64(),
    frozenset({_Kind.BOOLEAN}): pa.bool_(),
}
_NAMES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXTS = msgspec.json.Decoder(list[str | None])
_NUMBERS = msgspec.json.Decoder(list[int | float | None])
_FLOATS = msgspec.json.Decoder(list[float | None])
_BOOLEANS = msgspec.json.Decoder(list[bool | None])
_DECODERS: dict[pa.DataType, msgspec.json.Decoder[Any]] = {
    pa.int64(): _NUMBERS,
    pa.float64(): _FLOATS,
    pa.bool_(): _BOOLEANS,
    pa.string(): _TEXTS,
}


@attrs.frozen
class _Chunk:
    """Some lines: their numbers, the cells of each column, and the share of the file read so."""

    numbers: list[int]
    columns: list[Cells]
    share: float


@attrs.define
class _Seen:
    """What was seen of a column: the kinds of its values, and the largest integer."""

    name: str
    present: bool = False
    kinds: set[_Kind] = attrs.field(factory=set)
    largest: int = 0

    def add(self, path: Path, chunk: _Chunk, cells: Cells) -> None:
        """Look at some more values."""
        self.present |= any(cell is not _ABSENT for cell in cells)
        if (texts := _decode(cells, _TEXTS)) is not None:
            self.kinds |= {_Kind.TEXT} if any(text is not None for text in texts) else set()
        elif (numbers := _decode(cells, _NUMBERS)) is not None:
            self._add_numbers(path, chunk, cells, numbers)
        elif _decode(cells, _BOOLEANS) is not None:
            self.kinds.add(_Kind.BOOLEAN)
        else:
            self.kinds.add(_Kind.MIXED)
            self._check_each(path, chunk, cells)

    def _check_each(self, path: Path, chunk: _Chunk, cells: Cells) -> None:
        for number, cell in zip(chunk.numbers, cells, strict=True):
            try:
                decode_json(cell, object)
            except ValueError as error:
                place = f"{path}, line {number}, column '{self.name}'"
                raise ImportFileError(f"{place}: {error}") from error

    def _add_numbers(self, path: Path, chunk: _Chunk, cells: Cells, numbers: list[Any]) -> None:
        integers = [number for number in numbers if type(number) is int]
        # Minus zero is a float alone.
        signed = 0 in integers and any(bytes(cell) == b"-0" for cell in cells)
        if signed or any(type(number) is float for number in numbers):
            self.kinds.add(_Kind.FLOAT)
        if integers:
            self.kinds.add(_Kind.INTEGER)
            self.largest = max(self.largest, max(integers), -min(integers))
        if integers and not (min(integers) in _INT64 and max(integers) in _INT64):
            line = next(
                line
                for line, number in zip(chunk.numbers, numbers, strict=True)
                if type(number) is int and number not in _INT64
            )
            raise ImportFileError(
                f"{path}, line {line}, column '{self.name}': an integer above 64 bits. "
                "Write it as a text."
            )

    def type(self, path: Path) -> pa.DataType:
        """Return the type that holds all values."""
        if self.kinds == {_Kind.INTEGER, _Kind.FLOAT} and self.largest > _EXACT:
            raise ImportFileError(
                f"{path}: column '{self.name}' holds floats beside an integer of {self.largest}, "
                "which is more than a float can say exactly. Write its numbers as texts."
            )
        return _TYPES.get(frozenset(self.kinds), pa.string())


def json_line_rows(path: Path, columns: list[str], _: str | None) -> Iterator[RowBatch]:
    """Yield the rows of a file; the whole of it decides of which type a column is.

    Texts are texts; columns of numbers or of booleans alone keep these. In all others each value
    that is not a text, such as an object, becomes the JSON that stands in the file.
    """
    seen = [_Seen(name) for name in columns]
    for chunk in _chunks(path, columns):
        for column, cells in zip(seen, chunk.columns, strict=True):
            column.add(path, chunk, cells)
    _require(path, [column.name for column in seen if not column.present])
    types = [column.type(path) for column in seen]
    first = 1
    for chunk in _chunks(path, columns):
        arrays = [_array(cells, type_) for cells, type_ in zip(chunk.columns, types, strict=True)]
        yield RowBatch(pa.record_batch(arrays, names=columns), first, chunk.share)
        first += len(chunk.numbers)


def _array(cells: Cells, type_: pa.DataType) -> "pa.Array[Any]":
    values = _decode(cells, _DECODERS[type_])
    return pa.array([_text(cell) for cell in cells] if values is None else values, type_)


def _text(cell: msgspec.Raw) -> str | None:
    text = bytes(cell).decode()
    if text == "null":
        return None
    return msgspec.json.decode(text, type=str) if text[0] == '"' else text


def _decode(cells: Cells, decoder: "msgspec.json.Decoder[Any]") -> list[Any] | None:
    """Return the values of cells that are all of a type, or null; None for others."""
    # All at once, which takes a tenth of the time of one after the other.
    try:
        values: list[Any] = decoder.decode(b"[" + b",".join(cells) + b"]")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return values


def _chunks(path: Path, columns: list[str]) -> Iterator[_Chunk]:
    size = path.stat().st_size
    names = [f"field_{number}" for number in range(len(columns))]
    # Only the wanted fields are taken out of a line, as the JSON that they are. None of them can
    # lead back to its line, so the garbage collector need not look.
    fields = [
        (name, msgspec.Raw, msgspec.field(default=_ABSENT, name=column))
        for name, column in zip(names, columns, strict=True)
    ]
    decoder = msgspec.json.Decoder(msgspec.defstruct("Line", fields, gc=False))
    with path.open("rb") as source:
        for numbers, lines in _line_groups(path, source):
            rows = _decode_lines(path, numbers, lines, decoder)
            cells = [[getattr(row, name) for row in rows] for name in names]
            yield _Chunk(numbers, cells, source.tell() / size)


def _line_groups(path: Path, source: IO[bytes]) -> Iterator[tuple[list[int], list[bytes]]]:
    numbers: list[int] = []
    lines: list[bytes] = []
    size = 0
    for number, line in numbered_lines(path, source):
        numbers.append(number)
        lines.append(line)
        size += len(line)
        if len(lines) == BATCH_ROWS or size > BATCH_BYTES:
            yield numbers, lines
            numbers, lines, size = [], [], 0
    if lines:
        yield numbers, lines


def _decode_lines(
    path: Path, numbers: list[int], lines: list[bytes], decoder: "msgspec.json.Decoder[Any]"
) -> list[Any]:
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        rows = decoder.decode_lines(b"".join(lines))
        if len(rows) == len(lines):
            return rows
    # One by one: the error is to name the line.
    return [
        _decode_line(path, number, line, decoder)
        for number, line in zip(numbers, lines, strict=True)
    ]


def _decode_line(path: Path, number: int, line: bytes, decoder: "msgspec.json.Decoder[Any]") -> Any:
    try:
        return decode_json(line, decoder)
    except ValueError as error:
        raise ImportFileError(f"{path}, line {number}: not a JSON object: {error}") from error


def numbered_lines(path: Path, source: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file that are not blank, with their numbers.

    Raises:
        ImportFileError: A line is too long.
    """
    number = 0
    while line := source.readline(MAX_TEXT + 1):
        number += 1
        if len(line) > MAX_TEXT:
            raise ImportFileError(f"{path}, line {number}: longer than {MAX_TEXT >> 20} MiB.")
        if line.strip():
            yield number, line


def _require(path: Path, missing: list[str]) -> None:
    if not missing:
        return
    names: set[str] = set()
    with path.open("rb") as source:
        for number, line in numbered_lines(path, source):
            names.update(_decode_line(path, number, line, _NAMES))
    require_columns(path, missing, names)
