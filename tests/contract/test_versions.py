"""How `spec check` and `spec publish` make versions rise."""

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.contract.conftest import RunSpec, edit


def test_a_published_contract_passes(spec: RunSpec, shelf: tuple[Path, Path]) -> None:
    contract, published = shelf
    done = spec("check", "--contract", contract, "--published", published)
    assert (done.returncode, done.stdout) == (0, "The contract is version 1.4.2 as published.\n")


def test_a_comment_is_no_change(spec: RunSpec, shelf: tuple[Path, Path]) -> None:
    contract, published = shelf
    contract.write_text("# A comment.\n" + contract.read_text())
    assert spec("check", "--contract", contract, "--published", published).returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("summary: List jobs", "summary: List all jobs", "1.4.3"),
        ("operationId: cancelJobByPost", "operationId: stopJobByPost", "2.0.0"),
        (
            "        run_type:\n",
            "        owner:\n          type: string\n        run_type:\n",
            "1.5.0",
        ),
    ],
    ids=["a wording", "a breaking change", "an addition"],
)
def test_a_changed_contract_has_to_raise_its_version(
    old: str, new: str, wanted: str, spec: RunSpec, shelf: tuple[Path, Path]
) -> None:
    contract, published = shelf
    arguments = ("--contract", contract, "--published", published)
    edit(contract, old, new)
    refused = spec("check", *arguments)
    assert refused.returncode == 1
    assert f"It has to be {wanted} at least" in refused.stderr
    assert spec("publish", *arguments).returncode == 0
    assert yaml.safe_load(contract.read_text())["info"]["version"] == wanted
    assert (published / wanted / "openapi.yaml").read_bytes() == contract.read_bytes()
    assert spec("check", *arguments).returncode == 0


def test_nothing_is_published_twice(spec: RunSpec, shelf: tuple[Path, Path]) -> None:
    contract, published = shelf
    done = spec("publish", "--contract", contract, "--published", published)
    assert done.returncode == 2
    assert "is published and unchanged" in done.stderr


def test_the_contract_of_this_repository_is_published_or_ahead(spec: RunSpec) -> None:
    done = spec("check")
    assert done.returncode == 0, done.stderr


def test_a_published_version_stays_as_it_was() -> None:
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        pytest.skip("only Git remembers what was published")
    copies = "contract/sutro_contract/published"
    edits = ["git", "log", "--format=%h %s", "--diff-filter=MDR", "--", copies]
    assert subprocess.check_output(edits, cwd=root, text=True) == ""
    assert not subprocess.check_output(["git", "diff", "--name-only", "HEAD", copies], cwd=root)
