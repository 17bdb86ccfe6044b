"""Structured outputs as columns."""

from typing import Any

import polars as pl
import pytest

from sutro_jobs import ArgumentError, UnpackError
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.results import Serve, UnpackOutputs


def schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    ("declared", "dtype"),
    [
        ({"type": "string"}, pl.String),
        ({"type": "integer"}, pl.Int64),
        ({"type": "number"}, pl.Float64),
        ({"type": "boolean"}, pl.Boolean),
        ({"type": ["integer", "null"]}, pl.Int64),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, pl.Float64),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, pl.Float64),
        ({"enum": ["a", "b", None]}, pl.String),
        ({"type": "string", "enum": ["a", "b"]}, pl.String),
        ({"enum": [1, 2.5]}, pl.Float64),
        ({"const": 3}, pl.Int64),
        ({"type": "array", "items": {"type": "integer"}}, pl.List(pl.Int64)),
        ({"type": "array", "prefixItems": [{"type": "integer"}] * 2}, pl.List(pl.Int64)),
        ({"type": "array"}, pl.String),
        ({"type": "array", "items": {}}, pl.List(pl.String)),
        (schema(x={"type": "number"}), pl.Struct({"x": pl.Float64})),
        (
            {"type": "array", "items": schema(x={"const": True})},
            pl.List(pl.Struct({"x": pl.Boolean})),
        ),
        ({"type": "object"}, pl.String),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, pl.String),
        ({"type": ["integer", "string"]}, pl.String),
        ({"$ref": "#/$defs/score"}, pl.Int64),
        ({"allOf": [{"$ref": "#/$defs/score"}], "description": "x"}, pl.Int64),
        ({"$ref": "#/definitions/a~1b"}, pl.Boolean),
        ({"$ref": "#/$defs/tree"}, pl.Struct({"name": pl.String, "children": pl.List(pl.String)})),
        ({"$ref": "https://example.com/elsewhere"}, pl.String),
        ({"$ref": "#/missing"}, pl.String),
        ({"format": "date"}, pl.String),
        ({}, pl.String),
        (True, pl.String),
    ],
)
def test_a_declared_property_has_its_exact_type(
    unpacked: UnpackOutputs, declared: Any, dtype: pl.DataType
) -> None:
    tree = schema(
        name={"type": "string"}, children={"type": "array", "items": {"$ref": "#/$defs/tree"}}
    )
    document = schema(value=declared) | {
        "$defs": {"score": {"type": "integer"}, "tree": tree},
        "definitions": {"a/b": {"type": "boolean"}},
    }
    assert unpacked("{}", schema=document).schema == {"value": dtype}


def test_columns_come_in_the_order_of_the_schema(unpacked: UnpackOutputs) -> None:
    declared = schema(b={"type": "integer"}, a={"type": "integer"})
    frame = unpacked({"a": 1, "b": 2}, schema=declared)
    assert frame.to_dict(as_series=False) == {"b": [2], "a": [1]}


def test_a_schema_of_alternatives_has_the_properties_of_all(unpacked: UnpackOutputs) -> None:
    declared = {"anyOf": [schema(a={"type": "integer"}), schema(b={"type": "string"})]}
    frame = unpacked({"a": 1}, {"b": "x"}, schema=declared)
    assert frame.to_dict(as_series=False) == {"a": [1, None], "b": [None, "x"]}


def test_the_schema_of_a_call_comes_before_that_of_the_job(unpacked: UnpackOutputs) -> None:
    frame = unpacked(
        {"a": 1}, schema=schema(a={"type": "integer"}), json_schema=schema(a={"type": "number"})
    )
    assert frame.schema == {"a": pl.Float64}


def test_an_empty_schema_asks_for_the_types_of_the_rows(unpacked: UnpackOutputs) -> None:
    frame = unpacked({"a": 1, "b": 2}, schema=schema(a={"type": "number"}), json_schema={})
    assert frame.schema == {"a": pl.Int64, "b": pl.Int64}


