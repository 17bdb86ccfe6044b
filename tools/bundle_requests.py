"""Writes the package `sutro_jobs_requests`: what builds requests, out of the generated client.

    .venv/bin/python -m tools.bundle_requests generated

The generated client loads 21 modules, most of them models, before it builds a request, and calls
its builders private. This takes the builders and what they refer to, as they are, into one module
that needs attrs and the standard library alone.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

OPERATIONS = (
    "jobs/list_jobs",
    "jobs/get_job_status",
    "jobs/get_job_results",
    "jobs/get_job_results_by_post",
    "jobs/cancel_job",
    "jobs/cancel_job_by_post",
    "companions/get_job",
    "companions/get_job_results_url",
)
BUILDER = "_get_kwargs"
HEADER = '''"""Method, path and parameters of each operation, as the generated client builds them.

Written by `make generate`; never edited by hand.
"""
'''


class Bundle:
    """Definitions in the order in which they need each other, and the imports of all of them."""

    def __init__(self) -> None:
        self.imports: set[str] = set()
        self.definitions: dict[str, ast.stmt] = {}

    def add(self, file: Path, name: str, new_name: str | None = None) -> None:
        """Add a definition of a file, and before it what that refers to."""
        if name in self.definitions:
            return
        tree = ast.parse(file.read_text(encoding="utf-8"))
        local = {defined_name(node): node for node in tree.body}
        imported = {
            alias.asname or alias.name: (node, alias)
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        definition = local[name]
        for used in names_in(definition):
            if used in imported:
                self._add_imported(file, *imported[used])
            elif used in local and used != name:
                self.add(file, used)
        if new_name and isinstance(definition, ast.FunctionDef):
            definition.name = new_name
        self.definitions[new_name or name] = definition

    def _add_imported(self, file: Path, source: ast.ImportFrom, alias: ast.alias) -> None:
        module = source.module or ""
        if source.level == 0:
            self.imports.add(f"from {module} import {ast.unparse(alias)}")
        else:
            folder = file.parents[source.level - 1]
            self.add(folder.joinpath(*module.split(".")).with_suffix(".py"), alias.name)

    def text(self) -> str:
        """Return the module."""
        parts = [
            HEADER,
            "\n".join(sorted(self.imports)),
            *map(ast.unparse, self.definitions.values()),
        ]
        return "\n\n\n".join(parts) + "\n"


def names_in(node: ast.stmt) -> list[str]:
    """Return the names that a statement uses, in order, so that the module is always the same."""
    return sorted({each.id for each in ast.walk(node) if isinstance(each, ast.Name)})


def defined_name(node: ast.stmt) -> str | None:
    """Return the name that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return None


def write_bundle(folder: Path) -> None:
    """Write the package beside `sutro_jobs_api`, formatted like the rest of generated code."""
    bundle = Bundle()
    for operation in OPERATIONS:
        file = folder / "sutro_jobs_api/api" / f"{operation}.py"
        bundle.add(file, BUILDER, operation.rpartition("/")[2])
    module = folder / "sutro_jobs_requests/__init__.py"
    module.parent.mkdir(exist_ok=True)
    module.write_text(bundle.text(), encoding="utf-8")
    module.with_name("py.typed").touch()
    ruff, options = Path(sys.executable).with_name("ruff"), ("--quiet", "--isolated", "--no-cache")
    for command in (("check", "--fix", "--select=I"), ("format",)):
        subprocess.run([ruff, *command, *options, module], check=True)


if __name__ == "__main__":
    write_bundle(Path(sys.argv[1]))
