"""Folders and imports of the packages: how many files lie together, and who leads to whom."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from importlib.util import find_spec
from pathlib import Path

import grimp

MOST_FILES = 14
GENERATED = ("sutro_jobs_api", "sutro_jobs_requests")
# One file a topic, however many topics there are: a reader finds it by the name of the topic.
BY_TOPIC = ("clauses", "defects")
BESIDE = ("benchmarks", "examples", "tests", "tools")

Graph = Mapping[str, Set[str]]


def find_packages(root: Path) -> dict[str, Path]:
    """Return the folder of each package that is written by hand, by the project's metadata.

    Raises:
        SystemExit: this interpreter imports them from another tree.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    listed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    folders = {Path(name).name: root / name for name in listed}
    for name in GENERATED:
        folders.pop(name, None)
    for name, folder in folders.items():
        spec = find_spec(name)
        if spec is None or spec.origin != str(folder / "__init__.py"):
            raise SystemExit(f"{name} is not that of {root}: use the interpreter of that tree")
    return folders


def files_per_folder(root: Path, tops: Iterable[Path]) -> Counter[str]:
    """Return how many Python files lie in each folder at or below `tops`."""
    return Counter(str(path.parent.relative_to(root)) for top in tops for path in top.rglob("*.py"))


def crowded(files: Mapping[str, int]) -> dict[str, int]:
    """Return the folders with more than `MOST_FILES` files, those of one file a topic excepted."""
    return {
        folder: count
        for folder, count in files.items()
        if count > MOST_FILES and not set(BY_TOPIC) & set(Path(folder).parts)
    }


def read_imports(packages: Iterable[str]) -> dict[str, set[str]]:
    """Return what each module imports of the house: at its top, in functions, and for typing."""
    graph = grimp.build_graph(*packages, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def arrows(graph: Graph, package: str) -> dict[str, set[str]]:
    """Return who imports whom among the folders and single modules that lie in a package."""
    depth = package.count(".") + 1

    def wing(module: str) -> str:
        return module.split(".")[depth] if module.startswith(f"{package}.") else ""

    found: dict[str, set[str]] = {}
    for module, targets in graph.items():
        if source := wing(module):
            others = {wing(target) for target in targets} - {"", source}
            found.setdefault(source, set()).update(others)
    return found


def inner_packages(graph: Graph) -> list[str]:
    """Return the packages that hold more than one module or folder."""
    parents = Counter(module.rpartition(".")[0] for module in graph)
    return sorted(name for name, count in parents.items() if name and count > 1)


def circles(graph: Graph) -> set[frozenset[str]]:
    """Return the groups of nodes that lead to each other."""
    reached = {node: _reach(graph, node) for node in graph}
    groups = (
        frozenset(other for other in reached[node] if node in reached[other]) for node in graph
    )
    return {group for group in groups if group}


def all_circles(graph: Graph) -> set[frozenset[str]]:
    """Return the circles of modules, and those between the folders of any package."""
    found = circles(graph)
    for package in inner_packages(graph):
        found |= circles(arrows(graph, package))
    return found


def _reach(graph: Graph, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = graph[waiting.pop()] - found
        found |= fresh
        waiting.extend(fresh)
    return found
