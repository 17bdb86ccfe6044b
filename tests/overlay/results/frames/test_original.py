"""Results beside the frame that the job was made from."""

from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from sutro_jobs import ArgumentError, ColumnClashError, RowCountError
from tests.support.clients import Connect
from tests.support.results import ReadResults, Serve

OUTPUTS: dict[str, object] = {"outputs": ["x", None, "z"]}


def test_a_polars_frame_gets_the_results_as_a_column(results: ReadResults) -> None:
    original = pl.DataFrame({"a": pl.Series([1, 2, 3], dtype=pl.Int8)})
    frame = results(OUTPUTS, with_original_df=original)
    assert_frame_equal(frame, original.with_columns(inference_result=pl.Series(["x", None, "z"])))


def test_an_arrow_table_stays_one(results: ReadResults) -> None:
    original = pa.table({"a": pa.array([1, 2, 3], pa.int8())})
    table = results(OUTPUTS, with_original_df=original)
    assert isinstance(table, pa.Table)
    assert table.drop(["inference_result"]).equals(original)
    assert table["inference_result"].to_pylist() == ["x", None, "z"]


@pytest.mark.parametrize(
    "index",
    [
        pd.Index(["p", "q", "q"], name="key"),
        pd.MultiIndex.from_tuples([(1, "a"), (1, "b"), (2, "a")], names=["one", "two"]),
        pd.date_range("2026-01-01", periods=3, tz="UTC"),
        pd.RangeIndex(30, 0, -10),
    ],
)
def test_a_pandas_frame_keeps_its_index(results: ReadResults, index: Any) -> None:
    original = pd.DataFrame({"a": [3, 1, 2]}, index=index)
    frame = results(OUTPUTS, with_original_df=original)
    pd.testing.assert_index_equal(frame.index, index)
    assert frame["inference_result"].iloc[[0, 2]].to_list() == ["x", "z"]
    assert frame["inference_result"].isna().to_list() == [False, True, False]


def test_a_pandas_frame_keeps_its_types_order_and_attributes(results: ReadResults) -> None:
    original = pd.DataFrame(
        {
            "category": pd.Categorical(["b", "a", "b"]),
            "nullable": pd.array([1, None, 3], dtype="Int16"),
            "moment": pd.Series(["2026-03-01", None, "2026-01-01"], dtype="datetime64[ns]"),
            "object": [{"any": 1}, None, (2,)],
            5: [1.5, 2.5, None],
        }
    )
    original.attrs["source"] = "survey"
    untouched = original.copy()
    frame = results(OUTPUTS, with_original_df=original)
    pd.testing.assert_frame_equal(frame.drop(columns="inference_result"), untouched)
    pd.testing.assert_frame_equal(original, untouched)
    assert frame.attrs == {"source": "survey"}


def test_columns_of_two_levels_get_one_more(results: ReadResults) -> None:
    original = pd.DataFrame(
        [[1, 2]] * 3, columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])
    )
    frame = results(OUTPUTS, with_original_df=original)
    assert list(frame) == [("a", "x"), ("a", "y"), ("inference_result", "")]


def test_changing_the_joined_frame_leaves_the_original(results: ReadResults) -> None:
    original = pd.DataFrame({"a": [1, 2, 3]})
    frame = results(OUTPUTS, with_original_df=original)
    frame.loc[0, "a"] = 99
    assert original["a"].to_list() == [1, 2, 3]


def test_pandas_loses_no_integers_where_there_are_nulls(results: ReadResults) -> None:
    outputs = ['{"i":9007199254740993,"b":true}', '{"i":null,"b":null}', '{"i":1,"b":false}']
    frame = results({"outputs": outputs}, with_original_df=pd.DataFrame(index=range(3)))
    assert frame["i"].to_list() == [9007199254740993, pd.NA, 1]
    assert frame.dtypes.astype(str).to_dict() == {"i": "Int64", "b": "boolean"}


def test_pandas_gets_nested_and_very_large_values_as_python_has_them(results: ReadResults) -> None:
    outputs = ['{"l":[1],"s":{"x":"y"},"i":123456789012345678901234567890}']
    frame = results({"outputs": outputs}, with_original_df=pd.DataFrame(index=[4]))
    values = {"l": [1], "s": {"x": "y"}, "i": 123456789012345678901234567890}
    assert frame.to_dict("records") == [values]