def test_a_schema_that_allows_any_property_leaves_it_to_the_rows(unpacked: UnpackOutputs) -> None:
    declared = schema(a={"type": "integer"}) | {"additionalProperties": True}
    assert unpacked({"a": 1, "b": 2}, schema=declared).columns == ["a", "b"]


@pytest.mark.parametrize(
    "broken", [{"type": 5}, {"properties": 3, "type": "object"}, {"allOf": 1}, {"enum": {}}]
)
def test_a_schema_that_makes_no_sense_leaves_it_to_the_rows(
    unpacked: UnpackOutputs, broken: Any
) -> None:
    assert unpacked({"a": 1}, schema=broken).schema == {"a": pl.Int64}


def test_without_a_schema_every_row_is_looked_at(unpacked: UnpackOutputs) -> None:
    rows = [{"a": 1}] * 3000 + [{"b": "x"}, {"a": 2.5}]
    frame = unpacked(*rows)
    assert frame.schema == {"a": pl.Float64, "b": pl.String}
    assert frame.row(3000) == (None, "x")


@pytest.mark.parametrize(
    ("one", "other", "dtype", "values"),
    [
        (1, "x", pl.String, ["1", "x"]),
        (1, True, pl.String, ["1", "true"]),
        (1, [1], pl.String, ["1", "[1]"]),
        ({"x": 1}, "y", pl.String, ['{"x": 1}', "y"]),
        ([1], ["x"], pl.List(pl.String), [["1"], ["x"]]),
        ([], [1.5], pl.List(pl.Float64), [[], [1.5]]),
        ({"x": 1}, {"y": "z"}, None, [{"x": 1, "y": None}, {"x": None, "y": "z"}]),
        (None, 5, pl.Int64, [None, 5]),
        (None, None, pl.Null, [None, None]),
        ({}, {}, pl.String, ["{}", "{}"]),
        (2**63, 1, pl.Int128, [2**63, 1]),
        (2**127, 1, pl.String, [str(2**127), "1"]),
        (10**50, 1, pl.String, ["1" + "0" * 50, "1"]),
    ],
)
def test_a_column_has_the_least_type_that_holds_all_rows(
    unpacked: UnpackOutputs, one: Any, other: Any, dtype: Any, values: Any
) -> None:
    frame = unpacked({"a": one}, {"a": other})
    assert frame["a"].to_list() == values
    assert dtype is None or frame["a"].dtype == dtype


@pytest.mark.parametrize("name", ["*", "^x$", "^.*$", "a.b", "", "$", "col", "ü", "a\nb", 'q"q'])
def test_property_names_are_taken_literally(unpacked: UnpackOutputs, name: str) -> None:
    frame = unpacked({name: 1, "x": 2}, schema=schema(**{name: {"type": "integer"}}))
    assert frame.to_dict(as_series=False) == {name: [1]}
    frame = unpacked({name: 1, "x": 2})
    assert frame.to_dict(as_series=False) == {name: [1], "x": [2]}


@pytest.mark.parametrize("integer", [2**63, -(2**63) - 1, 2**64, 2**127 - 1, -(2**127)])
def test_integers_beyond_64_bits_keep_all_their_digits(
    unpacked: UnpackOutputs, integer: int
) -> None:
    frame = unpacked({"a": 1}, {"a": integer}, schema=schema(a={"type": "integer"}))
    assert frame["a"].to_list() == [1, integer]
    assert frame["a"].dtype == pl.Int128


@pytest.mark.parametrize("integer", [2**127, 2**128, -(2**127) - 1, 10**60])
def test_integers_beyond_128_bits_become_their_digits(
    unpacked: UnpackOutputs, integer: int
) -> None:
    frame = unpacked({"a": 1}, {"a": integer}, schema=schema(a={"type": "integer"}))
    assert frame["a"].to_list() == ["1", str(integer)]


