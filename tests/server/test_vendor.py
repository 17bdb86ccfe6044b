"""The vendor's SDK and its command line, unmodified, against the reference server."""

import json
import os
import subprocess
import venv
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from tests.support.reference_server import Server

CALLS = Path(__file__).with_name("vendor_calls.py")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session", params=["0.1.67", "0.1.60"])
def vendor(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of commands of an environment that holds the vendor's SDK."""
    place = tmp_path_factory.mktemp("vendor")
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    install: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        f"sutro=={request.param}",
    ]
    subprocess.run(install, check=True)
    return place / "bin"


class RunVendor(Protocol):
    """Runs a command of the vendor's environment on the demo server and returns its output."""

    def __call__(self, command: str, *arguments: str | Path) -> str: ...


@pytest.fixture
def run(vendor: Path, server: Server, tmp_path: Path) -> RunVendor:
    """Run a command of the vendor's environment on the demo server and return its output."""
    saved = tmp_path / ".sutro" / "config.json"
    saved.parent.mkdir()
    saved.write_text(json.dumps({"api_key": server.key, "base_url": server.url}))
    variables = {"HOME": str(tmp_path), "SUTRO_API_URL": server.url, "SUTRO_API_KEY": server.key}

    def run(command: str, *arguments: str | Path) -> str:
        done = subprocess.run(
            [vendor / command, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | variables,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_the_four_job_methods_work(run: RunVendor, server: Server, demo: httpx.Client) -> None:
    arguments = (server.url, server.key, "job-films-countries", "job-films-countries")
    got = json.loads(run("python", CALLS, *arguments).split("\n@")[1])
    assert got == {
        "jobs": len(demo.get("/list-jobs").json()["jobs"]),
        "status": got["status"],
        "failed": got["failed"],
        "columns": ["cumulative_logprobs", "imdb_id", "inference_result", "inputs"],
        "rows": 1851,
        "downloaded": got["downloaded"],
        "cancelled": True,
    }
    assert "SUCCEEDED" in got["status"]
    assert "FAILED" in got["failed"]
    # The older version has no downloads.
    assert got["downloaded"] in (1851, None)


def test_the_four_job_commands_work(run: RunVendor) -> None:
    assert "job" in run("sutro", "jobs", "list")
    assert "SUCCEEDED" in run("sutro", "jobs", "status", "job-films-countries")
    assert "IT" in run("sutro", "jobs", "results", "job-films-countries")
    assert "cancel" in run("sutro", "jobs", "cancel", "job-films-countries").lower()
