"""The contract agrees with itself."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

import sutro_contract

CONTRACT: Any = sutro_contract.load_contract()
METHODS = ("get", "post")


def resolved(node: Any) -> Any:
    while "$ref" in node:
        target = node["$ref"].removeprefix("#/")
        node = CONTRACT
        for step in target.split("/"):
            node = node[step]
    return node


def operations() -> Iterator[tuple[str, Any]]:
    for path, item in CONTRACT["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def contents() -> Iterator[tuple[str, Any]]:
    for name, operation in operations():
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name} {media_type}", content
        for status, response in operation["responses"].items():
            for media_type, content in resolved(response).get("content", {}).items():
                yield f"{name} {status} {media_type}", content


def examples() -> Iterator[Any]:
    """Each example of a request, a response or a parameter, with its schema."""
    for where, content in contents():
        if "example" in content:
            yield pytest.param(content["schema"], content["example"], id=where)
        for name, example in content.get("examples", {}).items():
            value = resolved(example)["value"]
            yield pytest.param(content["schema"], value, id=f"{where} {name}")
    for where, operation in operations():
        for parameter in map(resolved, operation.get("parameters", [])):
            if "example" in parameter:
                label = f"{where} {parameter['name']}"
                yield pytest.param(parameter["schema"], parameter["example"], id=label)


def validator(schema: Any) -> jsonschema.Draft202012Validator:
    contract = DRAFT202012.create_resource(CONTRACT)
    absolute = _absolute(schema)
    return jsonschema.Draft202012Validator(
        absolute,
        registry=Registry[Any]().with_resource("urn:contract", contract),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def _absolute(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: f"urn:contract{value}" if key == "$ref" else _absolute(value)
            for key, value in node.items()
        }
    return [_absolute(part) for part in node] if isinstance(node, list) else node


@pytest.mark.parametrize(("schema", "example"), list(examples()))
def test_an_example_follows_its_schema(schema: Any, example: Any) -> None:
    validator(schema).validate(example)


def test_every_json_answer_has_an_example() -> None:
    bare = [
        where
        for where, content in contents()
        if where.endswith("application/json")
        and "schema" in content
        and not {"example", "examples"} & content.keys()
    ]
    assert bare == []


@pytest.mark.parametrize(
    "answer",
    [
        {"jobs": []},
        {"jobs": [], "message": "Jobs retrieved.", "next_cursor": None},
        {"message": "Jobs retrieved."},
    ],
    ids=["neither form", "both forms", "no jobs"],
)
def test_a_list_that_mixes_its_two_forms_is_refused(answer: Any) -> None:
    assert not validator({"$ref": "#/components/schemas/JobList"}).is_valid(answer)


@pytest.mark.parametrize("status", ["SUCCEEDED", "succeeded", "A_STATUS_TO_COME"])
def test_a_job_may_have_a_status_that_is_not_named(status: str) -> None:
    job = CONTRACT["components"]["examples"]["JobListWithPagination"]["value"]["jobs"][0]
    validator({"$ref": "#/components/schemas/Job"}).validate(job | {"status": status, "new": 1})


@pytest.mark.parametrize("field", CONTRACT["components"]["schemas"]["Job"]["required"])
def test_a_job_without_a_documented_field_is_refused(field: str) -> None:
    job = dict(CONTRACT["components"]["examples"]["JobListWithPagination"]["value"]["jobs"][0])
    del job[field]
    assert not validator({"$ref": "#/components/schemas/Job"}).is_valid(job)


def test_required_fields_are_defined() -> None:
    undefined = [
        f"{name}.{field}"
        for name, schema in CONTRACT["components"]["schemas"].items()
        for part in (schema, *(schema.get(key, {}) for key in ("if", "then", "else")))
        for field in part.get("required", []) + part.get("not", {}).get("required", [])
        if field not in schema["properties"]
    ]
    assert undefined == []


def test_every_operation_answers_the_same_failures() -> None:
    expected = {"200", "401", "422", "429", "4XX", "5XX"}
    for name, operation in operations():
        of_a_job = set() if name == "GET /list-jobs" else {"404"}
        statuses = set(operation["responses"])
        assert expected | of_a_job <= statuses, name


def test_links_lead_from_a_list_to_every_operation_on_a_job() -> None:
    links = CONTRACT["paths"]["/list-jobs"]["get"]["responses"]["200"]["links"].values()
    reached = {link["operationId"] for link in links}
    current = {op["operationId"] for _, op in operations() if not op.get("deprecated")}
    assert reached == current


def test_what_a_server_may_lack_is_marked() -> None:
    optional = {op["operationId"] for _, op in operations() if op.get("x-optional")}
    deprecated = {op["operationId"] for _, op in operations() if op.get("deprecated")}
    companions = {op["operationId"] for _, op in operations() if op["tags"] == ["Companions"]}
    assert companions == {"getJob", "getJobResultsUrl"}
    assert optional == companions | deprecated


def test_the_default_server_cannot_exist() -> None:
    # RFC 2606 keeps example.com for documents: a key sent there by a tool reaches nobody.
    assert CONTRACT["servers"][0]["variables"]["deployment"]["default"].endswith(".example.com")


def test_counts_are_wide_enough_for_a_large_batch() -> None:
    def narrow(name: str, schema: Any) -> Iterator[str]:
        for field, value in schema.get("properties", {}).items():
            counts = field.endswith(("_tokens", "_rows", "_bytes"))
            if counts and value.get("format") != "int64":
                yield f"{name}.{field}"

    schemas = CONTRACT["components"]["schemas"].items()
    assert [gap for name, schema in schemas for gap in narrow(name, schema)] == []


def test_everything_is_described() -> None:
    def undescribed(node: Any, where: str) -> Iterator[str]:
        for name, schema in node.get("properties", {}).items():
            if "$ref" not in schema:
                if not re.search(r"[.!]\s*$", schema.get("description", "")):
                    yield f"{where}.{name}"
                yield from undescribed(schema, f"{where}.{name}")

    schemas = CONTRACT["components"]["schemas"]
    assert [gap for name, schema in schemas.items() for gap in undescribed(schema, name)] == []
