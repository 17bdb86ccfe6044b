"""datamodel-code-generator: pydantic models of each edition read its examples and live answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.support.reference_server import Server

from .conftest import DONE, tool

pytestmark = pytest.mark.slow
PACKAGE = "datamodel-code-generator==0.89.0"

READ = """
import json, sys, models

for line in sys.stdin if len(sys.argv) < 2 else open(sys.argv[1]):
    model, answer = json.loads(line)
    read = getattr(models, model).model_validate(answer)
    again = read.model_dump(mode="json", exclude_unset=True)
    assert json.loads(json.dumps(again)).keys() == answer.keys(), (model, again)
    # What is shown of a model is what people and logs see.
    repr(read)
print("read")
"""


def answers_of(server: Server, contract: Any) -> list[tuple[str, Any]]:
    """Read one good answer of each operation, with the name of its schema."""
    found = []
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            content = operation["responses"]["200"].get("content", {})
            if "$ref" not in content.get("application/json", {}).get("schema", {}):
                continue
            answer = httpx.request(
                method,
                f"{server.url}{path.replace('{job_id}', DONE)}",
                params={"format": "json", "result_format": "json"}
                if path.endswith("/results")
                else {},
                json={"job_id": DONE} if "requestBody" in operation else None,
                headers=server.headers,
                timeout=60,
            )
            assert answer.status_code == 200, answer.text
            schema = content["application/json"]["schema"]["$ref"]
            found.append((schema.rpartition("/")[2], answer.json()))
    return found


def examples_of(contract: Any) -> list[tuple[str, Any]]:
    """Return each example of an answer or a body, with the name of its schema."""
    found = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            schema = node.get("schema", {})
            if isinstance(schema, dict) and "$ref" in schema and "name" not in node:
                name = schema["$ref"].rpartition("/")[2]
                if "example" in node:
                    found.append((name, node["example"]))
                for each in node.get("examples", {}).values():
                    example = contract["components"]["examples"][each["$ref"].rpartition("/")[2]]
                    found.append((name, example["value"]))
            for part in node.values():
                walk(part)

    walk(contract["paths"])
    walk(contract["components"]["responses"])
    return found


@pytest.mark.parametrize("edition", ["e1", "e2", "e3"])
def test_models_read_examples_and_live_answers(
    edition: str, publication: Path, editions: Callable[[str], Server], tmp_path: Path
) -> None:
    name = "openapi.yaml" if edition == "e3" else f"openapi-{edition}.yaml"
    contract = yaml.safe_load((publication / name).read_text())
    kind = ("--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin")
    names = ("--input", publication / name, "--input-file-type", "openapi")
    tool(PACKAGE, "datamodel-codegen", *names, *kind, "--output", "models.py", cwd=tmp_path)
    answers = examples_of(contract) + answers_of(editions(edition), contract)
    assert len(answers) > 10
    lines = [json.dumps(answer, default=str) for answer in answers]
    (tmp_path / "answers").write_text("\n".join(lines))
    (tmp_path / "read.py").write_text(READ)
    done = tool(PACKAGE, "python", "-W", "error", "read.py", "answers", cwd=tmp_path)
    assert done.stdout == "read\n"
