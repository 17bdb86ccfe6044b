"""Schemathesis' own command line on the reference server, with all checks and phases."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.reference_server import StartServer

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
def test_schemathesis_finds_nothing(start_server: StartServer, seed: int) -> None:
    server = start_server("--demo", "--no-access-log")
    command: list[str | Path] = [
        Path(sys.executable).with_name("schemathesis"),
        "--config-file",
        Path(__file__).with_name("schemathesis.toml"),
        "run",
        ROOT / "openapi.yaml",
        "--url",
        server.url,
        "--header",
        f"Authorization: Key {server.key}",
        "--seed",
        str(seed),
        "--generation-database",
        "none",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
