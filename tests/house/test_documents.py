"""What the documents say is so: links lead somewhere, targets and commands exist, code runs."""

import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from sutro_jobs.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
TARGET = re.compile(r"`?make ([a-z][a-z-]+)")
COMMAND = re.compile(r"^\s*(?:\$ )?sutro-jobs ([a-z]+)", re.MULTILINE)


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_local_link_leads_to_a_file(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


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
        for block in re.findall(r"`([^`]+)`|```sh\n(.*?)```", document.read_text(), re.DOTALL)
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
