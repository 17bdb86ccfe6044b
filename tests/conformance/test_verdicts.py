"""What the verifier says about right servers, wrong ones, and ones that it can't judge."""

import time
from itertools import count

import pytest

from sutro_conformance import CouldNotRunError, Settings, Target, all_clauses, verify

from .conftest import Answer, Asked, echo, oldest_first

LISTS = Settings(
    profile="quick",
    only={clause.id for clause in all_clauses() if clause.group in ("LIST", "PAGE")},
)
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("profile", ["quick", pytest.param("full", marks=pytest.mark.slow)])
def test_the_reference_server_keeps_the_contract(start_server, judge, profile):
    settings = Settings(profile=profile)
    report = judge(start_server("--demo").url, settings, allow_cancel_any=True)
    assert [result.failures for result in report.broken] == []
    assert report.exit_status == 0


def test_nothing_is_sent_to_the_cancel_endpoint_without_leave(front, judge):
    before = front()
    report = judge(before.url)
    assert report.requests == len(before.asked) > 500
    assert not [asked for asked in before.asked if "job-cancel" in asked.target.lower()]


def test_methods_that_could_change_anything_go_to_the_list_and_to_missing_jobs_only(front, judge):
    before = front()
    only = {clause.id for clause in all_clauses() if clause.group == "HTTP"} - {"HTTP-01"}
    report = judge(before.url, Settings(profile="quick", only=only))
    jobs = [asked for asked in before.asked if asked.method not in SAFE]
    ids = {asked.path.strip("/").removesuffix("/results").rpartition("/")[2] for asked in jobs}
    listed = {job["job_id"] for job in before.answer(Asked("GET", "/list-jobs", KEY)).data["jobs"]}
    assert report.exit_status == 0
    assert ids
    assert not ids & listed


KEY = [("Authorization", "Key demo-key")]


def test_with_leave_for_one_job_no_other_is_cancelled(front, judge, start_server):
    before = front(upstream=start_server("--demo").url)
    settings = Settings(profile="quick", only={c.id for c in all_clauses() if c.group == "CANCEL"})
    report = judge(before.url, settings, allow_cancel={"job-films-running"})
    cancelled = {asked.path for asked in before.asked if "job-cancel" in asked.path}
    listed = {job["job_id"] for job in before.answer(Asked("GET", "/list-jobs", KEY)).data["jobs"]}
    assert "/job-cancel/job-films-running" in cancelled
    assert {path.rpartition("/")[2] for path in cancelled} & listed == {"job-films-running"}
    assert report.exit_status == 0


def test_a_wrong_order_is_named_first_with_the_request_that_shows_it(front, judge):
    report = judge(front(oldest_first).url, LISTS)
    assert report.exit_status == 1
    assert report.broken[0].id == "LIST-07"
    assert '"Authorization: Key $SUTRO_API_KEY"' in report.broken[0].failures[0].reproduction


def test_an_echoed_key_is_found(front, judge):
    report = judge(front(echo).url, Settings(profile="quick", only={"AUTH-03", "ERROR-03"}))
    assert "ERROR-03" in [result.id for result in report.broken]


def test_one_seed_gives_the_same_findings_twice(front, judge):
    def findings():
        settings = Settings(profile="quick", seed=7, only=LISTS.only | {"HTTP-01", "LIFE-04"})
        report = judge(front(oldest_first).url, settings)
        return [(r.id, [f.message for f in r.failures]) for r in report.broken]

    assert findings() == findings()


def test_a_flaky_network_breaks_no_clause(front, judge):
    turn = count(1)

    def flaky(_: Asked, answer: Answer) -> Answer | None:
        number = next(turn)
        if number % 23 == 0:
            return None
        if number % 31 == 0:
            return Answer(524, [("content-type", "text/html")], b"<html>524</html>")
        if number % 37 == 0:
            return Answer(429, [("retry-after", "0")], b'{"detail": "Too many requests."}')
        return answer

    report = judge(front(flaky).url)
    assert report.exit_status == 0
    assert report.disturbances > 5
    assert not report.broken


def test_a_server_that_goes_away_leaves_clauses_undecided_and_none_broken(front, judge):
    turn = count(1)
    before = front(lambda _, answer: answer if next(turn) < 60 else None)
    report = judge(before.url, Settings(profile="quick", patience=1.0))
    assert report.exit_status == 2
    assert not report.broken


