"""A contract as a Postman collection, version 2.1."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from .operations import Call, calls

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def collection(contract: dict[str, Any]) -> dict[str, Any]:
    """Return a collection of the operations, by tag, with an example of each answer.

    `contract` has its references resolved. The variables `baseUrl`, `apiKey` and `job_id` are the
    caller's to fill in.
    """
    info = contract["info"]
    server = contract["servers"][0]
    base = server["url"]
    for name, variable in server.get("variables", {}).items():
        base = base.replace(f"{{{name}}}", variable["default"])
    return {
        "info": {
            # The same for every build: Postman then replaces a collection, and adds none.
            "_postman_id": str(uuid5(NAMESPACE_URL, info["title"])),
            "name": info["title"],
            "version": str(info["version"]),
            "description": info["description"],
            "schema": _SCHEMA,
        },
        "auth": {
            "type": "apikey",
            "apikey": [
                {"key": "key", "value": "Authorization", "type": "string"},
                {"key": "value", "value": "Key {{apiKey}}", "type": "string"},
                {"key": "in", "value": "header", "type": "string"},
            ],
        },
        "variable": [
            {"key": "baseUrl", "value": base},
            {"key": "apiKey", "value": ""},
            {"key": "job_id", "value": "batch_job_12345"},
        ],
        "item": [_folder(contract, tag) for tag in contract["tags"]],
    }


def _folder(contract: dict[str, Any], tag: dict[str, Any]) -> dict[str, Any]:
    found = [call for call in calls(contract) if tag["name"] in call.operation["tags"]]
    return {
        "name": tag["name"],
        "description": tag["description"],
        "item": [_item(call) for call in found],
    }


def _item(call: Call) -> dict[str, Any]:
    request = _request(call)
    return {
        "name": call.operation["summary"],
        "request": request,
        "response": [
            {
                "name": response["description"].strip().split("\n")[0],
                "originalRequest": request,
                "status": HTTPStatus(int(status)).phrase,
                "code": int(status),
                "header": [{"key": "Content-Type", "value": "application/json"}],
                "body": json.dumps(example, indent=2, ensure_ascii=False),
                "_postman_previewlanguage": "json",
            }
            for status, response in call.operation["responses"].items()
            if status.isdecimal()
            for example in _examples(response)
        ],
    }


def _request(call: Call) -> dict[str, Any]:
    query = [
        {
            "key": each["name"],
            "value": str(each.get("example", each["schema"].get("default", ""))).lower(),
            "description": each.get("description", ""),
            "disabled": not each.get("required", False),
        }
        for each in call.parameters
        if each["in"] == "query"
    ]
    path = call.path.replace("{", ":").replace("}", "")
    request: dict[str, Any] = {
        "method": call.method,
        "description": call.operation["description"],
        "header": [{"key": "Accept", "value": "application/json"}],
        "url": {
            "raw": f"{{{{baseUrl}}}}{path}",
            "host": ["{{baseUrl}}"],
            "path": path.strip("/").split("/"),
            "query": query,
            "variable": [
                {"key": each["name"], "value": "{{job_id}}"}
                for each in call.parameters
                if each["in"] == "path"
            ],
        },
    }
    if call.example_body is not None:
        body = json.dumps(call.example_body | {"job_id": "{{job_id}}"}, indent=2)
        language = {"raw": {"language": "json"}}
        request["body"] = {"mode": "raw", "raw": body, "options": language}
        request["header"].append({"key": "Content-Type", "value": "application/json"})
    return request


def _examples(response: dict[str, Any]) -> list[Any]:
    content = response.get("content", {}).get("application/json", {})
    if "example" in content:
        return [content["example"]]
    return [example["value"] for example in content.get("examples", {}).values()]
