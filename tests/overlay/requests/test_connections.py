"""Connections: how many there are, whose they are, and how they are configured."""

import asyncio
import ssl
from pathlib import Path

import httpx
import pytest

from sutro_jobs import AsyncSutro, ConnectionFailedError, Sutro
from tests.support.clients import Connect
from tests.support.scripted_server import Request, Response, Script, ScriptedServer
from tests.support.tls import Authority

STATUS = {"message": "", "job_status": {"job-1": "RUNNING"}}


@pytest.fixture
def site(script: Script) -> ScriptedServer:
    """A server that always gives a status."""
    return script(lambda _: Response(body=STATUS))


def test_a_thousand_calls_share_one_connection(site: ScriptedServer, connect: Connect) -> None:
    client = connect(site.url)
    for _ in range(1000):
        client.get_job_status("job-1")
    assert len(site.requests) == 1000
    assert site.connections == 1


def test_pages_and_calls_between_them_open_no_connection_each(
    script: Script, connect: Connect
) -> None:
    def page(request: Request) -> Response:
        number = int(request.query.get("cursor", ["0"])[0])
        following = str(number + 1) if number < 20 else None
        return Response(body={"jobs": [{"job_id": "j", "status": "x"}], "next_cursor": following})

    site = script(page)
    assert len(list(connect(site.url).list_jobs().pages())) == 21
    assert site.connections == 1


def test_many_tasks_get_many_answers(site: ScriptedServer) -> None:
    async def ask() -> set[str]:
        async with AsyncSutro(api_url=site.url, api_key="k") as client:
            return set(await asyncio.gather(*(client.get_job_status("job-1") for _ in range(300))))

    assert asyncio.run(ask()) == {"RUNNING"}
    assert site.connections <= 100


def test_limits_bound_the_connections_of_many_tasks(site: ScriptedServer) -> None:
    limits = httpx.Limits(max_connections=3)

    async def ask() -> None:
        async with AsyncSutro(api_url=site.url, api_key="k", limits=limits) as client:
            await asyncio.gather(*(client.get_job_status("job-1") for _ in range(30)))

    asyncio.run(ask())
    assert site.connections <= 3


def test_a_client_works_in_one_event_loop_after_another(site: ScriptedServer) -> None:
    client = AsyncSutro(api_url=site.url, api_key="k")

    async def ask() -> str:
        async with client:
            return await client.get_job_status("job-1")

    assert [asyncio.run(ask()), asyncio.run(ask())] == ["RUNNING", "RUNNING"]


def test_other_options_share_the_connections(site: ScriptedServer, connect: Connect) -> None:
    client = connect(site.url)
    client.get_job_status("job-1")
    hurried = client.with_options(timeout=1, max_retries=0)
    hurried.get_job_status("job-1")
    assert site.connections == 1


def test_closing_a_client_with_other_options_leaves_the_first_open(site: ScriptedServer) -> None:
    with Sutro(api_url=site.url, api_key="k") as client:
        with client.with_options(timeout=1) as hurried:
            hurried.get_job_status("job-1")
        client.get_job_status("job-1")
    assert site.connections == 1


def test_a_closed_client_opens_new_connections_when_it_is_used(
    site: ScriptedServer, connect: Connect
) -> None:
    client = connect(site.url)
    client.get_job_status("job-1")
    client.close()
    assert client.get_job_status("job-1") == "RUNNING"
    assert site.connections == 2


def test_a_client_of_the_user_is_used_and_stays_open(site: ScriptedServer) -> None:
    with httpx.Client(headers={"X-Gateway": "g"}) as own:
        with Sutro(api_url=site.url, api_key="k", http_client=own) as client:
            client.get_job_status("job-1")
        assert not own.is_closed
    assert site.requests[0].headers["X-Gateway"] == "g"


def test_an_asynchronous_client_of_the_user_is_used_and_stays_open(site: ScriptedServer) -> None:
    async def ask() -> bool:
        async with httpx.AsyncClient() as own:
            async with AsyncSutro(api_url=site.url, api_key="k", http_client=own) as client:
                await client.get_job_status("job-1")
            return own.is_closed

    assert asyncio.run(ask()) is False


def test_a_transport_of_the_user_is_used() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=STATUS))
    with Sutro(api_url="https://here.example", api_key="k", transport=transport) as client:
        assert client.get_job_status("job-1") == "RUNNING"


def test_requests_go_through_a_proxy(site: ScriptedServer, connect: Connect) -> None:
    client = connect("http://localhost:9", proxy=site.url)
    assert client.get_job_status("job-1") == "RUNNING"
    assert site.targets == ["http://localhost:9/v1/job-status/job-1"]


def test_requests_go_through_the_proxy_that_the_environment_names(
    site: ScriptedServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", site.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert connect("http://localhost:9").get_job_status("job-1") == "RUNNING"


@pytest.fixture
def secured(script: Script, authority: Authority) -> ScriptedServer:
    """A server over TLS whose authority is not one of the usual ones."""
    return script(lambda _: Response(body=STATUS), authority.server)


def test_a_ca_bundle_makes_an_authority_trusted(
    secured: ScriptedServer, connect: Connect, authority: Authority
) -> None:
    client = connect(secured.url, verify=str(authority.bundle))
    assert [client.get_job_status("job-1") for _ in range(50)] == ["RUNNING"] * 50
    assert secured.connections == 1


def test_an_unknown_authority_is_not_trusted(secured: ScriptedServer, connect: Connect) -> None:
    with pytest.raises(ConnectionFailedError, match="certificate"):
        connect(secured.url, max_retries=0).get_job_status("job-1")
    assert secured.requests == []


def test_a_ca_bundle_that_is_missing_is_an_error(connect: Connect, tmp_path: Path) -> None:
    client = connect("https://here.example", verify=str(tmp_path / "ca.pem"))
    with pytest.raises(OSError, match="No such file"):
        client.get_job_status("job-1")


@pytest.mark.parametrize("verify", [True, False, ssl.create_default_context()])
def test_every_form_of_verify_is_taken(
    connect: Connect, nobody: str, verify: bool | ssl.SSLContext
) -> None:
    client = connect(nobody.replace("http", "https"), verify=verify, max_retries=0)
    with pytest.raises(ConnectionFailedError):
        client.get_job_status("job-1")


def test_requests_name_the_client(site: ScriptedServer, connect: Connect) -> None:
    connect(site.url).get_job_status("job-1")
    assert site.requests[0].headers["User-Agent"].startswith("sutro-jobs/")
