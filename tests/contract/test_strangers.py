"""Tools that nobody here wrote take the contract and make something of it that works.

`make test-strangers` installs them. They come from npm, but for datamodel-code-generator, which uv
fetches into an environment of its own.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import sutro_contract
from sutro_jobs import Sutro
from tests.contract.conftest import EditContract

pytestmark = pytest.mark.slow

NPM = Path(__file__).parents[2] / "contract" / "node_modules" / ".bin"
CONTRACT = sutro_contract.contract_path()
DATAMODEL = "datamodel-code-generator==0.89.0"


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = attempt(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def attempt(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    # openapi-python-client looks for ruff on the path.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def test_openapi_typescript_writes_what_a_strict_compiler_takes(tmp_path: Path) -> None:
    run(NPM / "openapi-typescript", CONTRACT, "--output", "api.ts", cwd=tmp_path)
    (tmp_path / "use.ts").write_text(
        """
        import type { operations, components } from "./api";
        type Listed = operations["listJobs"]["responses"][200]["content"]["application/json"];
        export function costs(answer: Listed): (number | null)[] {
            return answer.jobs.map((job: components["schemas"]["Job"]) => job.job_cost);
        }
        export const form: operations["getJobResults"]["parameters"]["query"] = { format: "csv" };
        """
    )
    run(NPM / "tsc", "--strict", "--noEmit", "use.ts", cwd=tmp_path)


def test_a_strict_compiler_refuses_a_format_that_is_not_there(tmp_path: Path) -> None:
    run(NPM / "openapi-typescript", CONTRACT, "--output", "api.ts", cwd=tmp_path)
    (tmp_path / "use.ts").write_text(
        """
        import type { operations } from "./api";
        export const form: operations["getJobResults"]["parameters"]["query"] = { format: "xml" };
        """
    )
    done = attempt(NPM / "tsc", "--strict", "--noEmit", "use.ts", cwd=tmp_path)
    assert "TS2322" in done.stdout


def test_datamodel_codegen_writes_models_that_read_the_example(tmp_path: Path) -> None:
    uvx = (Path(sys.executable).with_name("uv"), "tool", "run", "--from", DATAMODEL)
    names = ("--input", CONTRACT, "--input-file-type", "openapi", "--output", "models.py")
    kind = ("--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin")
    run(*uvx, "datamodel-codegen", *names, *kind, cwd=tmp_path)
    (tmp_path / "use.py").write_text(
        "import sys, models\n"
        "page = models.JobList.model_validate_json(sys.argv[1])\n"
        "print(page.jobs[0].job_id, page.jobs[0].status.root)\n"
    )
    example = sutro_contract.load_contract()["components"]["examples"]["JobListWithPagination"][
        "value"
    ]
    text = sutro_contract.to_json(example)
    run(*uvx, "python", "-W", "error", "use.py", text, cwd=tmp_path)


def test_openapi_python_client_has_no_warning(tmp_path: Path) -> None:
    generator = Path(sys.executable).with_name("openapi-python-client")
    arguments = ("generate", "--path", CONTRACT, "--meta", "none", "--fail-on-warning")
    done = run(generator, *arguments, "--output-path", "client", cwd=tmp_path)
    assert "WARNING" not in done.stdout + done.stderr
    names = {file.stem for file in (tmp_path / "client" / "models").iterdir()}
    assert [name for name in names if re.search(r"type_?\d", name)] == []


@pytest.fixture(scope="module")
def mock(edited: EditContract, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of Prism, which serves the contract's examples and refuses requests that break it."""

    def at_v1(contract: Any) -> None:
        # Prism leaves the path of the server URL away, which our client, rightly, keeps.
        contract["paths"] = {f"/v1{path}": item for path, item in contract["paths"].items()}

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("prism") / "log"
    command: list[str | Path] = [
        NPM / "prism",
        "mock",
        "--errors",
        "--port",
        str(port),
        edited(at_v1),
    ]
    with log.open("w") as output, subprocess.Popen(command, stdout=output) as process:
        try:
            deadline = time.monotonic() + 60
            while "Prism is listening" not in log.read_text():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture
def client(mock: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sutro]:
    monkeypatch.setenv("HOME", str(tmp_path))
    with Sutro(api_url=mock, api_key="any-key") as client:
        yield client


def test_our_client_lists_the_jobs_of_a_prism_mock(client: Sutro) -> None:
    assert [job.job_id for job in client.list_jobs()] == ["batch_job_12345"]


def test_our_client_reads_a_status_of_a_prism_mock(client: Sutro) -> None:
    assert client.get_job_status("batch_job_12345") == "RUNNING"


def test_our_client_gets_json_results_of_a_prism_mock(client: Sutro, tmp_path: Path) -> None:
    file = client.download_job_results("batch_job_12345", tmp_path / "results.json", format="json")
    assert '"outputs"' in file.read_text()


def test_our_client_cancels_at_a_prism_mock(client: Sutro) -> None:
    assert client.cancel_job("batch_job_12345").cancelled


def test_a_prism_mock_demands_the_key(mock: str) -> None:
    assert httpx.get(f"{mock}/v1/list-jobs").status_code == 401
