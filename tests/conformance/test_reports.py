"""What people and programs read: the command, its reports, the pytest plugin, the clauses' page."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from click.testing import CliRunner

from sutro_conformance import cli

from .conftest import echo, oldest_first

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("sutro-jobs")
SCHEMA = ROOT / "conformance/sutro_conformance/reports/report.schema.json"


@pytest.fixture
def command(server):
    """Run `sutro-jobs verify` quickly, with the keys of the reference server."""

    def run(url, *arguments):
        keys = ["--api-key", server.key, "--second-api-key", server.other_key]
        words = ["--api-url", url, *keys, "--profile", "quick", *map(str, arguments)]
        return CliRunner().invoke(cli.verify, words)

    return run


@pytest.fixture
def reports(tmp_path):
    """Files for all reports, and the options that ask for them."""
    files = {form: tmp_path / f"report.{form}" for form in ("json", "junit", "html")}
    options = [word for form, file in files.items() for word in (f"--report-{form}", file)]
    return files, options


def test_reports_of_a_wrong_server_agree_and_never_hold_a_key(front, command, reports, server):
    files, options = reports
    url = front(lambda asked, answer: echo(asked, oldest_first(asked, answer))).url
    outcome = command(url, *options, "--only", "LIST", "--only", "AUTH", "--only", "ERROR")
    texts = {form: file.read_text() for form, file in files.items()}
    for text in (outcome.output, *texts.values()):
        assert "LIST-07" in text
        assert server.key not in text
        assert server.other_key not in text
    document = json.loads(texts["json"])
    jsonschema_rs.validate(json.loads(SCHEMA.read_text()), document)
    suites = ElementTree.fromstring(texts["junit"])
    failed = {case.get("name", "")[:7] for case in suites.iter("testcase") if case.find("failure")}
    broken = {each["id"] for each in document["clauses"] if each["verdict"] == "broken"}
    musts = {each["id"] for each in document["clauses"] if each["level"] == "MUST"}
    assert outcome.exit_code == document["summary"]["exit_status"] == 1
    assert "LIST-07" in broken
    assert failed <= {clause[:7] for clause in broken & musts}
    assert "$SUTRO_API_KEY" in texts["html"]


def test_folders_of_reports_are_made_and_nothing_else_is_left_there(front, server, tmp_path):
    words = ["--api-url", front().url, "--api-key", server.key, "--profile", "quick"]
    report = Path("new/folder/report.json")
    inherited = {name: value for name, value in os.environ.items() if "HYPOTHESIS" not in name}
    outcome = subprocess.run(
        [COMMAND, "verify", *words, "--report-json", report],
        cwd=tmp_path,
        env={**inherited, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert json.loads((tmp_path / report).read_text())["summary"]["exit_status"] == 0
    assert {each.name for each in tmp_path.iterdir()} == {"new", "cache"}
    assert [each.name for each in (tmp_path / report).parent.iterdir()] == ["report.json"]


def test_a_report_that_can_not_be_written_is_said_before_the_first_request(
    front, command, tmp_path
):
    (tmp_path / "file").write_text("in the way")
    target = front()
    outcome = command(target.url, "--report-html", tmp_path / "file" / "report.html")
    assert outcome.exit_code == 2
    assert "--report-html" in outcome.output
    assert target.asked == []


def test_the_page_for_people_needs_no_other_file(front, command, reports):
    files, options = reports
    command(front().url, *options, "--only", "AUTH")
    page = files["html"].read_text()
    assert "The server keeps the contract" in page
    assert "src=" not in page
    assert "href=" not in page


def test_two_reports_are_compared(front, command, tmp_path):
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.json"
    command(front().url, "--only", "LIST", "--report-json", right)
    command(front(oldest_first).url, "--only", "LIST", "--report-json", wrong)
    worse = CliRunner().invoke(cli.verify, ["diff", str(right), str(wrong)])
    assert worse.exit_code == 1
    assert "LIST-07" in worse.output
    better = CliRunner().invoke(cli.verify, ["diff", str(wrong), str(right)])
    assert better.exit_code == 0
    same = CliRunner().invoke(cli.verify, ["diff", str(right), str(right)])
    assert same.output == "No verdict changed.\n"


def test_a_file_that_is_no_report_is_refused(tmp_path):
    file = tmp_path / "other.json"
    file.write_text("[]")
    outcome = CliRunner().invoke(cli.verify, ["diff", str(file), str(file)])
    assert outcome.exit_code == 2
    assert "--report-json" in outcome.output


@pytest.mark.parametrize(
    "words",
    [
        ["--api-url", "http://127.0.0.1:1"],
        ["--api-key", "some-key"],
        ["--api-url", "ftp://host", "--api-key", "some-key"],
        ["--api-url", "http://127.0.0.1:1", "--api-key", "some-key"],
        ["--api-url", "http://127.0.0.1:1", "--api-key", "some-key", "--only", "NONE-01"],
    ],
    ids=["no key", "no URL", "no web address", "nobody there", "no such clause"],
)
def test_what_can_not_be_run_ends_with_two(words, monkeypatch):
    for name in ("SUTRO_API_URL", "SUTRO_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    outcome = CliRunner().invoke(cli.verify, words)
    assert outcome.exit_code == 2
    assert "Traceback" not in outcome.output


def test_an_error_of_the_verifier_ends_with_two_and_shows_no_key(monkeypatch):
    def fail(target, *_, **__):
        raise RuntimeError(f"a bug, met with {target.api_key}")

    monkeypatch.setattr(cli, "run", fail)
    words = ["--api-url", "http://127.0.0.1:1", "--api-key", "sk-very-secret"]
    outcome = CliRunner().invoke(cli.verify, words)
    assert outcome.exit_code == 2
    assert "a bug, met with $SUTRO_API_KEY" in outcome.output
    assert "sk-very-secret" not in outcome.output


@pytest.mark.parametrize(
    "leave",
    [
        ["--allow-cancel", "first", "second"],
        ["--allow-cancel", "first", "--allow-cancel", "second"],
        ["--allow-cancel=first", "second"],
    ],
)
def test_leave_is_given_for_several_jobs_at_once(front, command, leave, tmp_path):
    file = tmp_path / "report.json"
    command(front().url, *leave, "--only", "AUTH-01", "--report-json", file)
    assert json.loads(file.read_text())["cancel"] == "first, second"


def test_pytest_runs_one_test_a_clause_and_selects_by_name(front, server, tmp_path):
    words = ["--sutro-api-url", front(oldest_first).url, "--sutro-profile", "quick"]
    words += ["--sutro-api-key", server.key, "-k", "LIST-07 or LIST-01", "-q"]
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
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


def test_the_page_on_clauses_is_what_the_clauses_say():
    page = CliRunner().invoke(cli.verify, ["clauses", "--markdown"]).output
    assert (ROOT / "docs/clauses.md").read_text() == page, "Run make clauses."
