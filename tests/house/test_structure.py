"""Folders that a reader takes in at a glance, and imports that lead one way."""

from pathlib import Path

import pytest

from tools.source_text import read_source
from tools.structure import (
    BESIDE,
    Graph,
    all_circles,
    arrows,
    circles,
    crowded,
    files_per_folder,
    find_packages,
    read_imports,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return read_imports(find_packages(ROOT))


def test_no_folder_holds_more_files_than_a_reader_takes_in() -> None:
    tops = [*find_packages(ROOT).values(), *(ROOT / name for name in BESIDE)]
    assert crowded(files_per_folder(ROOT, tops)) == {}


def test_no_modules_and_no_folders_lead_in_a_circle(graph: Graph) -> None:
    assert all_circles(graph) == set()


def test_a_folder_of_one_file_a_topic_may_hold_any_number() -> None:
    assert crowded({"room/clauses": 40, "room/defects/late": 15, "room": 14}) == {}
    assert crowded({"room": 15}) == {"room": 15}


def test_a_circle_of_folders_is_found_where_their_modules_make_none() -> None:
    modules = ["p", "p.a", "p.b", "p.a.one", "p.a.two", "p.b.one", "p.b.two"]
    graph: dict[str, set[str]] = {module: set() for module in modules}
    graph |= {"p.a.one": {"p.b.one"}, "p.b.two": {"p.a.two"}}
    assert circles(graph) == set()
    assert arrows(graph, "p") == {"a": {"b"}, "b": {"a"}}
    assert all_circles(graph) == {frozenset({"a", "b"})}


def test_imports_within_functions_and_for_typing_count(graph: Graph) -> None:
    assert "sutro_jobs._adapter" in graph["sutro_jobs._requests.requester"]
    assert "sutro_jobs._results" in graph["sutro_jobs._client.sutro"]


def test_lengths_leave_docstrings_out_and_comments_those_for_tools(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "import os  # noqa: F401\n"
        "# Why.\n"
        "def one():\n"
        '    """Say\n\n    more."""\n'
        "    return 1\n"
        "def declared(): ...\n"
    )
    found = read_source(module)
    assert (found.lines, found.functions, found.comments) == (8, [2], 1)
