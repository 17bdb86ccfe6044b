"""What `import sutro_jobs` may load, and what stays out until it is called."""

import subprocess
import sys

import pytest

HEAVY = ["pandas", "polars", "pyarrow", "fastapi", "starlette", "uvicorn", "schemathesis", "click"]


def modules_after(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("statement", ["import sutro_jobs", "from sutro_jobs import *"])
def test_the_client_imports_nothing_heavy(statement: str) -> None:
    assert modules_after(statement).isdisjoint(HEAVY)


def test_the_help_of_the_command_imports_no_optional_part() -> None:
    loaded = modules_after(
        "from sutro_jobs.cli import main\nmain(['--help'], standalone_mode=False)"
    )
    assert loaded.isdisjoint({*HEAVY, "sutro_server.cli", "sutro_conformance.cli"} - {"click"})