def test_an_answer_that_always_breaks_off_is_a_broken_clause(front, judge):
    def short(asked: Asked, answer: Answer) -> Answer | None:
        return None if "format=csv" in asked.target else answer

    report = judge(front(short).url, Settings(profile="quick", only={"HTTP-10", "FORMAT-01"}))
    assert [result.id for result in report.broken] == ["HTTP-10"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_can_not_be_judged(front, judge, status):
    before = front(lambda *_: Answer(status, [], b"{}"))
    with pytest.raises(CouldNotRunError, match="--api-key"):
        judge(before.url)


def test_a_server_that_does_not_answer_can_not_be_judged(judge):
    with pytest.raises(CouldNotRunError, match="Is the URL right"):
        judge("http://127.0.0.1:1", Settings(patience=0.2))


def test_a_url_without_its_version_is_completed(front, judge):
    def versioned(asked: Asked, answer: Answer) -> Answer:
        return answer if asked.path.startswith("/v1/") else Answer(404, [], b"{}")

    report = judge(front(versioned).url, Settings(profile="quick", only={"LIST-01"}))
    assert report.target.endswith("/v1")
    assert report.exit_status == 0


def test_an_empty_account_breaks_nothing_and_says_what_is_missing(start_server, judge):
    report = judge(start_server().url)
    assert report.exit_status == 0
    assert not report.broken
    missing = {result.id: result.reason for result in report.results if not result.checks}
    assert missing["RESULTS-01"] == "a job that succeeded"


def test_strict_wants_every_must_exercised(server, judge):
    settings = Settings(profile="quick", only={"LIST-01", "TENANT-01"})
    assert judge(server.url, settings, second_api_key=None).exit_status == 0
    assert judge(server.url, settings, second_api_key=None, strict=True).exit_status == 3


def test_a_run_that_judged_nothing_is_no_pass(server, judge):
    settings = Settings(profile="quick", only={"TENANT-01"})
    assert judge(server.url, settings, second_api_key=None).exit_status == 3


def test_a_broken_should_decides_only_if_asked(front, judge):
    def no_challenge(_: Asked, answer: Answer) -> Answer:
        answer.headers = [each for each in answer.headers if each[0] != "www-authenticate"]
        return answer

    url = front(no_challenge).url
    settings = Settings(profile="quick", only={"AUTH-09"})
    assert judge(url, settings).exit_status == 0
    assert judge(url, settings, fail_on="SHOULD").exit_status == 1


@pytest.mark.parametrize("asked_for", ["e2", "auto"])
def test_a_server_of_edition_e2_keeps_the_contract_of_its_edition(start_server, judge, asked_for):
    url = start_server("--demo", "--edition", "e2").url
    some = {"LIST-01", "STATUS-02", "STATUS-03", "RESULTS-01", "RESULTS-15", "CANCEL-01"}
    only = None if asked_for == "e2" else some
    settings = Settings(profile="quick", edition=asked_for, only=only)
    report = judge(url, settings, allow_cancel_any=True)
    assert report.edition == "e2"
    assert [result.id for result in report.broken if result.level == "MUST"] == []


def test_a_server_of_edition_e2_breaks_the_contract_of_e3(start_server, judge):
    url = start_server("--demo", "--edition", "e2").url
    report = judge(url, Settings(profile="quick", only={"STATUS-01", "STATUS-02"}))
    assert report.exit_status == 1
    assert "STATUS-02" in [result.id for result in report.broken]
    assert {point.seen for point in report.edition_points} >= {"bare status", "result_format"}


def test_a_time_budget_is_kept_and_said(server, judge):
    began = time.monotonic()
    report = judge(server.url, Settings(time_budget=0.5))
    assert time.monotonic() - began < 30
    assert "more time (--time-budget)" in {result.reason for result in report.results}


def test_a_rate_limit_is_kept(front, judge):
    before = front()
    report = judge(before.url, Settings(profile="quick", rate_limit=20, only={"AUTH-01"}))
    assert report.seconds >= (len(before.asked) - 2) / 20


def test_an_application_in_this_process_is_judged(front, server):
    keys = {"api_key": server.key, "second_api_key": server.other_key}
    settings = Settings(profile="quick", only=LISTS.only | {"HTTP-01", "RESULTS-01"})
    report = verify(Target(app=front().wsgi, **keys), settings)
    assert [result.id for result in report.broken if result.level == "MUST"] == []
    assert report.exit_status == 0
