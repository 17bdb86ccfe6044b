"""Documents that say the same in different ways differ in nothing."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import sutro_contract
from sutro_contract.diff import compare

Document = Any
METHODS = {"get", "post"}
NOTES = {"description", "title", "examples", "deprecated"}


def schemas(document: Document) -> Iterator[tuple[Any, Any]]:
    """Yield the holder and the key of each schema of a document."""
    for name in list(document["components"]["schemas"]):
        yield from _below(document["components"]["schemas"], name)
    for item in document["paths"].values():
        for operation in (item[method] for method in METHODS & item.keys()):
            for parameter in operation.get("parameters", []):
                if "schema" in parameter:
                    yield from _below(parameter, "schema")


def _below(holder: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    yield holder, key
    node = holder[key]
    for name in list(node.get("properties", {})):
        yield from _below(node["properties"], name)
    for keyword in ("items", "additionalProperties"):
        if isinstance(node.get(keyword), dict):
            yield from _below(node, keyword)
    for keyword in ("oneOf", "anyOf", "allOf"):
        for index in range(len(node.get(keyword, []))):
            yield from _below(node[keyword], index)


def inline(document: Document, holder: Any, key: Any, random: Random) -> None:
    """Write in place what a reference stands for."""
    if set(holder[key]) == {"$ref"}:
        name = holder[key]["$ref"].rpartition("/")[2]
        holder[key] = deepcopy(document["components"]["schemas"][name])


def extract(document: Document, holder: Any, key: Any, random: Random) -> None:
    """Put a reference in a schema's place."""
    name = f"Extracted{random.randrange(10**9)}"
    if holder is not document["components"]["schemas"]:
        document["components"]["schemas"][name] = holder[key]
        holder[key] = {"$ref": f"#/components/schemas/{name}"}


def wrap(document: Document, holder: Any, key: Any, random: Random) -> None:
    holder[key] = {"allOf": [holder[key]]}


def part(document: Document, holder: Any, key: Any, random: Random) -> None:
    """Say a bound or a required field in a part of its own."""
    node = holder[key]
    keyword = random.choice(["required", "minLength", "maximum", "description"])
    if keyword in node:
        node.setdefault("allOf", []).append({keyword: node.pop(keyword)})


def is_nullable(node: Any) -> bool:
    kinds = node.get("type")
    return isinstance(kinds, list) and "null" in kinds and len(kinds) > 1


def null_apart(document: Document, holder: Any, key: Any, random: Random) -> None:
    """Say `[T, "null"]` with alternatives, and alternatives with another keyword."""
    node = holder[key]
    if is_nullable(node) and not {"oneOf", "anyOf"} & node.keys():
        notes = {name: node.pop(name) for name in NOTES & node.keys()}
        kinds = [name for name in node["type"] if name != "null"]
        alternatives = [node | {"type": kinds}, {"type": "null"}]
        random.shuffle(alternatives)
        holder[key] = notes | {random.choice(["oneOf", "anyOf"]): alternatives}
    elif "oneOf" in node:
        node["anyOf"] = node.pop("oneOf")


def spell_out(document: Document, holder: Any, key: Any, random: Random) -> None:
    """Say what is taken for granted."""
    if holder[key].get("type") == "object":
        holder[key].setdefault("additionalProperties", True)
        holder[key].setdefault("required", [])
        holder[key].setdefault("minProperties", 0)
    if "enum" in holder[key] and len(holder[key]["enum"]) == 1:
        holder[key]["const"] = holder[key].pop("enum")[0]


REWRITES: list[Callable[[Document, Any, Any, Random], None]] = [
    inline,
    extract,
    wrap,
    part,
    null_apart,
    spell_out,
]


def rewrite_schemas(document: Document, random: Random) -> None:
    for _ in range(random.randrange(12)):
        holder, key = random.choice(list(schemas(document)))
        random.choice(REWRITES)(document, holder, key, random)


def rewrite_operations(document: Document, random: Random) -> None:
    for item in document["paths"].values():
        operations = [item[method] for method in METHODS & item.keys()]
        if len(operations) == 1 and random.random() < 0.5 and "parameters" in operations[0]:
            item["parameters"] = operations[0].pop("parameters")
        if random.random() < 0.3:
            item["servers"] = deepcopy(document["servers"])
        for operation in operations:
            if random.random() < 0.3:
                operation["security"] = deepcopy(document["security"])
            for status, response in list(operation["responses"].items()):
                if "$ref" in response and random.random() < 0.3:
                    name = response["$ref"].rpartition("/")[2]
                    found = document["components"]["responses"][name]
                    operation["responses"][status] = deepcopy(found)


def shuffled(node: Any, random: Random, key: str = "") -> Any:
    """Return a document with the members of its objects, and lists without order, shuffled."""
    if isinstance(node, dict):
        names = list(node)
        random.shuffle(names)
        return {name: shuffled(node[name], random, name) for name in names}
    if isinstance(node, list):
        parts = [shuffled(part, random) for part in node]
        if key in ("required", "type", "oneOf", "anyOf", "enum", "parameters"):
            random.shuffle(parts)
        return parts
    return node


@given(random=st.randoms(use_true_random=False))
def test_what_means_the_same_differs_in_nothing(random: Random) -> None:
    contract = sutro_contract.load_contract()
    rewritten = deepcopy(contract)
    rewrite_operations(rewritten, random)
    rewrite_schemas(rewritten, random)
    rewritten = shuffled(rewritten, random)
    assert compare(contract, rewritten) == []
    assert compare(rewritten, contract) == []
