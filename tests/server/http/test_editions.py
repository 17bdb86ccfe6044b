"""Servers that speak an older edition of the API, and older forms beside the current ones."""

import io
import zipfile

import httpx
import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.server.conftest import Editions


@pytest.mark.parametrize("name", ["e1", "e2"])
def test_an_older_edition_gives_bare_states_in_lower_case(edition: Editions, name: str) -> None:
    client = edition[name]
    states = {
        job: client.get(f"/job-status/job-films-{job}").json()["job_status"]
        for job in ("queued", "running", "failed", "cancelled", "countries")
    }
    assert states == {
        "queued": "pending",
        "running": "running",
        "failed": "failed",
        "cancelled": "cancelled",
        "countries": "succeeded",
    }


@pytest.mark.parametrize("name", ["e1", "e2"])
def test_an_older_edition_lists_the_states_that_it_gives(edition: Editions, name: str) -> None:
    jobs = {job["job_id"]: job["status"] for job in edition[name].get("/list-jobs").json()["jobs"]}
    assert jobs["job-films-queued"] == "pending"
    assert jobs["job-films-countries"] == "succeeded"


@pytest.mark.parametrize("name", ["e1", "e2"])
def test_an_older_edition_cancels_by_post(edition: Editions, name: str) -> None:
    client = edition[name]
    assert client.get("/job-cancel/job-films-starting").status_code == 405
    assert client.post("/job-cancel/job-films-starting").json()["cancelled"] is True
    assert client.post("/job-cancel/job-films-countries").json()["cancelled"] is False


def test_the_first_edition_lists_small_jobs_without_pages(edition: Editions) -> None:
    answer = edition["e1"].get("/list-jobs?limit=2").json()
    assert set(answer) == {"message", "jobs"}
    assert len(answer["jobs"]) > 100
    fields = {"job_id", "status", "model", "created_at", "completed_at", "input_count", "priority"}
    assert set(answer["jobs"][0]) == fields


def test_the_first_edition_gives_results_by_post(edition: Editions) -> None:
    body = {"job_id": "job-films-countries", "include_inputs": True}
    answer = edition["e1"].post("/job-results", json=body).json()
    assert set(answer) == {"results", "message"}
    assert {name: len(column) for name, column in answer["results"].items()} == {
        "outputs": 1851,
        "inputs": 1851,
        "imdb_id": 1851,
    }
    assert edition["e1"].get("/jobs/job-films-countries/results?format=json").status_code == 404


def test_the_second_edition_names_the_form_differently(edition: Editions) -> None:
    path = "/jobs/job-films-countries/results"
    assert edition["e2"].get(path, params={"format": "json"}).status_code == 422
    both = {"format": "csv", "result_format": "parquet"}
    content = io.BytesIO(edition["e2"].get(path, params=both).content)
    assert pq.ParquetFile(content).metadata.row_group(0).column(0).compression == "ZSTD"


def test_the_second_edition_has_pages(edition: Editions) -> None:
    page = edition["e2"].get("/list-jobs?limit=4").json()
    following = (
        edition["e2"].get("/list-jobs", params={"limit": 4, "cursor": page["next_cursor"]}).json()
    )
    assert not {job["job_id"] for job in page["jobs"]} & {
        job["job_id"] for job in following["jobs"]
    }


def test_the_current_edition_compresses_with_snappy(demo: httpx.Client) -> None:
    answer = demo.get("/jobs/job-films-countries/results?format=parquet&result_format=csv")
    column = pq.ParquetFile(io.BytesIO(answer.content)).metadata.row_group(0).column(0)
    assert column.compression == "SNAPPY"


@pytest.mark.parametrize("prefix", ["", "/v1"])
def test_older_forms_live_beside_the_current_ones(demo: httpx.Client, prefix: str) -> None:
    body = {"job_id": "job-films-countries", "include_cumulative_logprobs": True}
    older = demo.post(f"{prefix}/job-results", json=body).json()["results"]
    query: dict[str, str | bool] = {"format": "csv", "include_cumulative_logprobs": True}
    archive = demo.get(f"{prefix}/jobs/job-films-countries/results", params=query).content
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        table = pl.read_csv(opened.read(opened.namelist()[0]))
    assert table["job-films-countries"].to_list() == older["outputs"]
    assert demo.post(f"{prefix}/job-cancel/job-films-countries").json()["cancelled"] is True
