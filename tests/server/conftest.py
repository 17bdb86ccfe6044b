"""Fixtures of the reference server's tests."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from sutro_server.cli import import_, keys

Import = Callable[..., Result]


@pytest.fixture(scope="session")
def run_import() -> Import:
    """Run `sutro-jobs import` with arguments and return click's result."""

    def run(data: Path, *arguments: str | Path, tenant: str = "demo") -> Result:
        full = [*map(str, arguments), "--data", str(data), "--tenant", tenant]
        return CliRunner().invoke(import_, full)

    return run


@pytest.fixture
def add_job(run_import: Import, tmp_path: Path) -> Callable[..., str]:
    """Import a job of three rows into a data directory, with more options; return its ID."""
    rows = tmp_path / "rows.csv"
    rows.write_text("question,answer\nOne?,1\nTwo?,2\nThree?,3\n")

    def add(data: Path, *options: str) -> str:
        result = run_import(data, rows, "--output", "answer", "--input", "question", *options)
        assert result.exit_code == 0, result.output
        return result.stdout.strip()

    return add


@pytest.fixture
def add_key() -> Callable[[Path, str], str]:
    """Make a key for a tenant of a data directory and return it."""

    def add(data: Path, tenant: str) -> str:
        return CliRunner().invoke(keys, ["add", "--data", str(data), tenant]).stdout.strip()

    return add


@pytest.fixture(scope="session")
def demo(server):
    """A client of the shared demo server for the tenant `demo`."""
    with httpx.Client(base_url=server.url, headers=server.headers) as client:
        yield client
