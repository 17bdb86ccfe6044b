"""The description of the API and its page, handed out by the server."""

import json

import httpx
import pytest

import sutro_contract
from tests.support.reference_server import Server, StartServer


def test_the_contract_is_served(server: Server) -> None:
    root = server.url.removesuffix("/v1")
    answer = httpx.get(f"{root}/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == json.loads(sutro_contract.to_json(sutro_contract.load_contract()))


def test_its_page_is_served(server: Server) -> None:
    root = server.url.removesuffix("/v1")
    answer = httpx.get(f"{root}/docs")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Sutro jobs API (unofficial)" in answer.text


@pytest.mark.parametrize("edition", ["e1", "e2"])
def test_an_older_edition_serves_its_own(edition: str, start_server: StartServer) -> None:
    root = start_server("--edition", edition).url.removesuffix("/v1")
    paths = httpx.get(f"{root}/openapi.json").json()["paths"]
    assert set(paths["/job-cancel/{job_id}"]) == {"post"}
    assert httpx.get(f"{root}/docs").status_code == 404
