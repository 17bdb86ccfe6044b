"""Tenants see their own jobs only, and keys open what is theirs."""

from collections.abc import Iterator

import httpx
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from sutro_server.cli import keys
from tests.support.reference_server import Server

PATHS = ["/job-status/{}", "/jobs/{}/results?format=json", "/job-cancel/{}"]


def seen(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """Return what a client can tell answers apart by, but for what differs in every answer."""
    passing = {"date", "x-request-id"}
    headers = {name: value for name, value in answer.headers.items() if name not in passing}
    return answer.status_code, headers, answer.content


@pytest.fixture(scope="session")
def other(server: Server) -> Iterator[httpx.Client]:
    with server.client({"Authorization": f"Key {server.other_key}"}) as client:
        yield client


@pytest.mark.parametrize("prefix", ["", "/v1"])
@pytest.mark.parametrize("path", PATHS)
def test_another_tenants_job_looks_like_a_missing_one(
    other: httpx.Client, prefix: str, path: str
) -> None:
    foreign = other.get(prefix + path.format("job-films-countries"))
    missing = other.get(prefix + path.format("job-films-nowhere"))
    assert foreign.status_code == 404
    assert seen(foreign) == seen(missing)


def test_another_tenants_results_look_missing_in_the_older_form(other: httpx.Client) -> None:
    foreign, missing = (
        other.post("/job-results", json={"job_id": name})
        for name in ("job-films-countries", "job-films-nowhere")
    )
    assert foreign.status_code == 404
    assert seen(foreign) == seen(missing)


def test_another_tenants_job_is_not_cancelled(other: httpx.Client, demo: httpx.Client) -> None:
    other.get("/job-cancel/job-films-running")
    other.post("/job-cancel/job-films-running")
    answer = demo.get("/job-status/job-films-running").json()
    assert answer["job_status"] == {"job-films-running": "RUNNING"}


@given(turns=st.lists(st.tuples(st.sampled_from(["demo", "other"]), st.integers(0, 999))))
def test_fuzzed_traffic_of_two_tenants_never_crosses(
    demo: httpx.Client, other: httpx.Client, turns: list[tuple[str, int]]
) -> None:
    clients = {"demo": demo, "other": other}
    own = {
        name: {job["job_id"] for job in client.get("/list-jobs").json()["jobs"]}
        for name, client in clients.items()
    }
    everything = sorted(own["demo"] | own["other"])
    for name, number in turns:
        job = everything[number % len(everything)]
        answer = clients[name].get(PATHS[number % 2].format(job))
        assert (answer.status_code == 404) == (job not in own[name])
        page = clients[name].get("/list-jobs", params={"limit": number % 100 + 1}).json()
        assert {listed["job_id"] for listed in page["jobs"]} <= own[name]


@pytest.mark.parametrize("header", ["", "Key", "Key wrong", "Bearer demo-key", "demo-key"])
@pytest.mark.parametrize("path", ["/list-jobs", *(path.format("x") for path in PATHS)])
def test_every_endpoint_refuses_what_is_no_key(demo: httpx.Client, path: str, header: str) -> None:
    answer = demo.get(path, headers={"Authorization": header})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Key")
    assert answer.json() == {"detail": "Invalid API key."}


@given(key=st.binary(max_size=100).map(lambda key: bytes(byte | 0x80 for byte in key)))
def test_a_key_of_any_bytes_is_refused(demo: httpx.Client, key: bytes) -> None:
    answer = demo.get("/list-jobs", headers={b"Authorization": b"Key x" + key})
    assert answer.status_code == 401


def test_a_tenant_has_several_keys_and_a_revoked_one_ends_at_once(
    controlled_server: Server,
) -> None:
    def status(key: str) -> int:
        with controlled_server.client({"Authorization": f"Key {key}"}) as client:
            return client.get("/list-jobs").status_code

    def run(command: str, *arguments: str) -> Result:
        data = str(controlled_server.data)
        return CliRunner().invoke(
            keys, [command, "--data", data, *arguments], catch_exceptions=False
        )

    key = run("add", "demo").stdout.strip()
    assert (status(key), status(controlled_server.key)) == (200, 200)
    assert run("revoke", key).exit_code == 0
    assert (status(key), status(controlled_server.key)) == (401, 200)
    assert f"demo\t…{key[-4:]}\trevoked" in run("list").stdout
    assert run("revoke", "unknown").exit_code == 2


def test_no_key_is_stored_in_the_clear(controlled_server: Server) -> None:
    for file in controlled_server.data.rglob("*"):
        assert not file.is_file() or controlled_server.key.encode() not in file.read_bytes()
