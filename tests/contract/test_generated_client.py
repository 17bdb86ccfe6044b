"""The generated client, without anything above it, against the reference server.

docs/generated-client.md shows the same calls.
"""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from sutro_jobs_api import AuthenticatedClient
from sutro_jobs_api.api.jobs import cancel_job, get_job_results, get_job_status, list_jobs
from sutro_jobs_api.models import (
    Error,
    JobCancellation,
    JobList,
    JobResults,
    JobStatusResponse,
    ResultsFormat,
)

PAGE = Path(__file__).parents[2] / "docs" / "generated-client.md"
JOB = "job-films-original-titles"


class Server(Protocol):
    url: str
    key: str


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


def test_the_page_of_the_documentation_runs(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    code = code.replace("https://deployment.example.com/v1", f"{server.url}/v1")
    exec(code.replace("YOUR_KEY", server.key), {})  # noqa: S102 - our own page
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "SUCCEEDED"
    assert re.fullmatch(r"\d+ outputs", said[1])