@pytest.mark.parametrize(
    ("integer", "dtype"),
    [(2**64 - 1, pa.uint64()), (10**30, pa.decimal128(38, 0)), (10**38, pa.large_string())],
)
def test_arrow_gets_large_integers_in_a_type_that_holds_them(
    results: ReadResults, integer: int, dtype: Any
) -> None:
    outputs = {"outputs": [f'{{"i":{integer}}}']}
    table = results(outputs, with_original_df=pa.table({"a": [1]}))
    assert table["i"].type == dtype
    assert int(table["i"][0].as_py()) == integer


@pytest.mark.parametrize("rows", [0, 2, 4])
@pytest.mark.parametrize("kind", [pl.DataFrame, pd.DataFrame, pa.table])
def test_another_number_of_rows_is_an_error(results: ReadResults, kind: Any, rows: int) -> None:
    with pytest.raises(RowCountError, match=f"3 rows and with_original_df has {rows}"):
        results(OUTPUTS, with_original_df=kind({"a": list(range(rows))}))


@pytest.mark.parametrize("kind", [pl.DataFrame, pd.DataFrame, pa.table])
@pytest.mark.parametrize("name", ["inference_result", "cumulative_logprobs"])
def test_a_result_never_overwrites_a_column(results: ReadResults, kind: Any, name: str) -> None:
    columns = OUTPUTS | {"cumulative_logprobs": [0.1, 0.2, 0.3]}
    with pytest.raises(ColumnClashError, match=f"'{name}'"):
        results(columns, with_original_df=kind({name: [1, 2, 3]}), include_cumulative_logprobs=True)


def test_a_property_never_overwrites_a_column(results: ReadResults) -> None:
    with pytest.raises(ColumnClashError, match="'a'"):
        results({"outputs": ['{"a":1}']}, with_original_df=pl.DataFrame({"a": [1]}))


@pytest.mark.parametrize(
    "original",
    [
        pl.DataFrame({"id": pl.Series([1, None, 3], dtype=pl.Int16), "t": list("abc")}),
        pd.DataFrame({"id": [1, None, 3], "t": list("abc")}),
        pd.DataFrame({"id": pd.array([1, None, 3], dtype="Int32"), "t": list("abc")}),
        pa.table({"id": [1, None, 3], "t": list("abc")}),
    ],
)
def test_an_id_column_with_the_same_values_is_taken_once(
    results: ReadResults, original: Any
) -> None:
    frame = results({"id": [1, None, 3]} | OUTPUTS, with_original_df=original)
    names = frame.column_names if isinstance(frame, pa.Table) else list(frame.columns)
    assert names == ["id", "t", "inference_result"]


@pytest.mark.parametrize("kind", [pl.DataFrame, pd.DataFrame, pa.table])
@pytest.mark.parametrize("values", [[1, 3, 2], [1, 2, None], ["1", "2", "3"]])
def test_an_id_column_with_other_values_is_an_error(
    results: ReadResults, kind: Any, values: Any
) -> None:
    with pytest.raises(ColumnClashError, match="'id'"):
        results({"id": [1, 2, 3]} | OUTPUTS, with_original_df=kind({"id": values}))


def test_an_id_column_of_texts_may_overlap(results: ReadResults) -> None:
    original = pd.DataFrame({"id": ["u", "v", "w"]}, index=[9, 8, 7])
    frame = results({"id": ["u", "v", "w"]} | OUTPUTS, with_original_df=original)
    assert list(frame.columns) == ["id", "inference_result"]


@pytest.mark.parametrize("original", [pl.LazyFrame({"a": [1]}), {"a": [1]}, [1, 2], "frame"])
def test_what_is_no_eager_frame_is_refused_before_anything_is_sent(
    serve: Serve, connect: Connect, original: Any
) -> None:
    server = serve(OUTPUTS)
    with pytest.raises(ArgumentError, match="eager frame"):
        connect(server.url).get_job_results("job-1", with_original_df=original)
    assert server.targets == []


@pytest.mark.parametrize("kind", [pl.DataFrame, pd.DataFrame, pa.table])
def test_an_empty_frame_gets_the_results_of_no_rows(results: ReadResults, kind: Any) -> None:
    nothing = pl.Series([], dtype=pl.String)
    frame = results({"outputs": nothing}, with_original_df=kind({"a": []}))
    assert frame.shape == (0, 2)
