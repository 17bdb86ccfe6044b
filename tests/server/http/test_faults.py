"""Faults that requests or the command line ask for."""

import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Protocol

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
    "fault",
    [
        "unknown",
        "latency=soon",
        "reset=x",
        "reset=²",
        "reset@nowhere",
        "wrong-shape=1",
        "wrong-size@list",
    ],
)
def test_a_misspelled_fault_does_not_start_a_server(tmp_path: Path, fault: str) -> None:
    done = CliRunner().invoke(serve, ["--data", str(tmp_path), "--fault", fault])
    assert done.exit_code == 2


def test_the_catalogue_names_every_fault() -> None:
    listed = CliRunner().invoke(serve, ["--list-faults"]).stdout
    for name in ("latency", "reset", "cut", "drip", "empty-page", "wrong-etag", "origin-timeout"):
        assert f"\n{name}" in f"\n{listed}"


class LinkOf(Protocol):
    """Starts a server with faults and returns the link to some results of it."""

    def __call__(self, *faults: str) -> dict[str, Any]: ...


@pytest.fixture
def link_of(start_server: StartServer, add_job: AddJob) -> LinkOf:
    """Start servers with faults."""

    def start(*faults: str) -> dict[str, Any]:
        server = start_server(*(text for fault in faults for text in ("--fault", fault)))
        with server.client() as client:
            link: dict[str, Any] = client.get(f"/jobs/{add_job(server.data)}/results-url").json()
        return link

    return start


def test_a_url_can_expire_before_its_time(link_of: LinkOf) -> None:
    url = link_of("expired-url=2")["urls"]["get"]
    answers = [httpx.get(url) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert "<Code>AccessDenied</Code>" in answers[0].text


@pytest.mark.parametrize(
    ("fault", "status"), [("unavailable=1", 503), ("too-many-requests=1", 429)]
)
def test_the_object_store_fails_in_xml(link_of: LinkOf, fault: str, status: int) -> None:
    url = link_of(f"{fault}@files")["urls"]["get"]
    answers = [httpx.get(url) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [status, 200]
    assert answers[0].text.startswith("<?xml")


def test_a_file_can_change_in_mid_download(link_of: LinkOf) -> None:
    url = link_of("wrong-etag=2@files")["urls"]["get"]
    parts = [httpx.get(url, headers={"Range": "bytes=0-3"}) for _ in range(4)]
    assert {part.status_code for part in parts} == {206}
    tags = [part.headers["ETag"] for part in parts]
    assert len(set(tags)) == 3
    assert tags[2] == tags[3]


def test_a_store_can_lack_ranges_and_tags(link_of: LinkOf) -> None:
    url = link_of("no-ranges@files", "no-etag@files")["urls"]["get"]
    answer = httpx.get(url, headers={"Range": "bytes=0-3", "If-Match": '"x"'})
    assert answer.status_code == 200
    assert not {"ETag", "Accept-Ranges", "Content-Range"} & set(answer.headers)


def test_a_range_can_be_of_a_longer_file(link_of: LinkOf) -> None:
    link = link_of("wrong-total@files")
    answer = httpx.get(link["urls"]["get"], headers={"Range": "bytes=0-3"})
    total = link["artifact"]["size_bytes"] + 1
    assert answer.headers["Content-Range"] == f"bytes 0-3/{total}"


def test_a_link_can_name_another_size(link_of: LinkOf) -> None:
    link = link_of("wrong-size=5")
    length = int(httpx.head(link["urls"]["head"]).headers["Content-Length"])
    assert link["artifact"]["size_bytes"] == length + 5


def test_urls_can_live_shorter_than_asked_for(
    ask: AskForFault, controlled_server: Server, add_job: AddJob
) -> None:
    job = add_job(controlled_server.data)
    path = f"/jobs/{job}/results-url"
    link = ask("short-lived-url=600", path, expires_in_seconds=3600).json()
    assert link["expires_in_seconds"] == 600
    url = link["urls"]["get"]
    assert httpx.get(url).status_code == 200
    clock = f"{controlled_server.url}/control/clock?advance=601s"
    httpx.post(clock, headers=controlled_server.headers)
    assert httpx.get(url).status_code == 403


def test_a_file_can_take_its_time(
    ask: AskForFault, controlled_server: Server, add_job: AddJob
) -> None:
    path = f"/jobs/{add_job(controlled_server.data)}/results-url"
    started = time.monotonic()
    assert ask("latency=300ms", path).status_code == 200
    assert time.monotonic() - started > 0.3


def test_a_redirect_leads_nowhere(ask: AskForFault) -> None:
    answer = ask("redirect")
    assert (answer.status_code, answer.headers["Location"]) == (307, "/redirected")


def test_a_fault_of_one_job_spares_its_results(start_server: StartServer, add_job: AddJob) -> None:
    server = start_server("--fault", "unavailable@job")
    job = add_job(server.data)
    with server.client() as client:
        paths = ("", "/results-url", "/results?format=csv")
        found = [client.get(f"/jobs/{job}{path}").status_code for path in paths]
    assert found == [503, 200, 200]
