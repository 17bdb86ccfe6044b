"""What the documents say is so: links lead somewhere, targets and commands exist, code runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sutro_jobs.cli import main
from tools.structure import find_packages

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
# Those that lead to files of the project; others speak of users' files, too.
LEADING = [ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", ROOT / "docs/house.md"]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
TARGET = re.compile(r"`?make ([a-z][a-z-]+)")
PATH = re.compile(r"(?:\.?\w[\w.-]*/)+[\w.*-]*|[\w-]+\.(?:md|mk|py|toml|txt|ya?ml)")
SNIPPET = re.compile(r"^In `([\w/]+\.py)`:\n\n```python\n(.*?)```", re.DOTALL | re.MULTILINE)
SNIPPETS = SNIPPET.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
COMMAND = re.compile(r"^\s*(?:\$ )?sutro-jobs ([a-z]+)", re.MULTILINE)


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_local_link_leads_to_a_file(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", LEADING, ids=name)
def test_every_file_that_is_named_exists(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    spans = {span for span in re.findall(r"`([^`\n]+)`", text) if PATH.fullmatch(span)}
    assert spans
    assert {span for span in spans if not any(ROOT.glob(span))} == set()


def drawn_tree(block: str) -> set[str]:
    """Return the paths of a drawing: a name a line, below the line that is indented less."""
    paths, above = set(), [(-1, "")]
    for line in block.splitlines():
        entry = line.split()[0]
        indent = len(line) - len(line.lstrip())
        while above[-1][0] >= indent:
            above.pop()
        above.append((indent, f"{above[-1][1]}{entry}"))
        paths.add(above[-1][1])
    return paths


def test_the_drawing_of_the_house_shows_each_room_and_wing_and_nothing_else() -> None:
    text = (ROOT / "docs/house.md").read_text(encoding="utf-8")
    drawn = drawn_tree(text.partition("```\n")[2].partition("```")[0])
    packages = find_packages(ROOT).values()
    wings = {
        f"{file.parent.relative_to(ROOT)}/"
        for package in packages
        for file in package.rglob("__init__.py")
    }
    assert {path for path in drawn if not (ROOT / path).exists()} == set()
    assert wings - drawn == set()


@pytest.mark.parametrize(("path", "snippet"), SNIPPETS, ids=[path for path, _ in SNIPPETS])
def test_code_for_a_file_runs_in_that_file(path: str, snippet: str) -> None:
    package = "" if path.startswith("tests/") else path.partition("/")[0] + "/"
    module = path.removeprefix(package).removesuffix(".py").replace("/", ".")
    run = (
        "import importlib, sys; exec(sys.stdin.read(), vars(importlib.import_module(sys.argv[1])))"
    )
    command = [sys.executable, "-c", run, module]
    subprocess.run(command, cwd=ROOT, input=snippet, text=True, check=True)


def test_every_make_target_that_is_named_exists() -> None:
    database = subprocess.run(
        ["make", "--print-data-base", "--question", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout
    named = {
        target
        for document in DOCUMENTS
        for block in re.findall(r"`([^`\n]+)`|```sh\n(.*?)```", document.read_text(), re.DOTALL)
        for target in TARGET.findall("".join(block))
    }
    assert {target for target in named if f"\n{target}:" not in database} == set()


def test_every_subcommand_that_is_named_exists() -> None:
    named = {
        command
        for document in DOCUMENTS
        for block in re.findall(r"```(?:sh|console)\n(.*?)```", document.read_text(), re.DOTALL)
        for command in COMMAND.findall(block)
    }
    unknown = [
        command for command in named if CliRunner().invoke(main, [command, "--help"]).exit_code
    ]
    assert named
    assert unknown == []
