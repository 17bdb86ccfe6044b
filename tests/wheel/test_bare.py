"""The wheel with the client's own dependencies and nothing else."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from sutro_jobs import Sutro

pytestmark = pytest.mark.usefixtures("account")


def test_this_environment_has_no_optional_package() -> None:
    optional = ["fastapi", "great_tables", "pandas", "pyarrow", "schemathesis", "yaml"]
    assert [name for name in optional if find_spec(name)] == []


def test_results_come_as_a_polars_frame() -> None:
    with Sutro() as client:
        job = next(job for job in client.list_jobs() if job.status == "SUCCEEDED")
        frame = client.get_job_results(job.job_id, include_inputs=True)
    assert type(frame).__module__.startswith("polars")
    assert frame.height == job.num_rows


def test_jobs_come_as_a_polars_frame() -> None:
    with Sutro() as client:
        assert client.list_jobs().to_polars().height > 100


@pytest.mark.parametrize(
    ("command", "extra"), [("serve", "server"), ("verify", "verify"), ("spec", "spec")]
)
def test_a_command_without_its_packages_names_the_extra(command: str, extra: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("sutro-jobs"), command, "--help"],
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert f"sutro-jobs[{extra}]" in done.stderr
    assert "Traceback" not in done.stderr
