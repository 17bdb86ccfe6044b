"""What the targets of the Makefile promise."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def commands(*arguments: str) -> str:
    """Return the commands that make would run."""
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", "--no-print-directory", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_check_writes_generated_code_elsewhere_and_asks_no_repository() -> None:
    said = commands("check")
    assert "openapi-python-client generate" in said
    assert "--output-path generated" not in said
    assert not re.search(r"\bgit\b", said)


def test_arguments_of_pytest_are_passed_on() -> None:
    assert commands("test", "ARGS=-k cache").rstrip().endswith("-k cache")
