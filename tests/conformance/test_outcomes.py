"""What is said of a server of which little could be judged."""

from sutro_conformance import Outcome, Settings, Verdict
from tests.conformance.conftest import Judge
from tests.support.reference_server import Server, StartServer


def test_an_empty_account_breaks_nothing_and_is_not_called_right(
    start_server: StartServer, judge: Judge
) -> None:
    report = judge(start_server().url)
    assert report.outcome is Outcome.NOT_JUDGED
    assert report.exit_status == 3
    assert not report.broken
    missing = {result.id: result.reason for result in report.results if not result.checks}
    assert missing["RESULTS-01"] == "a job that succeeded"


def test_without_leave_and_a_second_key_enough_is_judged_to_call_a_server_right(
    server: Server, judge: Judge
) -> None:
    report = judge(server.url, second_api_key=None)
    assert report.exit_status == 0
    assert report.undecided
    assert "as far as it was judged" in report.sentence


def test_two_keys_of_one_account_are_recognised_and_said(
    start_server: StartServer, judge: Judge
) -> None:
    twice = start_server("--demo", "--api-key", "demo=demo-key-too")
    only = {"LIST-01", "LIST-02", "LIST-17", "TENANT-01"}
    settings = Settings(profile="quick", only=only)
    report = judge(twice.url, settings, second_api_key="demo-key-too")
    assert report.exit_status == 0
    assert "one account" in " ".join(report.remarks)
    reasons = {result.id: result.reason for result in report.results}
    assert "of the same account" in reasons["TENANT-01"]


def test_what_a_server_may_do_without_never_counts(server: Server, judge: Judge) -> None:
    settings = Settings(profile="quick", only={"HTTP-11", "LIST-01"})
    report = judge(server.url, settings, strict=True)
    assert report.results[1].verdict in (Verdict.NOT_OFFERED, Verdict.KEPT)
    assert report.exit_status == 0
