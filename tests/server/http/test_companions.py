"""The routes beside the four endpoints: a single job, and URLs of its results."""

import asyncio
import io
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from sutro_server import Settings, create_app
from sutro_server.cli import serve
from sutro_server.errors import ParameterError
from tests.server.conftest import AddJob, Editions
from tests.support.reference_server import Server, StartServer

JOB = "job-films-countries"


@pytest.mark.parametrize("prefix", ["", "/v1"])
@pytest.mark.parametrize("name", ["e1", "e2", "e3"])
def test_a_job_is_what_the_list_shows(edition: Editions, name: str, prefix: str) -> None:
    client = edition[name]
    for listed in client.get("/list-jobs").json()["jobs"][:20]:
        assert client.get(f"{prefix}/jobs/{listed['job_id']}").json() == {"job": listed}


def test_an_unknown_job_and_another_tenants_are_not_found(server: Server) -> None:
    headers = {"Authorization": f"Key {server.other_key}"}
    for path in (
        f"/jobs/{JOB}",
        "/jobs/none",
        f"/jobs/{JOB}/results-url",
        "/jobs/none/results-url",
    ):
        answer = httpx.get(server.url + path, headers=headers)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Job not found."})
        assert httpx.get(server.url + path).status_code == 401


@pytest.mark.parametrize(("name", "compression"), [("e2", "ZSTD"), ("e3", "SNAPPY")])
def test_a_url_leads_to_the_results(edition: Editions, name: str, compression: str) -> None:
    client = edition[name]
    query: dict[str, bool | str] = {"include_inputs": True, "include_cumulative_logprobs": True}
    link = client.get(f"/jobs/{JOB}/results-url", params=query | {"expires_in_seconds": 60}).json()
    assert {name: link[name] for name in ("job_id", "format", *query, "expires_in_seconds")} == {
        "job_id": JOB,
        "format": "parquet",
        "include_inputs": True,
        "include_cumulative_logprobs": True,
        "expires_in_seconds": 60,
    }
    content = httpx.get(link["urls"]["get"]).content
    query |= {"format": "parquet", "result_format": "parquet"}
    plain = client.get(f"/jobs/{JOB}/results", params=query)
    assert content == plain.content
    assert len(content) == link["artifact"]["size_bytes"]
    assert link["artifact"]["filename"] == f"{JOB}.parquet"
    column = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0).column(0)
    assert column.compression == compression
    assert set(pl.read_parquet(io.BytesIO(content)).columns) == {
        "imdb_id",
        "inputs",
        "outputs",
        "cumulative_logprobs",
    }


def test_columns_are_left_out_unless_they_are_asked_for(demo: httpx.Client) -> None:
    link = demo.get(f"/jobs/{JOB}/results-url").json()
    assert (link["include_inputs"], link["expires_in_seconds"]) == (False, 3600)
    content = httpx.get(link["urls"]["get"]).content
    assert set(pl.read_parquet(io.BytesIO(content)).columns) == {"imdb_id", "outputs"}


@pytest.mark.parametrize("job", ["failed", "cancelled", "running", "starting", "queued"])
def test_a_job_that_did_not_succeed_has_no_url(demo: httpx.Client, job: str) -> None:
    answer = demo.get(f"/jobs/job-films-{job}/results-url")
    assert answer.status_code == 409
    assert job.upper() in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("format=json", 400),
        ("format=csv", 400),
        ("format=", 400),
        ("expires_in_seconds=0", 422),
        ("expires_in_seconds=604801", 422),
        ("expires_in_seconds=soon", 422),
        ("include_inputs=perhaps", 422),
        ("expires_in_seconds=604800&format=parquet", 200),
    ],
)
def test_parameters_have_their_bounds(demo: httpx.Client, query: str, status: int) -> None:
    answer = demo.get(f"/jobs/{JOB}/results-url?{query}")
    assert answer.status_code == status
    assert status == 200 or answer.json()["detail"]


def test_the_first_edition_has_no_urls(edition: Editions) -> None:
    assert edition["e1"].get(f"/jobs/{JOB}/results-url").status_code == 404


@pytest.mark.parametrize("edition", ["e1", "e2", "e3"])
def test_a_server_may_lack_the_companions(
    start_server: StartServer, add_job: AddJob, edition: str
) -> None:
    server = start_server("--edition", edition, "--no-companions")
    job = add_job(server.data)
    with server.client() as client:
        assert client.get(f"/jobs/{job}").status_code == 404
        assert client.get(f"/jobs/{job}/results-url").status_code == 404
        assert client.get(f"/job-status/{job}").status_code == 200


def test_urls_never_take_the_host_of_the_request(demo: httpx.Client) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    link = demo.get(f"/jobs/{JOB}/results-url", headers=headers).json()
    assert urlsplit(link["urls"]["get"]).hostname == "127.0.0.1"


def test_urls_take_the_origin_that_the_server_was_told(
    start_server: StartServer, add_job: AddJob
) -> None:
    server = start_server("--files-url", "https://files.example.com")
    job = add_job(server.data)
    link = httpx.get(f"{server.url}/jobs/{job}/results-url", headers=server.headers).json()
    for url in link["urls"].values():
        assert url.startswith("https://files.example.com/sutro-results/")


@pytest.mark.parametrize(
    "url", ["files.example.com", "https://files.example.com/x", "ftp://files", "https://a@b", ""]
)
def test_what_is_not_an_origin_is_refused(tmp_path: Path, url: str) -> None:
    done = CliRunner().invoke(serve, ["--data", str(tmp_path), "--files-url", url])
    assert (done.exit_code, "'--files-url'" in done.output) == (2, True)
    with pytest.raises(ParameterError, match="files_url"):
        Settings(data="jobs", files_url=url)


def test_an_application_without_an_origin_of_files_offers_no_urls(server: Server) -> None:
    transport = httpx.ASGITransport(create_app(Settings(data=str(server.data), access_log=False)))

    async def ask() -> tuple[int, int]:
        async with httpx.AsyncClient(
            transport=transport, base_url="http://in.process", headers=server.headers
        ) as client:
            job = await client.get(f"/jobs/{JOB}")
            link = await client.get(f"/jobs/{JOB}/results-url")
        return job.status_code, link.status_code

    assert asyncio.run(ask()) == (200, 404)
