"""Unpacking gives what decoding each row by itself gives."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sutro_jobs import Sutro
from sutro_jobs._results.options import OnInvalidJSON
from tests.support.results import to_parquet
from tests.support.scripted_server import Response, Script

Schema = dict[str, Any]

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
INTEGERS = (
    st.integers() | st.integers(-(2**140), 2**140) | st.sampled_from([2**63, -(2**63), 2**64])
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS: dict[str, tuple[dict[str, Any], st.SearchStrategy[Any]]] = {
    "text": ({"type": "string"}, TEXTS),
    "integer": ({"type": "integer"}, INTEGERS),
    "number": ({"type": "number"}, FLOATS),
    "flag": ({"type": "boolean"}, st.booleans()),
}


def listed(kind: tuple[dict[str, Any], st.SearchStrategy[Any]]) -> Any:
    return {"type": "array", "items": kind[0]}, st.lists(kind[1] | st.none(), max_size=3)


def nested(kind: tuple[dict[str, Any], st.SearchStrategy[Any]]) -> Any:
    inner = st.fixed_dictionaries({"x": kind[1] | st.none()})
    return {"type": "object", "properties": {"x": kind[0]}}, inner


KINDS = (
    SCALARS
    | {f"{name}s": listed(kind) for name, kind in SCALARS.items()}
    | {f"{name} in": nested(kind) for name, kind in SCALARS.items()}
)
SCHEMA = {"type": "object", "properties": {name: kind[0] for name, kind in KINDS.items()}}
ROWS = st.lists(
    st.fixed_dictionaries({}, optional={name: kind[1] | st.none() for name, kind in KINDS.items()}),
    min_size=1,
    max_size=6,
)
JSON = st.recursive(
    st.none() | st.booleans() | INTEGERS | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


class UnpackTexts(Protocol):
    """Reads texts as results."""

    def __call__(
        self, texts: Sequence[str | None], schema: Schema, on_invalid_json: OnInvalidJSON = "raise"
    ) -> pl.DataFrame: ...


@pytest.fixture
def unpack(script: Script) -> Iterator[UnpackTexts]:
    """Read by one server for all examples."""
    bodies: list[bytes] = []
    server = script(lambda _: Response(body=bodies[-1]))

    def read(
        texts: Sequence[str | None], schema: Schema, on_invalid_json: OnInvalidJSON = "raise"
    ) -> pl.DataFrame:
        outputs = pl.Series(texts, dtype=pl.String)
        bodies.append(to_parquet({"row": range(len(texts)), "outputs": outputs}))
        frame = client.get_job_results(
            "job-1", disable_cache=True, json_schema=schema, on_invalid_json=on_invalid_json
        )
        assert frame["row"].to_list() == list(range(len(texts)))
        return frame.drop("row")

    with Sutro(api_url=server.url, api_key="key") as client:
        yield read


def plain(value: Any, dtype: Any) -> Any:
    """Return a decoded value as a column of this type has it."""
    if value is None:
        return None
    if isinstance(dtype, pl.Struct):
        return {field.name: plain(value.get(field.name), field.dtype) for field in dtype.fields}
    if isinstance(dtype, pl.List):
        return [plain(item, dtype.inner) for item in value]
    if dtype == pl.String and not isinstance(value, str):
        return json.dumps(value)
    return float(value) if dtype == pl.Float64 else value


@SLOW
@given(rows=ROWS, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
@example(rows=[{"integers": [2**63]}, {"integer": -(2**64)}], indent=None, ascii_only=True)
@example(rows=[{"text": "\u2028\x85\n\\"}], indent=1, ascii_only=False)
def test_declared_rows_are_what_json_says(
    unpack: UnpackTexts, rows: list[Any], indent: int | None, ascii_only: bool
) -> None:
    texts = [json.dumps(row, indent=indent, ensure_ascii=ascii_only) for row in rows]
    frame = unpack(texts, SCHEMA)
    assert frame.columns == list(KINDS)
    for name in KINDS:
        dtype = frame.schema[name]
        assert frame[name].to_list() == [plain(row.get(name), dtype) for row in rows]


@SLOW
@given(rows=ROWS)
def test_undeclared_rows_are_what_json_says(unpack: UnpackTexts, rows: list[Any]) -> None:
    if not any(rows):
        return
    frame = unpack([json.dumps(row) for row in rows], {})
    assert set(frame.columns) == {name for row in rows for name in row}
    for name in frame.columns:
        dtype = frame.schema[name]
        expected = [plain(row.get(name), dtype) for row in rows]
        assert frame[name].to_list() == expected


@SLOW
@example(values=[{"\n": 1}, {"\n": [1]}])
@given(values=st.lists(JSON, min_size=1, max_size=5))
def test_values_of_any_shape_are_never_lost(unpack: UnpackTexts, values: list[Any]) -> None:
    frame = unpack([json.dumps({"value": value}) for value in values], {})
    for found, value in zip(frame["value"], values, strict=True):
        assert (found is None) == (value is None)


@SLOW
@given(text=st.text(st.sampled_from('{}[]":,0123456789.eE+-truefalsn \n\t\\u"a'), max_size=20))
@example(text='{"a":1}}')
@example(text='{"a":1} {"a":2}')
@example(text='{"a":-}')
def test_what_counts_as_json_is_what_json_says(unpack: UnpackTexts, text: str) -> None:
    schema = {"type": "object", "properties": {"a": {}}}
    frame = unpack(['{"a":"first"}', text], schema, on_invalid_json="keep")
    assert (frame["inference_result"][1] is None) == is_object(text)


@SLOW
@given(row=ROWS.map(lambda rows: json.dumps(rows[0])), at=st.integers(0, 200), new=st.characters())
def test_a_damaged_row_damages_no_other(unpack: UnpackTexts, row: str, at: int, new: str) -> None:
    damaged = row[: at % len(row)] + new + row[at % len(row) + 1 :]
    if not damaged.isascii():
        return
    around = '{"integer":7,"text":"x"}'
    frame = unpack([around, damaged, around], SCHEMA, on_invalid_json="null")
    assert [frame["integer"][0], frame["integer"][2]] in ([7, 7], ["7", "7"])
    assert [frame["text"][0], frame["text"][2]] == ["x", "x"]


def is_object(text: str) -> bool:
    try:
        value = json.loads(text, parse_constant=lambda constant: [][0])
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, IndexError):
        return False
    return isinstance(value, dict | None)
