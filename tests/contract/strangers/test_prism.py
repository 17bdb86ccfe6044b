"""Prism, as a mock of the contract and as a judge between a client and a server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sutro_jobs import Sutro
from tests.contract.conftest import EditContract
from tests.support.reference_server import Server

from .conftest import CONTRACT, DONE, prism

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mock(edited: EditContract, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of Prism, which serves the contract's examples and refuses requests that break it."""

    def at_v1(contract: Any) -> None:
        # Prism leaves the path of the server URL away, which our client, rightly, keeps.
        contract["paths"] = {f"/v1{path}": item for path, item in contract["paths"].items()}

    log = tmp_path_factory.mktemp("prism") / "log"
    with prism("mock", edited(at_v1), log=log) as url:
        yield url


@pytest.fixture
def client(mock: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sutro]:
    monkeypatch.setenv("HOME", str(tmp_path))
    with Sutro(api_url=mock, api_key="any-key") as client:
        yield client


def test_our_client_lists_the_jobs_of_a_mock(client: Sutro) -> None:
    assert [job.job_id for job in client.list_jobs(limit=5)] == ["batch_job_12345"]


def test_our_client_reads_a_status_of_a_mock(client: Sutro) -> None:
    assert client.get_job_status("batch_job_12345") == "RUNNING"


def test_our_client_gets_json_results_of_a_mock(client: Sutro, tmp_path: Path) -> None:
    file = client.download_job_results("batch_job_12345", tmp_path / "results.json", format="json")
    assert '"outputs"' in file.read_text()


def test_our_client_cancels_at_a_mock(client: Sutro) -> None:
    assert client.cancel_job("batch_job_12345").cancelled


def test_a_mock_demands_the_key(mock: str) -> None:
    assert httpx.get(f"{mock}/v1/list-jobs").status_code == 401


@pytest.fixture(scope="module")
def between(
    editions: Callable[[str], Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of the reference server, with Prism between them as a judge of both."""
    server = editions("e3")
    log = tmp_path_factory.mktemp("prism") / "log"
    with (
        prism("proxy", CONTRACT, server.url, log=log) as url,
        httpx.Client(base_url=url, headers=server.headers, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/list-jobs", 200),
        ("/list-jobs?limit=3", 200),
        ("/job-status/job-films-failed", 200),
        ("/job-status/no-such-job", 404),
        (f"/jobs/{DONE}", 200),
        ("/jobs/no-such-job", 404),
        (f"/jobs/{DONE}/results?format=json&include_inputs=true", 200),
        (f"/jobs/{DONE}/results?format=csv", 200),
        (f"/jobs/{DONE}/results?format=parquet", 200),
        ("/jobs/job-films-failed/results?format=json", 409),
        (f"/jobs/{DONE}/results-url", 200),
        ("/jobs/job-films-failed/results-url", 409),
        ("/job-cancel/job-films-cancelled", 200),
    ],
)
def test_an_answer_is_no_violation(path: str, status: int, between: httpx.Client) -> None:
    answer = between.get(path)
    assert answer.status_code == status, answer.text
    assert "sl-violations" not in answer.headers


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_ranges_and_known_results_are_no_violations(form: str, between: httpx.Client) -> None:
    path = f"/jobs/{DONE}/results?format={form}"
    part = between.get(path, headers={"Range": "bytes=0-99"})
    # Prism passes bytes on as text, so what it lets through is not what the server sent.
    assert part.status_code == 206
    known = between.get(path, headers={"If-None-Match": part.headers["ETag"]})
    assert known.status_code == 304
    beyond = between.get(path, headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416
    assert not any("sl-violations" in each.headers for each in (part, known, beyond))


def test_the_older_forms_are_no_violations(between: httpx.Client) -> None:
    results = between.post("/job-results", json={"job_id": DONE})
    assert results.status_code == 200
    assert between.post("/job-cancel/job-films-cancelled").status_code == 200
