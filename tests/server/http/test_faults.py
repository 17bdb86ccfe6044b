"""Faults that requests or the command line ask for."""

import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from click.testing import CliRunner

from sutro_server.cli import serve
from tests.server.conftest import AddJob
from tests.support.reference_server import Server, StartServer


class AskForFault(Protocol):
    """Asks for the results of a small job, or for another path, with a fault."""

    def __call__(self, fault: str, path: str = ..., **query: str | int) -> httpx.Response: ...


@pytest.fixture
def ask(controlled_server: Server, add_job: AddJob) -> Iterator[AskForFault]:
    """Ask for faults."""
    job = add_job(controlled_server.data)

    def ask(
        fault: str, path: str = f"/jobs/{job}/results?format=json", **query: str | int
    ) -> httpx.Response:
        return client.get(path, params=query or None, headers={"X-Sutro-Fault": fault})

    with controlled_server.client() as client:
        yield ask


@pytest.mark.parametrize(
    ("fault", "status"), [("internal-error", 500), ("unavailable", 503), ("too-many-requests", 429)]
)
def test_a_status_is_answered_as_the_contract_says(
    ask: AskForFault, fault: str, status: int
) -> None:
    answer = ask(fault)
    assert answer.status_code == status
    assert isinstance(answer.json()["detail"], str)


def test_retry_after_comes_in_both_forms(ask: AskForFault) -> None:
    assert ask("too-many-requests").headers["Retry-After"] == "1"
    headers = ask("too-many-requests-date").headers
    now, then = (parsedate_to_datetime(headers[name]) for name in ("Date", "Retry-After"))
    assert timedelta(0) <= then - now <= timedelta(seconds=3)


def test_a_timeout_of_the_proxy_is_html(ask: AskForFault) -> None:
    answer = ask("origin-timeout")
    assert (answer.status_code, answer.headers["Content-Type"]) == (524, "text/html")


def test_latency_delays_the_answer(ask: AskForFault) -> None:
    started = time.monotonic()
    assert ask("latency=300ms").status_code == 200
    assert time.monotonic() - started > 0.3


def test_a_reset_connection_gives_no_answer(ask: AskForFault) -> None:
    with pytest.raises(httpx.ReadError):
        ask("reset")


@pytest.mark.parametrize("fault", ["cut", "cut=3"])
def test_a_cut_body_ends_before_its_length(ask: AskForFault, fault: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        ask(fault)


def test_a_dripping_body_arrives_whole(ask: AskForFault) -> None:
    assert ask("drip=200").json() == {"outputs": ["1", "2", "3"]}


def test_a_wrong_length_hides_the_missing_end(ask: AskForFault) -> None:
    whole = ask("")
    short = ask("wrong-length=2")
    assert short.content == whole.content[:-2]
    assert short.headers["ETag"] == whole.headers["ETag"]


def test_malformed_json_has_the_length_it_says(ask: AskForFault) -> None:
    answer = ask("malformed-json")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()


def test_a_wrong_shape_is_no_answer_of_the_contract(ask: AskForFault) -> None:
    assert ask("wrong-shape").json() == [{"unexpected": None}]


def test_an_empty_page_has_a_cursor_to_all_jobs(ask: AskForFault) -> None:
    empty = ask("empty-page", "/list-jobs", limit=100).json()
    assert empty["jobs"] == []
    following = ask("empty-page", "/list-jobs", limit=100, cursor=empty["next_cursor"]).json()
    assert following == ask("", "/list-jobs", limit=100).json()


def test_a_repeated_cursor_leads_nowhere(
    ask: AskForFault, add_job: AddJob, controlled_server: Server
) -> None:
    add_job(controlled_server.data)
    cursor = ask("", "/list-jobs", limit=1).json()["next_cursor"]
    again = ask("repeated-cursor", "/list-jobs", limit=1, cursor=cursor).json()
    assert again["next_cursor"] == cursor


def test_a_wrong_etag_is_another_each_time(ask: AskForFault) -> None:
    assert len({ask("wrong-etag").headers["ETag"] for _ in range(3)}) == 3


def test_an_unknown_fault_is_refused(ask: AskForFault) -> None:
    assert ask("unheard-of").status_code == 400


def test_the_header_does_nothing_unless_switched_on(demo: httpx.Client) -> None:
    headers = {"X-Sutro-Fault": "internal-error"}
    assert demo.get("/list-jobs?limit=1", headers=headers).status_code == 200


def test_faults_of_the_command_line_end_after_their_times(start_server: StartServer) -> None:
    server = start_server("--fault", "unavailable=2@list", "--fault", "wrong-etag@results")
    with server.client() as client:
        statuses = [client.get("/list-jobs").status_code for _ in range(4)]
        assert client.get("/job-status/x").status_code == 404
    assert statuses == [503, 503, 200, 200]


@pytest.mark.parametrize(
    "fault", ["unknown", "latency=soon", "reset=x", "reset@nowhere", "wrong-shape=1"]
)
def test_a_misspelled_fault_does_not_start_a_server(tmp_path: Path, fault: str) -> None:
    done = CliRunner().invoke(serve, ["--data", str(tmp_path), "--fault", fault])
    assert done.exit_code == 2


def test_the_catalogue_names_every_fault() -> None:
    listed = CliRunner().invoke(serve, ["--list-faults"]).stdout
    for name in ("latency", "reset", "cut", "drip", "empty-page", "wrong-etag", "origin-timeout"):
        assert f"\n{name}" in f"\n{listed}"
