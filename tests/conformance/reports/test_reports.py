"""What people and programs read of a run."""

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from click.testing import CliRunner

from sutro_conformance import cli
from tests.conformance.changes import echo, oldest_first
from tests.conformance.conftest import RunVerify, StartFront
from tests.support.reference_server import Server

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "conformance/sutro_conformance/reports/report.schema.json"

Reports = tuple[dict[str, Path], list[str]]


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    """Files for all reports, and the options that ask for them."""
    files = {form: tmp_path / f"report.{form}" for form in ("json", "junit", "html")}
    options = [word for form, file in files.items() for word in (f"--report-{form}", str(file))]
    return files, options


def test_reports_of_a_wrong_server_agree_and_never_hold_a_key(
    front: StartFront, command: RunVerify, reports: Reports, server: Server
) -> None:
    files, options = reports
    url = front(lambda request, response: echo(request, oldest_first(request, response))).url
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


def test_the_page_for_people_needs_no_other_file(
    front: StartFront, command: RunVerify, reports: Reports
) -> None:
    files, options = reports
    command(front().url, *options, "--only", "AUTH")
    page = files["html"].read_text()
    assert "The server keeps the contract" in page
    assert "src=" not in page
    assert "href=" not in page


def test_two_reports_are_compared(front: StartFront, command: RunVerify, tmp_path: Path) -> None:
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


def test_a_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text("[]")
    outcome = CliRunner().invoke(cli.verify, ["diff", str(file), str(file)])
    assert outcome.exit_code == 2
    assert "--report-json" in outcome.output
