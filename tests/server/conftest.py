"""Fixtures of the reference server's tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from click.testing import CliRunner, Result

from sutro_server.cli import import_, keys
from tests.support.reference_server import Server, reference_server

Editions = dict[str, httpx.Client]


class RunImport(Protocol):
    """Runs `sutro-jobs import` with arguments."""

    def __call__(self, data: Path, *arguments: str | Path, tenant: str = "demo") -> Result: ...


class AddJob(Protocol):
    """Imports a job of three rows into a data directory, with more options; returns its ID."""

    def __call__(self, data: Path, *options: str) -> str: ...


class AddKey(Protocol):
    """Makes a key for a tenant of a data directory and returns it."""

    def __call__(self, data: Path, tenant: str) -> str: ...


@pytest.fixture(scope="session")
def run_import() -> RunImport:
    """Run the command in this process."""

    def run(data: Path, *arguments: str | Path, tenant: str = "demo") -> Result:
        full = [*map(str, arguments), "--data", str(data), "--tenant", tenant]
        return CliRunner().invoke(import_, full)

    return run


@pytest.fixture
def add_job(run_import: RunImport, tmp_path: Path) -> AddJob:
    """Import small jobs."""
    rows = tmp_path / "rows.csv"
    rows.write_text("question,answer\nOne?,1\nTwo?,2\nThree?,3\n")

    def add(data: Path, *options: str) -> str:
        result = run_import(data, rows, "--output", "answer", "--input", "question", *options)
        assert result.exit_code == 0, result.output
        return result.stdout.strip()

    return add


@pytest.fixture
def add_key() -> AddKey:
    """Make keys."""

    def add(data: Path, tenant: str) -> str:
        return CliRunner().invoke(keys, ["add", "--data", str(data), tenant]).stdout.strip()

    return add


@pytest.fixture(scope="session")
def demo(server: Server) -> Iterator[httpx.Client]:
    """A client of the shared demo server for the tenant `demo`."""
    with server.client() as client:
        yield client


@pytest.fixture(scope="session")
def edition(demo: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editions]:
    """Clients of demo servers of each edition, by its name."""
    with (
        reference_server(tmp_path_factory.mktemp("e1"), "--demo", "--edition", "e1") as first,
        reference_server(tmp_path_factory.mktemp("e2"), "--demo", "--edition", "e2") as second,
        first.client() as e1,
        second.client() as e2,
    ):
        yield {"e1": e1, "e2": e2, "e3": demo}
