"""Servers that speak an older edition of the API."""

import pytest

from sutro_conformance import CouldNotRunError, Settings
from tests.conformance.conftest import Judge
from tests.support.reference_server import StartServer


@pytest.mark.parametrize("asked_for", ["e2", "auto"])
def test_a_server_of_edition_e2_keeps_the_contract_of_its_edition(
    start_server: StartServer, judge: Judge, asked_for: str
) -> None:
    url = start_server("--demo", "--edition", "e2").url
    some = {"LIST-01", "STATUS-02", "STATUS-03", "RESULTS-01", "RESULTS-15", "CANCEL-01"}
    only = None if asked_for == "e2" else some
    settings = Settings(profile="quick", edition=asked_for, only=only)
    report = judge(url, settings, allow_cancel_any=True)
    assert report.edition == "e2"
    assert [result.id for result in report.broken if result.level == "MUST"] == []


def test_a_server_of_edition_e2_breaks_the_contract_of_e3(
    start_server: StartServer, judge: Judge
) -> None:
    url = start_server("--demo", "--edition", "e2").url
    report = judge(url, Settings(profile="quick", only={"STATUS-01", "STATUS-02"}))
    assert report.exit_status == 1
    assert "STATUS-02" in [result.id for result in report.broken]
    assert {point.seen for point in report.edition_points} >= {"bare status", "result_format"}


def test_a_server_of_edition_e1_is_recognised_and_not_called_broken(
    start_server: StartServer, judge: Judge
) -> None:
    url = start_server("--demo", "--edition", "e1").url
    with pytest.raises(CouldNotRunError, match=r"e1.*created_at.*limit.*results by GET"):
        judge(url, Settings(profile="quick", edition="auto"))
