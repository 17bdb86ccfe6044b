"""The client's commands: what they print, where, and how they end."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import polars as pl
import pytest
from click.testing import CliRunner, Result

from sutro_jobs.cli import main
from tests.support.reference_server import Server
from tests.support.results import Serve

SUCCEEDED = "job-films-year-1946"


class Run(Protocol):
    """Runs a command."""

    def __call__(self, *arguments: str) -> Result: ...


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command against the demo data, configured by the environment."""
    monkeypatch.setenv("SUTRO_API_URL", server.url)
    monkeypatch.setenv("SUTRO_API_KEY", server.key)
    monkeypatch.setenv("HOME", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(main, arguments)


def test_list_prints_a_line_for_each_job(run: Run) -> None:
    done = run("list", "--limit", "3")
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 4
    assert "job-films-queued" in done.stdout
    assert done.stderr == ""


def test_list_as_json_is_what_the_server_sent(run: Run) -> None:
    jobs = json.loads(run("list", "--limit", "3", "--format", "json").stdout)
    assert len(jobs) == 3
    assert {"job_id", "sampling_params", "datetime_created"} <= jobs[0].keys()


def test_list_as_json_lines_has_a_line_for_each_job(run: Run) -> None:
    lines = run("list", "--limit", "3", "-f", "jsonl").stdout.splitlines()
    assert [len(json.loads(line)) > 10 for line in lines] == [True] * 3


def test_no_jobs_as_json_are_an_empty_array(run: Run) -> None:
    assert json.loads(run("list", "--limit", "0", "-f", "json").stdout) == []


def test_list_as_csv_has_a_header(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("list", "--limit", "3", "-f", "csv").stdout)))
    assert len(rows) == 3
    assert json.loads(rows[0]["sampling_params"])


def test_list_as_parquet_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    done = run("list", "-f", "parquet", "-o", str(tmp_path / "jobs.parquet"))
    assert done.output == ""
    assert pl.read_parquet(tmp_path / "jobs.parquet").height > 100


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "parquet"])
def test_the_name_of_the_file_says_its_form(run: Run, tmp_path: Path, form: str) -> None:
    named, said = tmp_path / f"jobs.{form}", tmp_path / "jobs"
    assert run("results", SUCCEEDED, "-o", str(named)).exit_code == 0
    assert run("results", SUCCEEDED, "-f", form, "-o", str(said)).exit_code == 0
    assert named.read_bytes() == said.read_bytes()


def test_parquet_goes_through_a_pipe(run: Run) -> None:
    frame = pl.read_parquet(run("list", "-f", "parquet", "--limit", "3").stdout_bytes)
    assert frame.height == 3


def test_status_prints_the_status_and_the_reason(run: Run) -> None:
    done = run("status", "job-films-failed")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "FAILED"
    assert len(done.stdout.splitlines()) == 2


def test_status_as_json_is_an_object(run: Run) -> None:
    report = json.loads(run("status", "job-films-failed", "--json").stdout)
    assert report["status"] == "FAILED"
    assert report["failure_reason"]["message"]


@pytest.mark.parametrize(
    ("job_id", "exit_code"),
    [(SUCCEEDED, 0), ("job-films-failed", 1), ("job-films-cancelled", 1), ("no-such-job", 2)],
)
def test_the_exit_status_of_wait_says_how_the_job_ended(
    run: Run, job_id: str, exit_code: int
) -> None:
    assert run("wait", job_id).exit_code == exit_code


def test_waiting_too_long_is_neither_success_nor_failure(run: Run) -> None:
    done = run("wait", "job-films-running", "--timeout", "0.1")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "RUNNING" in done.stderr


def test_cancel_prints_the_answer(run: Run) -> None:
    done = run("cancel", SUCCEEDED)
    assert done.exit_code == 0
    assert SUCCEEDED in done.stdout


