"""Results: their formats and columns."""

import io
import zipfile

import httpx
import jsonschema
import polars as pl
import pytest

COUNTRIES = "/jobs/job-films-countries/results"


@pytest.fixture
def films() -> pl.DataFrame:
    from great_tables.data import films

    return pl.DataFrame(films)


def test_json_holds_outputs_in_the_order_of_the_rows(
    demo: httpx.Client, films: pl.DataFrame
) -> None:
    answer = demo.get("/jobs/job-films-countries/results?format=json").json()
    assert answer["outputs"] == films["countries_of_origin"].to_list()


def test_the_id_column_is_there_without_inputs(demo: httpx.Client) -> None:
    answer = demo.get(COUNTRIES, params={"format": "json"}).json()
    assert set(answer) == {"outputs", "imdb_id"}


def test_inputs_and_logprobs_come_when_asked_for(demo: httpx.Client) -> None:
    query: dict[str, str | bool] = {
        "format": "json",
        "include_inputs": True,
        "include_cumulative_logprobs": True,
    }
    answer = demo.get(COUNTRIES, params=query).json()
    assert set(answer) == {"outputs", "inputs", "cumulative_logprobs", "imdb_id"}
    assert {len(column) for column in answer.values()} == {1851}


@pytest.mark.parametrize("inputs", [False, True])
@pytest.mark.parametrize("logprobs", [False, True])
def test_all_forms_hold_the_same_rows(demo: httpx.Client, inputs: bool, logprobs: bool) -> None:
    query = {"include_inputs": inputs, "include_cumulative_logprobs": logprobs}
    json, archive, parquet = (
        demo.get(COUNTRIES, params={**query, "format": name}) for name in ("json", "csv", "parquet")
    )
    whole = pl.DataFrame(json.json())
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        (name,) = opened.namelist()
        table = pl.read_csv(opened.read(name)).rename({"job-films-countries": "outputs"})
    assert pl.read_parquet(io.BytesIO(parquet.content)).equals(whole)
    assert table.equals(whole)


def test_structured_outputs_follow_their_schema(demo: httpx.Client) -> None:
    jobs = demo.get("/list-jobs").json()["jobs"]
    schema = next(job for job in jobs if job["job_id"] == "job-films-structured")["json_schema"]
    answer = demo.get("/jobs/job-films-structured/results?format=json").json()
    decoded = pl.Series(answer["outputs"]).str.json_decode(
        pl.Struct(
            {
                "year": pl.Int64,
                "director": pl.String,
                "languages": pl.List(pl.String),
                "minutes": pl.Int64,
            }
        )
    )
    validator = jsonschema.Draft202012Validator(schema)
    assert [facts for facts in decoded.to_list() if not validator.is_valid(facts)] == []


@pytest.mark.parametrize("job", ["failed", "cancelled", "running", "starting", "queued"])
def test_a_job_that_did_not_succeed_has_no_results(demo: httpx.Client, job: str) -> None:
    answer = demo.get(f"/jobs/job-films-{job}/results?format=parquet")
    assert answer.status_code == 409
    assert job.upper() in answer.json()["detail"]


@pytest.mark.parametrize("query", ["", "?format=xml", "?result_format=json", "?format="])
def test_the_form_has_to_be_named(demo: httpx.Client, query: str) -> None:
    assert demo.get(COUNTRIES + query).status_code == 422
