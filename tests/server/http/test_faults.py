import time
from email.utils import parsedate_to_datetime

import httpx
import pytest
from click.testing import CliRunner

from sutro_server.cli import serve


@pytest.fixture
def ask(controlled_server, add_job):
    """Ask for the results of a small job, or for another path, with a fault."""
    job = add_job(controlled_server.data)

    def ask(fault, path=f"/jobs/{job}/results?format=json", **query):
        headers = {**controlled_server.headers, "X-Sutro-Fault": fault}
        return httpx.get(controlled_server.url + path, params=query or None, headers=headers)

    return ask


@pytest.mark.parametrize(
    ("fault", "status"), [("internal-error", 500), ("unavailable", 503), ("too-many-requests", 429)]
)
def test_a_status_is_answered_as_the_contract_says(ask, fault, status):
    answer = ask(fault)
    assert answer.status_code == status
    assert isinstance(answer.json()["detail"], str)


def test_retry_after_comes_in_both_forms(ask):
    assert ask("too-many-requests").headers["Retry-After"] == "1"
    date = ask("too-many-requests-date").headers["Retry-After"]
    assert 0 < parsedate_to_datetime(date).timestamp() - time.time() < 3


def test_a_timeout_of_the_proxy_is_html(ask):
    answer = ask("origin-timeout")
    assert (answer.status_code, answer.headers["Content-Type"]) == (524, "text/html")


def test_latency_delays_the_answer(ask):
    started = time.monotonic()
    assert ask("latency=300ms").status_code == 200
    assert time.monotonic() - started > 0.3


def test_a_reset_connection_gives_no_answer(ask):
    with pytest.raises(httpx.ReadError):
        ask("reset")


@pytest.mark.parametrize("fault", ["cut", "cut=3"])
def test_a_cut_body_ends_before_its_length(ask, fault):
    with pytest.raises(httpx.RemoteProtocolError):
        ask(fault)


def test_a_dripping_body_arrives_whole(ask):
    assert ask("drip=200").json() == {"outputs": ["1", "2", "3"]}


def test_a_wrong_length_hides_the_missing_end(ask):
    whole = ask("")
    short = ask("wrong-length=2")
    assert short.content == whole.content[:-2]
    assert short.headers["ETag"] == whole.headers["ETag"]


def test_malformed_json_has_the_length_it_says(ask):
    answer = ask("malformed-json")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()


def test_a_wrong_shape_is_no_answer_of_the_contract(ask):
    assert ask("wrong-shape").json() == [{"unexpected": None}]


def test_an_empty_page_has_a_cursor_to_all_jobs(ask):
    empty = ask("empty-page", "/list-jobs", limit=100).json()
    assert empty["jobs"] == []
    following = ask("empty-page", "/list-jobs", limit=100, cursor=empty["next_cursor"]).json()
    assert following == ask("", "/list-jobs", limit=100).json()


def test_a_repeated_cursor_leads_nowhere(ask, add_job, controlled_server):
    add_job(controlled_server.data)
    cursor = ask("", "/list-jobs", limit=1).json()["next_cursor"]
    again = ask("repeated-cursor", "/list-jobs", limit=1, cursor=cursor).json()
    assert again["next_cursor"] == cursor


def test_a_wrong_etag_is_another_each_time(ask):
    assert len({ask("wrong-etag").headers["ETag"] for _ in range(3)}) == 3


def test_an_unknown_fault_is_refused(ask):
    assert ask("unheard-of").status_code == 400


def test_the_header_does_nothing_unless_switched_on(demo):
    headers = {"X-Sutro-Fault": "internal-error"}
    assert demo.get("/list-jobs?limit=1", headers=headers).status_code == 200


def test_faults_of_the_command_line_end_after_their_times(start_server):
    server = start_server("--fault", "unavailable=2@list", "--fault", "wrong-etag@results")
    with httpx.Client(base_url=server.url, headers=server.headers) as client:
        statuses = [client.get("/list-jobs").status_code for _ in range(4)]
        assert client.get("/job-status/x").status_code == 404
    assert statuses == [503, 503, 200, 200]


@pytest.mark.parametrize(
    "fault", ["unknown", "latency=soon", "reset=x", "reset@nowhere", "wrong-shape=1"]
)
def test_a_misspelled_fault_does_not_start_a_server(tmp_path, fault):
    done = CliRunner().invoke(serve, ["--data", str(tmp_path), "--fault", fault])
    assert done.exit_code == 2


def test_the_catalogue_names_every_fault():
    listed = CliRunner().invoke(serve, ["--list-faults"]).stdout
    for name in ("latency", "reset", "cut", "drip", "empty-page", "wrong-etag", "origin-timeout"):
        assert f"\n{name}" in f"\n{listed}"
