"""Results as a lazy frame over a file."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sutro_jobs import ColumnClashError, ConflictError, UnpackError
from sutro_jobs._results.options import OnInvalidJSON
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.results import Serve

STRUCTURED = "job-films-structured"


@pytest.mark.parametrize("disable_cache", [True, False])
def test_it_collects_to_what_a_frame_holds(
    server: Server, connect: Connect, disable_cache: bool
) -> None:
    client = connect(server.url)
    lazy = client.scan_job_results("job-films-countries", True, True, disable_cache=disable_cache)
    assert isinstance(lazy, pl.LazyFrame)
    assert_frame_equal(lazy.collect(), client.get_job_results("job-films-countries", True, True))


def test_filters_and_columns_reach_the_file(server: Server, connect: Connect) -> None:
    lazy = connect(server.url).scan_job_results("job-films-countries", output_column="countries")
    chosen = lazy.filter(pl.col("imdb_id") == "tt0037558").select("countries")
    assert chosen.collect().to_dicts() == [{"countries": "GB"}]
    plan = chosen.explain()
    assert "SELECTION" in plan
    assert lazy.select("imdb_id").explain().count("PROJECT 1/2") == 1


def test_outputs_stay_packed_unless_it_is_asked_otherwise(server: Server, connect: Connect) -> None:
    lazy = connect(server.url).scan_job_results(STRUCTURED)
    assert lazy.collect_schema().names() == ["imdb_id", "inference_result"]


def test_unpacked_it_collects_to_what_a_frame_holds(server: Server, connect: Connect) -> None:
    client = connect(server.url)
    lazy = client.scan_job_results(STRUCTURED, unpack_json=True)
    assert_frame_equal(lazy.collect(), client.get_job_results(STRUCTURED))


def test_unpacked_without_a_schema_all_rows_are_looked_at(serve: Serve, connect: Connect) -> None:
    outputs = ['{"a":1}'] * 10 + ['{"b":"x"}', None]
    client = connect(serve({"row": range(12), "outputs": outputs}).url)
    lazy = client.scan_job_results("job-1", unpack_json=True)
    assert lazy.collect_schema() == {"row": pl.Int64, "a": pl.Int64, "b": pl.String}
    assert lazy.filter(pl.col("row") > 9).collect().rows() == [(10, None, "x"), (11, None, None)]


def test_texts_stay_texts_also_when_unpacking_is_asked_for(serve: Serve, connect: Connect) -> None:
    lazy = connect(serve({"outputs": ["a", "b"]}).url).scan_job_results("job-1", unpack_json=True)
    assert lazy.collect().to_dict(as_series=False) == {"inference_result": ["a", "b"]}


def test_an_invalid_row_is_an_error_or_null_or_kept(serve: Serve, connect: Connect) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    client = connect(serve({"outputs": ['{"a":1}', "cut"]}, json_schema=schema).url)

    def scan(choice: OnInvalidJSON) -> pl.LazyFrame:
        return client.scan_job_results("job-1", unpack_json=True, on_invalid_json=choice)

    with pytest.raises(UnpackError, match="on_invalid_json"):
        scan("raise").collect()
    assert scan("null").collect().rows() == [(1,), (None,)]
    assert scan("keep").collect().rows() == [(1, None), (None, "cut")]


def test_a_property_called_like_another_column_is_an_error(serve: Serve, connect: Connect) -> None:
    client = connect(serve({"a": [1], "outputs": ['{"a":1}']}).url)
    with pytest.raises(ColumnClashError, match="'a'"):
        client.scan_job_results("job-1", unpack_json=True)


def test_it_can_be_collected_after_the_cache_was_cleared(
    server: Server, connect: Connect, cache_dir: Path
) -> None:
    lazy = connect(server.url).scan_job_results("job-films-countries")
    for path in cache_dir.glob("jobs/**/*.parquet"):
        path.unlink()
    assert lazy.collect().height == 1851


def test_a_job_without_results_is_an_error_at_once(server: Server, connect: Connect) -> None:
    with pytest.raises(ConflictError):
        connect(server.url).scan_job_results("job-films-running")
