"""The pytest plugin: one test a clause."""

import subprocess
import sys
from pathlib import Path

from tests.conformance.changes import oldest_first
from tests.conformance.conftest import StartFront
from tests.support.reference_server import Server


def test_pytest_runs_one_test_a_clause_and_selects_by_name(
    front: StartFront, server: Server, tmp_path: Path
) -> None:
    words = ["--sutro-api-url", front(oldest_first).url, "--sutro-profile", "quick"]
    words += ["--sutro-api-key", server.key, "-k", "LIST-07 or LIST-01", "-q"]
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 1, outcome.stdout
    assert "1 failed, 1 passed" in outcome.stdout
    assert "LIST-07: Jobs come newest first." in outcome.stdout
    assert "$SUTRO_API_KEY" in outcome.stdout
    assert server.key not in outcome.stdout