def test_large_integers_are_kept_inside_of_lists_and_objects(unpacked: UnpackOutputs) -> None:
    declared = schema(a={"type": "array", "items": schema(x={"type": "integer"})})
    frame = unpacked({"a": [{"x": 2**80}]}, schema=declared)
    assert frame["a"].to_list() == [[{"x": 2**80}]]


def test_a_float_without_fraction_is_an_integer(unpacked: UnpackOutputs) -> None:
    frame = unpacked('{"a":1.0}', '{"a":2e3}', schema=schema(a={"type": "integer"}))
    assert frame["a"].to_list() == [1, 2000]


@pytest.mark.parametrize("output", [None, "null", "{}", " {} ", '{"other":1}'])
def test_a_row_without_values_is_null_in_all_columns(unpacked: UnpackOutputs, output: Any) -> None:
    frame = unpacked({"a": 1}, output, schema=schema(a={"type": "integer"}))
    assert frame["a"].to_list() == [1, None]


@pytest.mark.parametrize(
    "output", ['{"a":\n1}', '\n{"a":1}\n', '{"a":1}\r\n', '\t{ "a" : 1 }', '{\n\n"a"\n:\n1\n\n}']
)
def test_line_ends_and_blanks_between_tokens_do_not_matter(
    unpacked: UnpackOutputs, output: str
) -> None:
    assert unpacked({"a": 0}, output, {"a": 2})["a"].to_list() == [0, 1, 2]


@pytest.mark.parametrize(
    "escaped", [r"\n", r"\"", r"\\", r"\u00e9", r"\ud83d\ude00", r"\u0000", r"\/"]
)
def test_escapes_in_texts_are_decoded(unpacked: UnpackOutputs, escaped: str) -> None:
    import json

    text = f'{{"a":"{escaped}"}}'
    assert unpacked(text)["a"].to_list() == [json.loads(text)["a"]]


INVALID = [
    "",
    "  ",
    "no JSON",
    "5",
    '"text"',
    "[1]",
    '[{"a":1}]',
    '{"a":1',
    '{"a":1}}',
    '{"a":1} and more',
    '{"a":1}{"a":2}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":NaN}',
    '{"a":01}',
    '{"b":"line\nend"}',
    '{"b":"\\ud800"}',
    '{"b":"\\ude00\\ud83d"}',
    '{"a":"1"}',
    '{"a":1.5}',
    '{"a":true}',
    '{"a":[1]}',
    '{"a":1e400}',
]
DECLARED = schema(a={"type": "integer"}, b={"type": "string"})


@pytest.mark.parametrize("output", INVALID)
def test_a_row_that_is_not_as_declared_is_an_error_that_names_it(
    unpacked: UnpackOutputs, output: str
) -> None:
    with pytest.raises(UnpackError, match=r"1 of 3 outputs .* row 1: .*on_invalid_json"):
        unpacked({"a": 1}, output, {"a": 3}, schema=DECLARED)


@pytest.mark.parametrize("output", INVALID)
def test_a_row_that_is_not_as_declared_can_become_null(
    unpacked: UnpackOutputs, output: str
) -> None:
    frame = unpacked({"a": 1}, output, {"a": 3}, schema=DECLARED, on_invalid_json="null")
    assert frame.to_dict(as_series=False) == {"a": [1, None, 3], "b": [None] * 3}


@pytest.mark.parametrize("output", INVALID)
def test_the_text_of_a_row_that_is_not_as_declared_can_be_kept(
    unpacked: UnpackOutputs, output: str
) -> None:
    frame = unpacked({"a": 1}, output, {"a": 3}, schema=DECLARED, on_invalid_json="keep")
    assert frame["a"].to_list() == [1, None, 3]
    assert frame["inference_result"].to_list() == [None, output, None]


