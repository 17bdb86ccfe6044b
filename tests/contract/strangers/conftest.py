"""What tests with other people's tools share: where the tools are, and a publication.

`make test-strangers` installs them from npm's lock file; uv fetches those of Python, each into an
environment of its own.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import sutro_contract
from tests.contract.conftest import RunSpec
from tests.support.reference_server import Server, reference_server

ROOT = Path(__file__).parents[3]
MODULES = ROOT / "contract" / "node_modules"
NPM = MODULES / ".bin"
CONTRACT = sutro_contract.contract_path()
UV = Path(sys.executable).with_name("uv")
DONE = "job-films-countries"

Done = subprocess.CompletedProcess[str]


def attempt(*command: str | Path, cwd: Path, **environment: str) -> Done:
    # openapi-python-client looks for ruff on the path.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    variables = os.environ | {"PATH": path} | environment
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True)


def run(*command: str | Path, cwd: Path, **environment: str) -> Done:
    done = attempt(*command, cwd=cwd, **environment)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-8000:]
    return done


def tool(package: str, *command: str | Path, cwd: Path, **environment: str) -> Done:
    """Run a command of a package from PyPI, in an environment of its own."""
    return run(UV, "tool", "run", "--from", package, *command, cwd=cwd, **environment)


def compiled(*files: str, cwd: Path) -> Done:
    """Compile TypeScript as a project of today would, and say what the compiler says."""
    # Packages are found from the folder upwards.
    if not (cwd / "node_modules").exists():
        (cwd / "node_modules").symlink_to(MODULES)
    modern = ("--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler")
    strict = ("--strict", "--skipLibCheck", "--types", "node", "--outDir", "out")
    return attempt(NPM / "tsc", *strict, *modern, *files, cwd=cwd)


@pytest.fixture(scope="session")
def publication(spec: RunSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = spec("build", "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder / "latest"


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Start a reference server of an edition, once each."""
    started: dict[str, Server] = {}
    with ExitStack() as stack:

        def start(edition: str) -> Server:
            if edition not in started:
                data = tmp_path_factory.mktemp(edition)
                serving = reference_server(data, "--demo", "--edition", edition)
                started[edition] = stack.enter_context(serving)
            return started[edition]

        yield start


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def prism(*arguments: str | Path, log: Path) -> Iterator[str]:
    """Run Prism while the block lasts; yields its URL."""
    port = free_port()
    command: list[str | Path] = [NPM / "prism", *arguments, "--errors", "--port", str(port)]
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
