"""The reference server of the built wheel, run by the environment that has every extra."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

KEY = "wheel-key"


@pytest.fixture(scope="session")
def api_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demo data and yield the URL; `SUTRO_FULL_PYTHON` names the server's interpreter."""
    python = Path(os.environ.get("SUTRO_FULL_PYTHON", sys.executable))
    data = tmp_path_factory.mktemp("data")
    command: list[str | Path] = [
        python.with_name("sutro-jobs"),
        "serve",
        "--demo",
        "--port",
        "0",
        "--data",
        data,
    ]
    with subprocess.Popen(
        [*command, "--api-key", f"demo={KEY}"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the server did not say where it serves"
            yield found.group()
        finally:
            process.terminate()


@pytest.fixture
def account(api_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Point the environment at the server, as a user would; the cache is the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SUTRO_API_URL", api_url)
    monkeypatch.setenv("SUTRO_API_KEY", KEY)