def test_a_row_that_is_no_json_is_an_error_also_without_a_schema(unpacked: UnpackOutputs) -> None:
    with pytest.raises(UnpackError, match=r"1 of 3 outputs .* row 2: 'cut sho"):
        unpacked({"a": 1}, {"a": 2}, "cut short")


def test_json_among_texts_leaves_the_texts(unpacked: UnpackOutputs) -> None:
    texts = ["a text", "another", "a third", '{"a":1}']
    assert unpacked(*texts)["inference_result"].to_list() == texts


@pytest.mark.parametrize("text", ["{x}", "{%name%}", "{}"])
def test_texts_that_only_look_like_json_stay_texts(unpacked: UnpackOutputs, text: str) -> None:
    assert unpacked(text, text)["inference_result"].to_list() == [text, text]


@pytest.mark.parametrize("text", ["5", '"text"', "[1]", "null", "true"])
def test_outputs_that_are_no_objects_stay_texts(unpacked: UnpackOutputs, text: str) -> None:
    assert unpacked(text, text)["inference_result"].to_list() == [text, text]


def test_many_odd_rows_among_more_regular_ones_are_found(unpacked: UnpackOutputs) -> None:
    outputs: list[Any] = [{"a": number} for number in range(5000)]
    outputs[::100] = ["odd"] * 50
    frame = unpacked(*outputs, schema=DECLARED, on_invalid_json="keep")
    assert frame["a"].null_count() == 50
    assert frame["inference_result"].drop_nulls().to_list() == ["odd"] * 50
    assert frame.filter(pl.col("a").is_not_null())["a"].to_list() == [
        number for number in range(5000) if number % 100
    ]


@pytest.mark.parametrize("levels", [40, 500])
def test_what_is_nested_too_deeply_for_columns_is_text(
    unpacked: UnpackOutputs, levels: int
) -> None:
    nested = "[" * levels + "]" * levels
    frame = unpacked({"a": 1}, f'{{"a":{nested}}}', schema=schema(a={}))
    assert frame["a"].to_list() == ["1", nested]
    frame = unpacked({"a": []}, f'{{"a":{nested}}}')
    assert frame["a"].to_list()[0] == []


def test_what_is_nested_endlessly_is_invalid(unpacked: UnpackOutputs) -> None:
    frame = unpacked({"a": 1}, '{"a":' + "[" * 100_000, on_invalid_json="null")
    assert frame["a"].to_list() == [1, None]


def test_a_schema_of_the_call_counts_also_where_no_row_follows_it(unpacked: UnpackOutputs) -> None:
    with pytest.raises(UnpackError, match="2 of 2"):
        unpacked("a", "b", json_schema=DECLARED)


def test_unpacking_can_be_turned_off(unpacked: UnpackOutputs) -> None:
    assert unpacked('{"a":1}', unpack_json=False)["inference_result"].to_list() == ['{"a":1}']


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("on_invalid_json", "whatever"),
        ("reasoning", None),
        ("unpack_json", "no"),
        ("include_inputs", 1),
        ("output_column", None),
        ("json_schema", '{"type": "object"}'),
    ],
)
def test_an_option_that_does_not_exist_is_refused(
    unpacked: UnpackOutputs, option: str, value: Any
) -> None:
    with pytest.raises(ArgumentError, match=f"^{option} must be "):
        unpacked("a", **{option: value})


def test_the_demo_job_is_unpacked_by_its_schema(server: Server, connect: Connect) -> None:
    frame = connect(server.url).get_job_results("job-films-structured")
    assert frame.schema == {
        "imdb_id": pl.String,
        "year": pl.Int64,
        "director": pl.String,
        "languages": pl.List(pl.String),
        "minutes": pl.Int64,
    }


def test_texts_need_no_look_at_the_list_of_jobs(serve: Serve, connect: Connect) -> None:
    server = serve({"outputs": ["a", "b"]})
    connect(server.url).get_job_results("job-1")
    assert len(server.targets) == 1
