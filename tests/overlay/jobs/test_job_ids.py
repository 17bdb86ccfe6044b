"""A job ID is sent as the path segment that it is, or not at all."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sutro_jobs import ArgumentError, Sutro
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.scripted_server import Response, Script

REFUSED = ["", ".", "..", "../list-jobs", "a/b", "/", "a\\b", "a\0b"]


@pytest.mark.parametrize("job_id", REFUSED)
def test_an_id_that_could_be_another_path_is_refused(
    script: Script, connect: Connect, job_id: str
) -> None:
    site = script(lambda _: Response())
    client = connect(site.url)
    calls: list[Callable[[str], object]] = [
        client.get_job_status,
        client.cancel_job,
        client.wait_for_job,
        client.get_job_results,
    ]
    for call in calls:
        with pytest.raises(ArgumentError, match="job ID"):
            call(job_id)
    assert site.requests == []


@pytest.mark.parametrize("job_id", [None, 7, b"job"])
def test_an_id_that_is_no_text_is_refused(server: Server, connect: Connect, job_id: Any) -> None:
    with pytest.raises(ArgumentError, match="job_id must be a str, not"):
        connect(server.url).get_job_status(job_id)


@pytest.mark.parametrize("job_id", ["a?x=1", "ü", "a#b", "%2e%2e", "a b", "a;b", "a%2Fb", "…"])
def test_any_other_id_is_encoded(script: Script, connect: Connect, job_id: str) -> None:
    site = script(lambda _: Response(body={"cancelled": True, "message": ""}))
    connect(site.url).cancel_job(job_id)
    prefix, _, segment = site.targets[0].rpartition("/")
    assert prefix == "/v1/job-cancel"
    assert unquote(segment) == job_id


def test_encoded_ids_reach_the_job_they_name(server: Server, connect: Connect) -> None:
    with pytest.raises(Exception, match="Job not found"):
        connect(server.url).get_job_status("a?x=1&ü#")


@pytest.fixture(scope="module")
def echo() -> tuple[Sutro, list[bytes]]:
    """Paths that a client asks for, without a network."""
    paths: list[bytes] = []

    def handle(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path)
        return httpx.Response(200, json={"cancelled": True, "message": ""})

    transport = httpx.MockTransport(handle)
    return Sutro(api_url="https://here.example", api_key="k", transport=transport), paths


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_id_leaves_its_place_in_the_path(echo: tuple[Sutro, list[bytes]], job_id: str) -> None:
    client, paths = echo
    try:
        client.cancel_job(job_id)
    except ArgumentError:
        return
    path = paths[-1].decode()
    assert path.startswith("/v1/job-cancel/")
    assert unquote(path.removeprefix("/v1/job-cancel/")) == job_id
    assert path.count("/") == 3
