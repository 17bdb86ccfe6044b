"""Proxies of every kind lead to servers in the clear and over TLS."""

import ssl
import sys

import httpx
import pytest

from tests.support.clients import Connect
from tests.support.scripted_server import Response, Script
from tests.support.tls import Authority
from tests.support.tunnel import dial_for_connect, dial_for_socks, tunnel

STATUS = Response(body={"message": "", "job_status": {"job-1": "RUNNING"}})


@pytest.fixture
def trust(authority: Authority) -> ssl.SSLContext:
    """What clients trust."""
    return ssl.create_default_context(cafile=authority.bundle)


def test_a_proxy_leads_to_a_server_over_tls(
    script: Script, connect: Connect, authority: Authority, trust: ssl.SSLContext
) -> None:
    site = script([STATUS], authority.server)
    with tunnel(dial_for_connect) as proxy:
        client = connect(site.url, proxy=f"http://{proxy}", verify=trust, max_retries=0)
        assert [client.get_job_status("job-1") for _ in range(3)] == ["RUNNING"] * 3
        client.close()
    assert site.connections == 1


def test_a_proxy_over_tls_leads_to_a_server_over_tls(
    script: Script, connect: Connect, authority: Authority, trust: ssl.SSLContext
) -> None:
    body = {**STATUS.json(), "padding": "x" * 500_000}
    site = script([Response(body=body)], authority.server)
    with tunnel(dial_for_connect, authority.server) as address:
        proxy = httpx.Proxy(f"https://{address}", ssl_context=trust)
        client = connect(site.url, proxy=proxy, verify=trust, max_retries=0)
        assert [client.get_job_status("job-1") for _ in range(3)] == ["RUNNING"] * 3
        client.close()
    assert site.connections == 1


@pytest.mark.parametrize("secure", [False, True])
def test_a_socks_proxy_leads_to_servers(
    script: Script, connect: Connect, authority: Authority, trust: ssl.SSLContext, secure: bool
) -> None:
    site = script([STATUS], authority.server if secure else None)
    with tunnel(dial_for_socks) as proxy:
        client = connect(site.url, proxy=f"socks5://{proxy}", verify=trust, max_retries=0)
        assert [client.get_job_status("job-1") for _ in range(3)] == ["RUNNING"] * 3
        client.close()
    assert site.connections == 1


def test_a_socks_proxy_without_its_package_is_an_error_that_names_it(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    client = connect("https://here.example", proxy="socks5://127.0.0.1:9")
    with pytest.raises(ImportError, match=r"httpx\[socks\]"):
        client.get_job_status("job-1")
