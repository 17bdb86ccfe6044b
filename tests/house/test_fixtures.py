"""Fixtures have types: what a test gets is checked, not believed."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[Path, Function]]:
    """Return the functions of all tests and conftests."""
    for file in TESTS.rglob("*.py"):
        if file.name.startswith("test_") or file.name == "conftest.py":
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, Function):
                    yield file.relative_to(TESTS), node


def decorated(function: Function, word: str) -> str:
    """Return the decorators that hold a word, as one text."""
    return " ".join(s for s in map(ast.unparse, function.decorator_list) if word in s)


def untyped(function: Function) -> Iterator[str]:
    """Return what pytest hands to a function, or gets from it, as Any."""
    examples = decorated(function, "parametrize") + decorated(function, "given")
    for argument in (*function.args.args, *function.args.kwonlyargs):
        kind = ast.unparse(argument.annotation) if argument.annotation else ""
        if kind in ("Any", "Callable[..., Any]") and argument.arg not in examples:
            yield argument.arg
    if (
        decorated(function, "fixture")
        and ast.unparse(function.returns or ast.Constant("")) == "Any"
    ):
        yield "return"


def test_no_fixture_is_any() -> None:
    found = [
        f"{file}: {function.name}({name})"
        for file, function in functions()
        if function.name.startswith("test_") or decorated(function, "fixture")
        for name in untyped(function)
    ]
    assert found == []
