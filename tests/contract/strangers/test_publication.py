"""What `spec build` publishes, taken by the tools that it is made for."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.support.reference_server import Server

from .conftest import DONE, MODULES, NPM, ROOT, attempt, compiled, run

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["openapi.json", "openapi-e1.yaml", "openapi-e2.yaml"])
def test_redocly_and_swagger_cli_find_nothing(name: str, publication: Path) -> None:
    settings = ROOT / "contract" / "redocly.yaml"
    run(NPM / "redocly", "lint", "--config", settings, publication / name, cwd=publication)
    run(NPM / "swagger-cli", "validate", publication / name, cwd=publication)


@pytest.mark.parametrize("edition", ["e1", "e2"])
def test_another_tool_makes_the_same_of_an_overlay(
    edition: str, publication: Path, tmp_path: Path
) -> None:
    overlay = publication / f"{edition}.overlay.yaml"
    contract = publication / "openapi.yaml"
    done = run(NPM / "overlayjs", "--openapi", contract, "--overlay", overlay, cwd=tmp_path)
    ours = yaml.safe_load((publication / f"openapi-{edition}.yaml").read_text())
    assert json.loads(json.dumps(yaml.safe_load(done.stdout), default=str)) == json.loads(
        json.dumps(ours, default=str)
    )


def respect(workflow: str, server: Server, cwd: Path, **inputs: str) -> tuple[int, str]:
    given = [f"--input={name}={value}" for name, value in inputs.items()]
    done = attempt(
        NPM / "redocly",
        "respect",
        "arazzo.yaml",
        f"--workflow={workflow}",
        f"--input=key=Key {server.key}",
        *given,
        f"--server=jobs={server.url}",
        cwd=cwd,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_runner_reads_results_by_the_workflow(
    publication: Path, editions: Callable[[str], Server]
) -> None:
    status, said = respect("readResults", editions("e3"), publication, job_id=DONE)
    assert status == 0, said


def test_a_runner_cancels_by_the_workflow(
    publication: Path, editions: Callable[[str], Server]
) -> None:
    status, said = respect("cancelNewest", editions("e3"), publication)
    assert status == 0, said


def test_postmans_runner_sends_the_collection(
    publication: Path, editions: Callable[[str], Server], tmp_path: Path
) -> None:
    server = editions("e3")
    values = {"baseUrl": server.url, "apiKey": server.key, "job_id": DONE}
    variables = [part for pair in values.items() for part in ("--env-var", "=".join(pair))]
    report = ("--reporters", "json", "--reporter-json-export", "report.json")
    run(NPM / "newman", "run", publication / "postman.json", *variables, *report, cwd=tmp_path)
    executions = json.loads((tmp_path / "report.json").read_text())["run"]["executions"]
    assert {execution["response"]["code"] for execution in executions} == {200}
    assert len(executions) == 8


def test_postmans_converter_takes_the_contract(publication: Path, tmp_path: Path) -> None:
    convert = NPM / "openapi2postmanv2"
    run(convert, "-s", publication / "openapi.json", "-o", "collection.json", cwd=tmp_path)
    collection = json.loads((tmp_path / "collection.json").read_text())
    assert "unofficial" in collection["info"]["name"]


SAMPLES = [
    (operation, end)
    for operation in (
        "listJobs",
        "getJobStatus",
        "getJobResults",
        "cancelJob",
        "cancelJobByPost",
        "getJobResultsByPost",
        "getJob",
        "getJobResultsUrl",
    )
    for end in ("sutro_jobs.py", "httpx.py", "ts", "sh")
]


@pytest.mark.parametrize(("operation", "end"), SAMPLES)
def test_a_sample_runs(
    operation: str,
    end: str,
    publication: Path,
    editions: Callable[[str], Server],
    tmp_path: Path,
) -> None:
    sample = publication / "samples" / f"{operation}.{end}"
    if not sample.exists():
        assert end == "sutro_jobs.py", "only our client has no call for older forms"
        return
    server = editions("e3")
    (tmp_path / sample.name).write_text(sample.read_text().replace("batch_job_12345", DONE))
    # With and without `/v1`: users have both.
    url = server.url if end == "ts" else server.url.removesuffix("/v1")
    variables = {"SUTRO_API_URL": url, "SUTRO_API_KEY": server.key, "HOME": str(tmp_path)}
    if end == "ts":
        assert compiled(sample.name, cwd=tmp_path).stdout == ""
        (tmp_path / "out" / "package.json").write_text('{"type": "module"}')
    command = {
        "ts": ("node", f"out/{operation}.js"),
        "sh": ("sh", "-e", sample.name),
    }.get(end, ("python", sample.name))
    done = run(*command, cwd=tmp_path, **variables)
    wrote_a_file = any(file.suffix == ".parquet" for file in tmp_path.iterdir())
    assert done.stdout.strip() or wrote_a_file


def test_a_strangers_schemathesis_finds_nothing(
    publication: Path, editions: Callable[[str], Server]
) -> None:
    server = editions("e3")
    arguments = ("--url", server.url, "--header", f"Authorization: Key {server.key}")
    seeded = ("--seed", "1", "--generation-database", "none")
    run("schemathesis", "run", "openapi.yaml", *arguments, *seeded, cwd=publication)


def test_the_tools_are_those_of_the_lock_file() -> None:
    assert (MODULES / ".package-lock.json").exists()