def test_results_are_a_table(run: Run) -> None:
    done = run("results", SUCCEEDED)
    assert done.exit_code == 0, done.stderr
    assert "inference_result" in done.stdout


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_results_as_text_hold_every_row(run: Run, form: str) -> None:
    readers: dict[str, Callable[[bytes], pl.DataFrame]] = {
        "json": pl.read_json,
        "jsonl": pl.read_ndjson,
        "csv": pl.read_csv,
    }
    arguments = ["results", SUCCEEDED, "--inputs", "--output-column", "title"]
    expected = pl.read_parquet(run(*arguments, "-f", "parquet").stdout_bytes)
    frame = readers[form](run(*arguments, "-f", form).stdout_bytes)
    assert frame.columns == expected.columns
    assert {"inputs", "title"} <= set(frame.columns)
    assert frame["title"].to_list() == expected["title"].to_list()


def test_structured_results_have_a_column_for_each_property(run: Run) -> None:
    unpacked = pl.read_parquet(run("results", "job-films-structured", "-f", "parquet").stdout_bytes)
    packed = pl.read_parquet(
        run("results", "job-films-structured", "--no-unpack", "-f", "parquet").stdout_bytes
    )
    assert unpacked.width > packed.width
    assert "inference_result" in packed.columns


def test_download_prints_the_path_of_the_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "results.parquet"
    done = run("download", SUCCEEDED, str(path))
    assert done.stdout.strip() == str(path)
    assert pl.read_parquet(path).height > 0


@pytest.mark.parametrize(
    "arguments", [["status", "no-such-job"], ["results", "job-films-running"], ["cancel", "a/b"]]
)
def test_errors_go_to_standard_error_without_a_traceback(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert isinstance(done.exception, SystemExit)


def test_without_configuration_the_error_says_where_to_set_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SUTRO_API_URL", raising=False)
    monkeypatch.delenv("SUTRO_API_KEY", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    done = CliRunner().invoke(main, ["list"])
    assert done.exit_code == 2
    assert "SUTRO_API_URL" in done.stderr


def test_options_replace_the_environment(run: Run, server: Server) -> None:
    done = run("list", "--api-url", server.url, "--api-key", server.other_key)
    assert "job-films-queued" not in done.stdout
    assert done.exit_code == 0


@pytest.mark.parametrize(
    "command", ["list", "status", "wait", "cancel", "results", "download", "cache"]
)
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(main, [command, "--help"])
    assert done.exit_code == 0
    assert "Usage:" in done.stdout


def test_help_lists_every_command_and_imports_none() -> None:
    script = (
        "import sys; from sutro_jobs.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print(*(name for name in sys.modules if name.startswith('sutro_')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    for command in ("list", "status", "wait", "results", "download", "cancel", "cache", "serve"):
        assert f"  {command} " in done.stdout
    loaded = done.stderr.split()
    assert "sutro_jobs.cli.jobs" not in loaded
    assert not [name for name in loaded if not name.startswith("sutro_jobs")]


NAMES_OF_PYTHON = re.compile(r"[a-z]+_[a-z_]+|\w+\(|\w=")


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["list", "--api-url", "http://here.example"], "--api-url must be https"),
        (["list", "--api-url", "https://here.example", "--api-key", "a b"], "--api-key is empty"),
        (["status", "a/b"], "'a/b' is not a job ID; take one from 'sutro-jobs list'."),
        (["status", "no-such-job"], "Check the job ID, and that --api-url"),
        (["results", "job-films-queued"], "'sutro-jobs wait JOB_ID'"),
        (["results", "job-films-countries", "--output-column", "imdb_id"], "--output-column"),
        (["wait", "job-films-queued", "--timeout", "0"], "'sutro-jobs cancel JOB_ID'"),
    ],
)
def test_errors_speak_of_options_and_commands(run: Run, arguments: list[str], advice: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert advice in done.stderr
    assert NAMES_OF_PYTHON.search(done.stderr.replace("imdb_id", "")) is None


def test_invalid_outputs_are_an_error_that_names_the_option(run: Run, serve: Serve) -> None:
    site = serve({"outputs": ['{"a":1}', '{"a":2}', '{"a":']})
    done = run("results", "job-1", "--api-url", site.url, "--api-key", "k")
    assert done.stderr.endswith("'{\"a\":'. Pass --no-unpack to keep all outputs as text.\n")


def test_without_a_configuration_the_error_names_the_options(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUTRO_API_URL")
    monkeypatch.delenv("SUTRO_API_KEY")
    assert "Pass --api-url and --api-key, or set SUTRO_API_URL" in run("list").stderr
