"""What `spec build` publishes."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource

import sutro_contract
from sutro_contract import redocly
from sutro_contract.publication import prebuilt
from tests.contract.conftest import EditContract, RunSpec, edit

REMOTE = re.compile(
    r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["']?(https?:)?//""", re.IGNORECASE
)
VERSION = sutro_contract.version(sutro_contract.load_contract())


@pytest.fixture(scope="module")
def site(spec: RunSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = spec("build", "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def publication(site: Path) -> Path:
    return site / VERSION


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
    assert sums.keys() == names(publication) - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((publication / name).read_bytes()).hexdigest() == digest


def test_the_content_hash_is_that_of_the_json(publication: Path) -> None:
    found = hashlib.sha256((publication / "openapi.json").read_bytes()).hexdigest()
    assert sutro_contract.digest(sutro_contract.load_contract()) == found


def test_without_node_this_contract_is_published_whole(
    monkeypatch: pytest.MonkeyPatch, spec: RunSpec, site: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = spec("build", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert names(tmp_path / "out") == names(site)


def test_without_node_another_contract_is_published_without_its_page(
    monkeypatch: pytest.MonkeyPatch, spec: RunSpec, edited: EditContract, site: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    other = edited(lambda contract: contract["info"].update(summary="Another."))
    done = spec("build", "--contract", other, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "index.html was left out" in done.stderr
    assert "npm install --global @redocly/cli@" in done.stderr
    page = {f"{VERSION}/index.html", "latest/index.html"}
    assert names(tmp_path / "out") == names(site) - page


def names(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_the_newest_version_is_the_latest(site: Path) -> None:
    assert names(site / "latest") == names(site / VERSION)
    for name in names(site / "latest"):
        assert (site / "latest" / name).read_bytes() == (site / VERSION / name).read_bytes()


def test_the_index_leads_to_every_version(site: Path) -> None:
    targets = re.findall(r'href="([^"]+)"', (site / "index.html").read_text())
    assert [target for target in targets if not (site / target).is_file()] == []
    assert {target.partition("/")[0] for target in targets} == {
        folder.name for folder in site.iterdir() if folder.is_dir()
    }


def test_a_folder_is_replaced_as_a_whole(spec: RunSpec, tmp_path: Path) -> None:
    (tmp_path / VERSION).mkdir()
    (tmp_path / VERSION / "of-an-earlier-build").touch()
    assert spec("build", "--out", tmp_path).returncode == 0
    assert "of-an-earlier-build" not in names(tmp_path / VERSION)
    assert [name for name in tmp_path.iterdir() if name.name.startswith(".")] == []


def test_the_page_in_the_distribution_is_of_this_contract(site: Path) -> None:
    for file in prebuilt.FOLDER.iterdir():
        published = (site / VERSION / file.name).read_bytes()
        assert file.read_bytes() == published, "run: make spec-page"


def test_everything_says_that_it_is_unofficial(publication: Path) -> None:
    for file in publication.rglob("*"):
        if file.suffix in {".yaml", ".json", ".html", ".md", ".txt"}:
            assert "nofficial" in file.read_text(), file


def test_the_dereferenced_contract_has_no_references(publication: Path) -> None:
    found = json.loads((publication / "openapi.dereferenced.json").read_text())
    assert list(references(found)) == []
    assert found["paths"].keys() == sutro_contract.load_contract()["paths"].keys()


def test_the_schemas_accept_the_examples(publication: Path) -> None:
    schemas = [json.loads(file.read_text()) for file in (publication / "schemas").iterdir()]
    registry: Any = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas
    )
    [listed] = [schema for schema in schemas if schema["title"] == "JobList"]
    validator = jsonschema.Draft202012Validator(listed, registry=registry)
    examples = sutro_contract.load_contract()["components"]["examples"]
    validator.validate(examples["JobListWithPagination"]["value"])
    assert not validator.is_valid({"jobs": [{"job_id": "job-1"}], "message": "Jobs."})


def test_a_schemas_id_names_the_version(publication: Path) -> None:
    job = json.loads((publication / "schemas" / "Job.json").read_text())
    assert job["$id"].endswith(f"/{VERSION}/Job.json")


def test_the_collection_has_every_operation(publication: Path) -> None:
    collection = json.loads((publication / "postman.json").read_text())
    requests = [item["request"] for folder in collection["item"] for item in folder["item"]]
    found = {
        (request["method"], request["url"]["raw"].removeprefix("{{baseUrl}}"))
        for request in requests
    }
    assert found == {
        (method.upper(), path.replace("{", ":").replace("}", ""))
        for path, item in sutro_contract.load_contract()["paths"].items()
        for method in item
    }


def test_the_overview_leads_to_every_file(publication: Path) -> None:
    overview = (publication / "llms.txt").read_text()
    targets = re.findall(r"\]\(([^)]+)\)", overview)
    assert [target for target in targets if not (publication / target).is_file()] == []
    assert set(targets) == names(publication) - {"llms.txt", "index.html", "SHA256SUMS"}


def test_backstage_finds_the_contract(publication: Path) -> None:
    entity = yaml.safe_load((publication / "catalog-info.yaml").read_text())
    assert (publication / entity["spec"]["definition"]["$text"]).is_file()


def test_a_change_log_names_what_breaks_first(
    spec: RunSpec, edited: EditContract, tmp_path: Path
) -> None:
    def older(contract: Any) -> None:
        contract["info"]["version"] = "0.9.0"
        contract["paths"]["/old"] = {"get": {"responses": {"200": {"description": "Old."}}}}
        contract["components"]["schemas"]["Job"]["properties"].pop("run_type")

    done = spec("build", "--since", edited(older), "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    log = (tmp_path / "out" / "latest" / "CHANGELOG.md").read_text()
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
    assert "Changes since 1.4.2." in (tmp_path / "out" / "latest" / "CHANGELOG.md").read_text()


def test_redocly_is_the_version_that_package_json_names() -> None:
    tools = Path(__file__).parents[3] / "contract" / "package.json"
    pinned = json.loads(tools.read_text())["devDependencies"]["@redocly/cli"]
    assert pinned == redocly.VERSION
