"""Measures how the house is built: folders, arrows, circles, lengths, comments, depth of calls.

Run it with the interpreter of the tree that is measured, so that it imports that tree's packages:

    .venv/bin/python -m tools.measure_house
    /other/tree/.venv/bin/python -m tools.measure_house --root /other/tree

`--write FILE` puts the tables between the marks of a Markdown file, in place of printing them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from statistics import median, quantiles

from tools.source_text import read_source
from tools.structure import (
    BESIDE,
    BY_TOPIC,
    MOST_FILES,
    Graph,
    all_circles,
    arrows,
    crowded,
    files_per_folder,
    find_packages,
    read_imports,
)
from tools.trace_calls import trace

BEGIN = "<!-- measures: written by `make measure-house` -->"
END = "<!-- end of measures -->"


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    names = list(header)
    lines = [names, ["---"] * len(names), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def folders_line(root: Path, packages: dict[str, Path]) -> str:
    """Return a sentence on the folders that hold most files."""
    files = files_per_folder(root, [*packages.values(), *(root / name for name in BESIDE)])
    over = ", ".join(f"`{folder}` {count}" for folder, count in sorted(crowded(files).items()))
    return (
        f"{len(files)} folders hold {sum(files.values())} files of Python; more than {MOST_FILES} "
        f"lie in: {over or 'none'} (folders of one file a topic excepted: {', '.join(BY_TOPIC)})."
    )


def rooms_table(packages: dict[str, Path], graph: Graph) -> str:
    """Return a line for each package."""
    header = ["package", "modules", "parts at its top", "arrows between these", "circles"]
    header += [
        "lines of a function: median, nine in ten, longest",
        "lines of a module: median, longest",
        "comments in 100 lines",
    ]
    return table(header, [room(name, folder, graph) for name, folder in packages.items()])


def room(name: str, folder: Path, graph: Graph) -> list[object]:
    """Return the line of one package."""
    sources = [read_source(path) for path in folder.rglob("*.py")]
    functions = [length for source in sources for length in source.functions]
    lines = [source.lines for source in sources]
    parts = arrows(graph, name)
    return [
        f"`{name}`",
        len(sources),
        len(parts),
        sum(map(len, parts.values())),
        sum(any(member.startswith(name) for member in circle) for circle in all_circles(graph)),
        f"{median(functions):.0f}, {quantiles(functions, n=10)[-1]:.0f}, {max(functions)}",
        f"{median(lines):.0f}, {max(lines)}",
        f"{100 * sum(source.comments for source in sources) / sum(lines):.1f}",
    ]


def calls_table() -> str:
    """Return what calls of the client pass through, measured on a server on loopback."""
    traced = trace()
    rows: list[list[object]] = [
        ["modules entered by a warm `get_job_results`, downloaded", len(traced.downloaded)],
        ["modules entered by a warm `get_job_results`, from the cache", len(traced.cached)],
    ]
    rows += [
        [f"frames of the client in the traceback of a 404, `{name}`", shown]
        for name, shown in traced.frames.items()
    ]
    return table(["call", "measured"], rows)


def write_between_marks(document: Path, tables: str) -> None:
    """Replace what stands between the marks of a document.

    Raises:
        ValueError: the document lacks a mark.
    """
    before, begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{document} lacks {BEGIN} or {END}")
    document.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Measure the tree and print the tables, or write them into a document."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--root", type=Path, default=Path.cwd())
    parser.add_argument("--write", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    packages = find_packages(root)
    graph = read_imports(packages)
    tables = "\n\n".join(
        [folders_line(root, packages), rooms_table(packages, graph), calls_table()]
    )
    if arguments.write:
        write_between_marks(arguments.write, tables)
    else:
        print(tables)


if __name__ == "__main__":
    main()
