"""The command `sutro-jobs verify`."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from sutro_conformance import Target, cli
from tests.conformance.conftest import RunVerify, StartFront
from tests.support.reference_server import COMMAND, Server


@pytest.mark.parametrize(
    "words",
    [
        ["--api-url", "NOBODY"],
        ["--api-key", "some-key"],
        ["--api-url", "ftp://host", "--api-key", "some-key"],
        ["--api-url", "NOBODY", "--api-key", "some-key"],
        ["--api-url", "NOBODY", "--api-key", "some-key", "--only", "NONE-01"],
    ],
    ids=["no key", "no URL", "no web address", "nobody there", "no such clause"],
)
def test_what_can_not_be_run_ends_with_two(words: list[str], nobody: str) -> None:
    outcome = CliRunner().invoke(cli.verify, [word.replace("NOBODY", nobody) for word in words])
    assert outcome.exit_code == 2
    assert "Traceback" not in outcome.output


def test_an_error_of_the_verifier_ends_with_two_and_shows_no_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(target: Target, *_: object, **__: object) -> None:
        raise RuntimeError(f"a bug, met with {target.api_key}")

    monkeypatch.setattr(cli, "run", fail)
    words = ["--api-url", "https://here.example", "--api-key", "sk-very-secret"]
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
def test_leave_is_given_for_several_jobs_at_once(
    front: StartFront, command: RunVerify, leave: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    command(front().url, *leave, "--only", "AUTH-01", "--report-json", file)
    assert json.loads(file.read_text())["cancel"] == "first, second"


def test_folders_of_reports_are_made_and_nothing_else_is_left_there(
    front: StartFront, server: Server, tmp_path: Path
) -> None:
    # What generates requests keeps examples in the working directory, unless it is told not to.
    generating = ["--only", "HTTP-01", "--only", "LIFE-04"]
    words = ["--api-url", front().url, "--api-key", server.key, "--profile", "quick", *generating]
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
    front: StartFront, command: RunVerify, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    target = front()
    outcome = command(target.url, "--report-html", tmp_path / "file" / "report.html")
    assert outcome.exit_code == 2
    assert "--report-html" in outcome.output
    assert target.requests == []
