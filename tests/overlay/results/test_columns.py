"""Which columns results have, under which names and in which order."""

import polars as pl
import pytest

from sutro_jobs import (
    ColumnClashError,
    ConflictError,
    DecodingError,
    NotFoundError,
    UnexpectedShapeError,
)
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.results import ReadResults, ResultOptions, Serve

EVERYTHING = {
    "confidence_score": [0.5],
    "outputs": ["good"],
    "cumulative_logprobs": [-1.5],
    "row": [7],
    "inputs": ["text"],
}


def test_outputs_alone_are_one_column(results: ReadResults) -> None:
    frame = results({"outputs": ["a", "b"]})
    assert frame.to_dict(as_series=False) == {"inference_result": ["a", "b"]}


def test_columns_come_in_a_fixed_order(results: ReadResults) -> None:
    frame = results(EVERYTHING, include_inputs=True, include_cumulative_logprobs=True)
    names = ["inputs", "row", "inference_result", "cumulative_logprobs", "confidence_score"]
    assert frame.columns == names


def test_unpacked_columns_stand_where_the_outputs_were(results: ReadResults) -> None:
    columns = EVERYTHING | {"outputs": ['{"b":1,"a":2}']}
    frame = results(columns, include_inputs=True, include_cumulative_logprobs=True)
    names = ["inputs", "row", "b", "a", "cumulative_logprobs", "confidence_score"]
    assert frame.columns == names


def test_the_output_column_has_the_name_that_is_asked_for(results: ReadResults) -> None:
    assert results({"outputs": ["a"]}, output_column="answer").columns == ["answer"]


@pytest.mark.parametrize("name", ["job-1", "anything"])
def test_outputs_are_found_under_another_name(results: ReadResults, name: str) -> None:
    assert results({name: ["a"]}).columns == ["inference_result"]


def test_outputs_in_a_column_named_after_the_job_leave_an_id_column_called_outputs(
    results: ReadResults,
) -> None:
    frame = results({"outputs": [1], "job-1": ["a"]})
    assert frame.to_dict(as_series=False) == {"outputs": [1], "inference_result": ["a"]}


@pytest.mark.parametrize("name", ["*", "^.*$", "a.b", ""])
def test_the_name_of_an_id_column_is_taken_literally(results: ReadResults, name: str) -> None:
    assert results({name: [1, 2], "outputs": ["a", "b"]})[name].to_list() == [1, 2]


def test_results_of_no_rows_are_an_empty_frame(results: ReadResults) -> None:
    frame = results({"outputs": pl.Series([], dtype=pl.String)})
    assert frame.schema == {"inference_result": pl.String}


def test_outputs_that_are_no_text_keep_their_type(results: ReadResults) -> None:
    assert results({"outputs": [[1, 2]]})["inference_result"].to_list() == [[1, 2]]


def test_results_without_outputs_are_an_error_that_lists_their_columns(
    results: ReadResults,
) -> None:
    with pytest.raises(UnexpectedShapeError, match=r"\['a', 'b'\]"):
        results({"a": [1], "b": [2]})


@pytest.mark.parametrize(
    "option",
    [
        ResultOptions(include_inputs=True),
        ResultOptions(include_cumulative_logprobs=True),
    ],
    ids=str,
)
def test_a_column_that_was_asked_for_and_is_missing_is_an_error(
    results: ReadResults, option: ResultOptions
) -> None:
    (name,) = option
    with pytest.raises(UnexpectedShapeError, match=f"{name}=False"):
        results({"outputs": ["a"]}, **option)


def test_an_output_column_called_like_another_is_an_error_that_names_it(
    results: ReadResults,
) -> None:
    with pytest.raises(ColumnClashError, match="'inputs'"):
        results(EVERYTHING, include_inputs=True, output_column="inputs")


def test_a_property_called_like_another_column_is_an_error_that_names_it(
    results: ReadResults,
) -> None:
    with pytest.raises(ColumnClashError, match="'row'"):
        results({"row": [1], "outputs": ['{"row":2}']})


@pytest.mark.parametrize("body", [b"<html>sorry</html>", b"", b"PAR1 and nothing else PAR1"])
def test_what_is_no_parquet_file_is_an_error(serve: Serve, connect: Connect, body: bytes) -> None:
    client = connect(serve({}, body=body).url)
    with pytest.raises(DecodingError):
        client.get_job_results("job-1")


def test_a_job_that_has_not_succeeded_has_no_results(server: Server, connect: Connect) -> None:
    with pytest.raises(ConflictError, match="wait_for_job"):
        connect(server.url).get_job_results("job-films-running")


def test_a_missing_job_is_an_error(server: Server, connect: Connect) -> None:
    with pytest.raises(NotFoundError):
        connect(server.url).get_job_results("no-such-job")


def test_the_reference_server_gives_all_columns(server: Server, connect: Connect) -> None:
    frame = connect(server.url).get_job_results(
        "job-films-countries", include_inputs=True, include_cumulative_logprobs=True
    )
    assert frame.columns == ["inputs", "imdb_id", "inference_result", "cumulative_logprobs"]
    assert frame.height == 1851
