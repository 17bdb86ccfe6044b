"""Overlays turn the current contract into those of older editions, which older servers keep."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

import sutro_contract
from sutro_contract.publication.overlays import EDITIONS, apply_overlay, overlay
from tests.support.reference_server import StartServer

DONE = "job-films-countries"
CONTRACTS: dict[str, Any] = {
    edition: apply_overlay(sutro_contract.load_contract(), overlay(edition, "0"))
    for edition in EDITIONS
} | {"e3": sutro_contract.load_contract()}


@pytest.fixture(scope="module", params=sorted(CONTRACTS))
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def requests(contract: Any) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield method, path template, path and options of one good request of each operation."""
    for template, item in contract["paths"].items():
        for method, operation in item.items():
            listed = [resolved(contract, each) for each in operation.get("parameters", [])]
            query = {
                each["name"]: each["example"]
                for each in listed
                if each["in"] == "query" and "example" in each
            }
            path = template.replace("{job_id}", DONE)
            options: dict[str, Any] = {"params": query}
            if "requestBody" in operation:
                options["json"] = {"job_id": DONE}
            yield method, template, path, options


def resolved(contract: Any, node: Any) -> Any:
    while "$ref" in node:
        found = contract
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def test_a_server_of_an_edition_keeps_its_contract(edition: str, start_server: StartServer) -> None:
    contract = CONTRACTS[edition]
    server = start_server("--demo", "--edition", edition)
    for method, template, path, options in requests(contract):
        answer = httpx.request(
            method, f"{server.url}{path}", headers=server.headers, timeout=60, **options
        )
        assert answer.status_code == 200, (template, answer.text)
        check(contract, template, method, answer)
    missing = httpx.get(f"{server.url}/job-status/no-such-job", headers=server.headers)
    check(contract, "/job-status/{job_id}", "get", missing)


def check(contract: Any, template: str, method: str, answer: httpx.Response) -> None:
    """Check an answer by the schema that the contract gives its status and media type."""
    responses = contract["paths"][template][method]["responses"]
    content = resolved(contract, responses[str(answer.status_code)])["content"]
    schema = content[answer.headers["Content-Type"]]["schema"]
    registry: Any = Registry().with_resource("urn:contract", DRAFT202012.create_resource(contract))
    validator = jsonschema.Draft202012Validator(absolute(schema), registry=registry)
    validator.validate(answer.json())


def absolute(node: Any) -> Any:
    return json.loads(json.dumps(node).replace('"#/', '"urn:contract#/'))


def test_what_an_edition_lacks_is_not_in_its_contract() -> None:
    assert "/jobs/{job_id}/results" not in CONTRACTS["e1"]["paths"]
    assert set(CONTRACTS["e2"]["paths"]["/job-cancel/{job_id}"]) == {"post"}


@pytest.mark.parametrize(
    ("target", "said"),
    [("$.paths[*]", "not a path of names"), ("$.nothing", "not in the contract")],
)
def test_an_overlay_that_cannot_be_applied_is_refused(target: str, said: str) -> None:
    action = {"target": target, "remove": True}
    with pytest.raises(sutro_contract.ContractError, match=said):
        apply_overlay(sutro_contract.load_contract(), {"actions": [action]})


def test_what_is_updated_keeps_its_other_members() -> None:
    changed = apply_overlay(
        {"info": {"title": "A", "tags": ["x"]}},
        {"actions": [{"target": "$.info", "update": {"title": "B", "tags": ["y"]}}]},
    )
    assert changed == {"info": {"title": "B", "tags": ["x", "y"]}}
