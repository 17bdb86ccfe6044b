"""Servers that are hard to reach: flaky networks, refused keys, rate limits."""

import itertools

import pytest

from sutro_conformance import CouldNotRunError, Settings
from tests.conformance.conftest import Judge, StartFront
from tests.support.scripted_server import Raw, Reply, Request, Response


def test_a_flaky_network_breaks_no_clause(front: StartFront, judge: Judge) -> None:
    turn = itertools.count(1)

    def flaky(_: Request, response: Response) -> Reply:
        number = next(turn)
        if number % 23 == 0:
            return Raw()
        if number % 31 == 0:
            return Response(524, b"<html>524</html>", {"Content-Type": "text/html"})
        # Each refusal slows the whole run down, which tests of its pace are about.
        if number in (37, 370):
            return Response(429, {"detail": "Too many requests."}, {"Retry-After": "0"})
        return response

    report = judge(front(flaky).url)
    assert report.exit_status == 0
    assert report.disturbances > 5
    assert not report.broken


def test_a_server_that_goes_away_leaves_clauses_undecided_and_none_broken(
    front: StartFront, judge: Judge
) -> None:
    turn = itertools.count(1)
    site = front(lambda _, response: response if next(turn) < 60 else Raw())
    report = judge(site.url, Settings(profile="quick", patience=1.0))
    assert report.exit_status == 3
    assert not report.broken


def test_an_answer_that_always_breaks_off_is_a_broken_clause(
    front: StartFront, judge: Judge
) -> None:
    def short(request: Request, response: Response) -> Reply:
        return Raw() if "format=csv" in request.target else response

    report = judge(front(short).url, Settings(profile="quick", only={"HTTP-10", "FORMAT-01"}))
    assert [result.id for result in report.broken] == ["HTTP-10"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_can_not_be_judged(front: StartFront, judge: Judge, status: int) -> None:
    site = front(lambda *_: Response(status, {}))
    with pytest.raises(CouldNotRunError, match="--api-key"):
        judge(site.url)


def test_a_server_that_does_not_answer_can_not_be_judged(judge: Judge, nobody: str) -> None:
    with pytest.raises(CouldNotRunError, match="Is the URL right"):
        judge(nobody, Settings(patience=0.2))


def test_a_url_without_its_version_is_completed(front: StartFront, judge: Judge) -> None:
    def versioned(request: Request, response: Response) -> Response:
        return response if request.path.startswith("/v1/") else Response(404, {})

    report = judge(front(versioned).url, Settings(profile="quick", only={"LIST-01"}))
    assert report.target.endswith("/v1")
    assert report.exit_status == 0
