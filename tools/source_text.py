"""What the text of a module tells: its length, that of its functions, its comments."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_DIRECTIVE = re.compile(r"#\s*(noqa|type:|pyright:|mypy:|pragma:|fmt:|!)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class SourceText:
    """Measures of one module; `functions` are lengths in lines, docstrings left out."""

    lines: int
    functions: list[int]
    comments: int


def read_source(path: Path) -> SourceText:
    """Return the measures of a file. Comments that speak to tools are not counted."""
    text = path.read_text(encoding="utf-8")
    return SourceText(
        text.count("\n"), list(_function_lengths(ast.parse(text))), sum(1 for _ in _comments(text))
    )


def _comments(text: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not _DIRECTIVE.match(token.string):
            yield token.string


def _function_lengths(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, Function) and not _is_declaration(node):
            yield _lines(node) - _docstring_lines(node)


def _is_declaration(node: Function) -> bool:
    """Return whether nothing follows the signature but `...`, as in overloads."""
    match node.body:
        case [ast.Expr(ast.Constant(value))]:
            return value is ...
    return False


def _docstring_lines(node: Function) -> int:
    return 0 if ast.get_docstring(node, clean=False) is None else _lines(node.body[0])


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
