"""The API key goes to its deployment, and nowhere else."""

import asyncio
import copy
import json
import logging
import pickle
import traceback
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

import sutro_jobs
from sutro_jobs import AsyncSutro, ConfigurationError, RedirectError, Sutro, SutroError
from tests.support.clients import Connect
from tests.support.scripted_server import Request, Response, Script

KEY = "sk-very-secret"
STATUS = {"message": "", "job_status": {"job-1": "RUNNING"}}


@pytest.fixture(params=[401, 500, 302, 200, "broken"])
def failure(
    request: pytest.FixtureRequest, script: Script, connect: Connect, nobody: str
) -> SutroError:
    """An error of each kind, from a server that echoes the key where it can."""
    said = {
        401: Response(401, {"detail": f"No such key: {KEY}"}),
        500: Response(500, f"<html>{KEY}</html>".encode()),
        302: Response(302, b"", {"Location": "https://elsewhere.example/"}),
        200: Response(200, b"{"),
    }
    url = nobody if request.param == "broken" else script(lambda _: said[request.param]).url
    with pytest.raises(SutroError) as caught:
        connect(url, KEY, max_retries=0).get_job_status("job-1")
    return caught.value


def test_errors_do_not_hold_the_key(failure: SutroError) -> None:
    assert KEY not in f"{failure} {failure!r} {vars(failure)}"
    assert KEY.encode() not in pickle.dumps(failure)


def test_tracebacks_with_locals_of_ours_do_not_hold_the_key(failure: SutroError) -> None:
    ours = []
    for error in (failure, failure.__cause__, failure.__context__):
        if error is None:
            continue
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        ours += [
            f"{frame.locals}" for frame in shown.stack if "/overlay/sutro_jobs/" in frame.filename
        ]
    assert ours
    assert KEY not in "".join(ours)


@pytest.mark.parametrize("place", ["argument", "environment", "file"])
@pytest.mark.parametrize(("url", "key"), [("http://here.example", KEY), (None, f"{KEY} ")])
def test_tracebacks_of_refused_configuration_do_not_hold_the_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str, url: str | None, key: str
) -> None:
    configuration = {"api_url": url or "https://here.example", "api_key": key}
    for name, value in configuration.items():
        monkeypatch.delenv(f"SUTRO_{name.upper()}", raising=False)
        if place == "environment":
            monkeypatch.setenv(f"SUTRO_{name.upper()}", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    if place == "file":
        (tmp_path / ".sutro").mkdir()
        (tmp_path / ".sutro" / "config.json").write_text(json.dumps(configuration))
    with pytest.raises(ConfigurationError) as caught:
        Sutro(**cast("dict[str, Any]", configuration if place == "argument" else {}))
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [f"{frame.locals}" for frame in shown.stack if "/overlay/sutro_jobs/" in frame.filename]
    assert ours
    assert KEY not in "".join(ours)


def test_nothing_is_logged_of_the_key(
    script: Script, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    first = iter([Response(503, headers={"Retry-After": "0"})])
    site = script(lambda _: next(first, Response(body=STATUS)))
    with caplog.at_level(logging.DEBUG):
        connect(site.url, KEY).get_job_status("job-1")
    names = {record.name.partition(".")[0] for record in caplog.records}
    assert {"sutro_jobs", "httpcore"} <= names
    assert KEY not in "".join(f"{vars(record)}" for record in caplog.records)


@pytest.mark.parametrize("kind", [Sutro, AsyncSutro])
def test_reprs_do_not_show_the_key(kind: type[Sutro | AsyncSutro]) -> None:
    client = kind(api_url="https://here.example", api_key=KEY)
    client.list_jobs()
    assert KEY not in f"{client!r} {client} {vars(client)} {client.list_jobs()!r}"
    assert "https://here.example/v1" in repr(client)


@pytest.mark.parametrize("kind", [Sutro, AsyncSutro])
def test_a_pickled_client_keeps_its_configuration(kind: type[Sutro | AsyncSutro]) -> None:
    client = kind(api_url="https://here.example", api_key=KEY, max_retries=7)
    for twin in (pickle.loads(pickle.dumps(client)), copy.deepcopy(client)):
        assert twin.api_url == client.api_url
        assert repr(twin) == repr(client)


def test_a_pickled_client_works_after_use(script: Script) -> None:
    site = script(lambda _: Response(body=STATUS))
    with Sutro(api_url=site.url, api_key=KEY) as client:
        client.get_job_status("job-1")
        with pickle.loads(pickle.dumps(client)) as twin:
            twin.get_job_status("job-1")
    assert {request.headers["Authorization"] for request in site.requests} == {f"Key {KEY}"}


def test_a_client_with_connections_of_the_user_cannot_be_pickled() -> None:
    with httpx.Client() as own:
        client = Sutro(api_url="https://here.example", api_key=KEY, http_client=own)
        with pytest.raises(TypeError, match="http_client"):
            pickle.dumps(client)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_key_does_not_follow_a_redirect_to_another_origin(
    script: Script, connect: Connect, status: int
) -> None:
    other = script(lambda _: Response(body=STATUS))
    site = script(
        lambda request: Response(status, b"", {"Location": f"{other.url}{request.target}"})
    )
    with pytest.raises(RedirectError, match="api_url"):
        connect(site.url, KEY).get_job_status("job-1")
    assert other.requests == []


def test_not_even_with_a_client_that_follows_redirects(script: Script) -> None:
    other = script(lambda _: Response(body=STATUS))
    site = script(lambda request: Response(302, b"", {"Location": f"{other.url}{request.target}"}))
    with httpx.Client(follow_redirects=True) as own:
        client = Sutro(api_url=site.url, api_key=KEY, http_client=own)
        with pytest.raises(RedirectError):
            client.get_job_status("job-1")
    assert other.requests == []


def test_a_redirect_within_the_origin_is_followed(script: Script, connect: Connect) -> None:
    def moved(request: Request) -> Response:
        if request.target.endswith("/"):
            return Response(body=STATUS)
        return Response(307, b"", {"Location": f"{request.target}/"})

    assert connect(script(moved).url, KEY).get_job_status("job-1") == "RUNNING"


def test_redirects_without_end_are_an_error(script: Script, connect: Connect) -> None:
    site = script(lambda request: Response(307, b"", {"Location": f"{request.target}x"}))
    with pytest.raises(SutroError, match="307"):
        connect(site.url, KEY).get_job_status("job-1")
    assert len(site.requests) < 10


def test_the_authentication_of_a_client_of_the_user_does_not_replace_the_key(
    script: Script,
) -> None:
    site = script(lambda _: Response(body=STATUS))
    with httpx.Client(auth=("user", "password")) as own:
        Sutro(api_url=site.url, api_key=KEY, http_client=own).get_job_status("job-1")
    assert site.requests[0].headers["Authorization"] == f"Key {KEY}"


def test_the_module_keeps_no_key(script: Script) -> None:
    site = script(lambda _: Response(body=STATUS))

    async def ask() -> None:
        async with AsyncSutro(api_url=site.url, api_key=KEY) as client:
            await client.get_job_status("job-1")

    asyncio.run(ask())
    assert KEY not in f"{vars(sutro_jobs)}"
