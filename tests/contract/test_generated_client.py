"""The generated client, without anything above it, against the reference server.

docs/generated-client.md shows the same calls.
"""

import asyncio
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import sutro_contract
from sutro_jobs_api import AuthenticatedClient
from sutro_jobs_api.api.companions import get_job
from sutro_jobs_api.api.jobs import cancel_job, get_job_results, get_job_status, list_jobs
from sutro_jobs_api.models import (
    Error,
    JobCancellation,
    JobList,
    JobResults,
    JobStatusResponse,
    NoSuchJobError,
    ResultsFormat,
)
from tests.support.reference_server import Server
from tests.support.scripted_server import Response, Script

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "generated-client.md"
JOB = "job-films-original-titles"


@pytest.fixture
def client(server: Server) -> Iterator[AuthenticatedClient]:
    with AuthenticatedClient(base_url=server.url, token=server.key, prefix="Key") as client:
        yield client


def test_it_lists_jobs_page_by_page(client: AuthenticatedClient) -> None:
    first = list_jobs.sync(client=client, limit=2)
    assert isinstance(first, JobList)
    assert len(first.jobs) == 2
    assert isinstance(first.next_cursor, str)
    second = list_jobs.sync(client=client, limit=2, cursor=first.next_cursor)
    assert isinstance(second, JobList)
    assert not {job.job_id for job in first.jobs} & {job.job_id for job in second.jobs}


def test_it_lists_all_jobs(client: AuthenticatedClient) -> None:
    listed = list_jobs.sync(client=client)
    assert isinstance(listed, JobList)
    assert JOB in {job.job_id for job in listed.jobs}
    assert listed.message


def test_it_reads_a_status(client: AuthenticatedClient) -> None:
    answer = get_job_status.sync(JOB, client=client)
    assert isinstance(answer, JobStatusResponse)
    assert not isinstance(answer.job_status, str)
    assert answer.job_status[JOB] == "SUCCEEDED"


def test_it_reads_results_as_json(client: AuthenticatedClient) -> None:
    results = get_job_results.sync(
        JOB, client=client, format_=ResultsFormat.JSON, include_inputs=True
    )
    assert isinstance(results, JobResults)
    assert isinstance(results.inputs, list)
    assert len(results.inputs) == len(results.outputs) > 1000


def test_it_cancels_a_job(client: AuthenticatedClient) -> None:
    answer = cancel_job.sync("job-films-cancelled", client=client)
    assert isinstance(answer, JobCancellation)


def test_a_missing_job_is_an_error_object(client: AuthenticatedClient) -> None:
    answer = get_job_status.sync("no-such-job", client=client)
    assert isinstance(answer, Error)
    assert answer.detail == "Job not found."


def test_it_works_in_an_event_loop(server: Server) -> None:
    async def status() -> object:
        async with AuthenticatedClient(
            base_url=server.url, token=server.key, prefix="Key"
        ) as client:
            return await get_job_status.asyncio(JOB, client=client)

    assert isinstance(asyncio.run(status()), JobStatusResponse)


def test_the_code_of_the_documentation_runs(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    run_code(0, server)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "SUCCEEDED"
    assert re.fullmatch(r"\d+ outputs", said[1])


def test_the_recipe_for_bytes_writes_a_parquet_file(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_code(1, server)
    assert (tmp_path / "results.parquet").read_bytes().startswith(b"PAR1")


def run_code(number: int, server: Server) -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[number]
    code = code.replace("https://deployment.example.com/v1", f"{server.url}/v1")
    exec(code.replace("YOUR_KEY", server.key), {})  # noqa: S102 - our own page


# The table of the page, row by row.


def test_without_the_prefix_the_key_is_refused(server: Server) -> None:
    with AuthenticatedClient(base_url=server.url, token=server.key) as client:
        answer = list_jobs.sync_detailed(client=client)
    assert answer.status_code == 401
    assert isinstance(answer.parsed, Error)


@pytest.mark.parametrize("form", [ResultsFormat.CSV, ResultsFormat.PARQUET])
def test_bytes_cannot_be_decoded(client: AuthenticatedClient, form: ResultsFormat) -> None:
    with pytest.raises(UnicodeDecodeError):
        get_job_results.sync(JOB, client=client, format_=form)


STATUS = {"message": "Job status retrieved.", "job_status": {"job-1": "RUNNING"}, "metadata": None}


@pytest.mark.parametrize(
    ("reply", "raised"),
    [
        (Response(502, b"<html>", {"Content-Type": "text/html"}), json.JSONDecodeError),
        (Response(500, b"Internal Server Error"), json.JSONDecodeError),
        (Response(200, {"message": "Job status retrieved."}), KeyError),
        (Response(200, None), TypeError),
        (Response(499, {"detail": "Closed."}), ValueError),
        (Response(524, {"detail": "Timeout."}), ValueError),
    ],
    ids=["a page", "plain text", "a field that is missing", "null", "499", "524"],
)
def test_an_answer_outside_the_contract_raises(
    reply: Response, raised: type[Exception], script: Script
) -> None:
    with (
        AuthenticatedClient(base_url=script([reply]).url, token="key", prefix="Key") as client,
        pytest.raises(raised),
    ):
        get_job_status.sync("job-1", client=client)


@pytest.mark.parametrize("status", [206, 304])
def test_a_part_is_not_parsed(status: int, script: Script) -> None:
    reply = Response(status, b"PAR1" if status == 206 else b"")
    with AuthenticatedClient(base_url=script([reply]).url, token="key", prefix="Key") as client:
        answer = get_job_results.sync_detailed(
            "job-1", client=client, format_=ResultsFormat.PARQUET
        )
    assert answer.parsed is None
    assert answer.content == reply.content


def test_its_repr_shows_the_key() -> None:
    assert "secret" in repr(AuthenticatedClient(base_url="http://127.0.0.1", token="secret"))


def test_a_client_is_opened_once(client: AuthenticatedClient) -> None:
    client.get_httpx_client()
    with pytest.raises(RuntimeError), client:
        pass


def test_the_companions_are_there(client: AuthenticatedClient) -> None:
    assert isinstance(get_job.sync("no-such-job", client=client), NoSuchJobError)


def test_its_distribution_has_the_version_of_the_contract() -> None:
    project = tomllib.loads((ROOT / "generated" / "pyproject.toml").read_text())["project"]
    assert project["version"] == sutro_contract.version(sutro_contract.load_contract())
