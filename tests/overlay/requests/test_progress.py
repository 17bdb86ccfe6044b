"""Progress of long work: on a terminal, or where it is asked for, and never on standard output."""

from pathlib import Path

import pytest

from tests.support.clients import Connect
from tests.support.scripted_server import Script, ScriptedServer
from tests.support.statuses import statuses


@pytest.fixture
def running(script: Script) -> ScriptedServer:
    """A server whose job runs for three polls."""
    return script(statuses("RUNNING", "RUNNING", "RUNNING", "SUCCEEDED"))


def test_waiting_shows_the_status_where_it_is_asked_for(
    running: ScriptedServer, connect: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(running.url, progress=True).wait_for_job("job-1")
    shown = capsys.readouterr()
    assert "job-1: RUNNING, 0:0" in shown.err
    assert shown.err.endswith("\r\x1b[K")
    assert shown.out == ""


def test_nothing_is_shown_without_a_terminal(
    running: ScriptedServer, connect: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(running.url).wait_for_job("job-1")
    assert capsys.readouterr() == ("", "")


def test_a_download_shows_how_far_it_is(
    controlled: str, connect: Connect, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = connect(controlled, fault="drip=8000", progress=True)
    client.download_job_results("job-films-countries", tmp_path / "results.json", "json")
    shown = capsys.readouterr()
    assert "Results: 0.0 of 0.0 MB" in shown.err
    assert shown.out == ""


def test_short_work_shows_nothing(
    controlled: str, connect: Connect, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = connect(controlled, progress=True)
    client.download_job_results("job-films-year-1946", tmp_path / "results.json", "json")
    assert capsys.readouterr() == ("", "")
