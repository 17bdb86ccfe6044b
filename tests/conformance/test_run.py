"""What the verifier says about right servers and wrong ones."""

import httpx
import pytest
from attrs import evolve

from sutro_conformance import Level, Settings, all_clauses
from tests.conformance.changes import echo, oldest_first
from tests.conformance.conftest import Judge, StartFront
from tests.support.reference_server import Server, StartServer
from tests.support.scripted_server import Request, Response

LISTS = {clause.id for clause in all_clauses() if clause.group in ("LIST", "PAGE")}


@pytest.mark.parametrize("profile", ["quick", pytest.param("full", marks=pytest.mark.slow)])
def test_the_reference_server_keeps_the_contract(
    start_server: StartServer, judge: Judge, profile: str
) -> None:
    settings = Settings(profile=profile)
    report = judge(start_server("--demo").url, settings, allow_cancel_any=True)
    assert [result.failures for result in report.broken] == []
    assert report.exit_status == 0


def test_a_wrong_order_is_named_first_with_the_request_that_shows_it(
    front: StartFront, judge: Judge
) -> None:
    report = judge(front(oldest_first).url, Settings(profile="quick", only=LISTS))
    assert report.exit_status == 1
    assert report.broken[0].id == "LIST-07"
    assert '"Authorization: Key $SUTRO_API_KEY"' in report.broken[0].failures[0].reproduction


def test_an_echoed_key_is_found(front: StartFront, judge: Judge) -> None:
    report = judge(front(echo).url, Settings(profile="quick", only={"AUTH-03", "ERROR-03"}))
    assert "ERROR-03" in [result.id for result in report.broken]


def test_one_seed_gives_the_same_findings_twice(front: StartFront, judge: Judge) -> None:
    def findings() -> list[tuple[str, list[str]]]:
        settings = Settings(profile="quick", seed=7, only={*LISTS, "HTTP-01", "LIFE-04"})
        report = judge(front(oldest_first).url, settings)
        return [(r.id, [f.message for f in r.failures]) for r in report.broken]

    assert findings() == findings()


def test_strict_wants_every_must_exercised(server: Server, judge: Judge) -> None:
    only = {"LIST-01", "LIST-02", "LIST-17", "TENANT-01"}
    settings = Settings(profile="quick", only=only)
    assert judge(server.url, settings, second_api_key=None).exit_status == 0
    assert judge(server.url, settings, second_api_key=None, strict=True).exit_status == 3


def test_a_run_that_judged_nothing_is_no_pass(server: Server, judge: Judge) -> None:
    settings = Settings(profile="quick", only={"TENANT-01"})
    assert judge(server.url, settings, second_api_key=None).exit_status == 3


def test_a_broken_should_decides_only_if_asked(front: StartFront, judge: Judge) -> None:
    def no_challenge(_: Request, response: Response) -> Response:
        headers = httpx.Headers(response.headers)
        headers.pop("WWW-Authenticate", None)
        return evolve(response, headers=headers)

    url = front(no_challenge).url
    settings = Settings(profile="quick", only={"AUTH-09"})
    assert judge(url, settings).exit_status == 0
    assert judge(url, settings, fail_on=Level.SHOULD).exit_status == 1


def test_a_time_budget_is_kept_and_said(server: Server, judge: Judge) -> None:
    report = judge(server.url, Settings(time_budget=0.5))
    assert "more time (--time-budget)" in {result.reason for result in report.results}
