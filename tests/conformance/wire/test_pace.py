"""Servers that limit rates, and how many requests are on their way at a time."""

import threading
import time

from sutro_conformance import Settings, Verdict
from tests.conformance.conftest import Judge, StartFront
from tests.support.scripted_server import Request, Response


class Limit:
    """Closes for a second after so many requests, however long they took.

    A limit on requests a second is never met by a verifier on a machine that is busy enough.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.passed = 0
        self.opens = 0.0

    def __call__(self, _: Request, response: Response) -> Response:
        with self.lock:
            now = time.monotonic()
            if self.passed == self.most:
                self.passed, self.opens = 0, now + 1
            if now >= self.opens:
                self.passed += 1
                return response
        return Response(429, {"detail": "Too many requests."}, {"Retry-After": "1"})


def test_429_slows_the_whole_run_down_and_breaks_nothing(front: StartFront, judge: Judge) -> None:
    site = front(Limit(40))
    # Waiting as the server asks for is no lost time, so that no clause is left undecided for it.
    settings = Settings(profile="quick", patience=5.0, only={"AUTH", "LIST"})
    report = judge(site.url, settings)
    undecided = [r.id for r in report.results if r.verdict in (Verdict.UNSTABLE, Verdict.ERROR)]
    assert (undecided, report.broken, report.exit_status) == ([], [], 0)
    assert "answered 429" in " ".join(report.remarks)


def test_a_server_that_asks_to_wait_for_an_hour_is_not_waited_for(
    front: StartFront, judge: Judge
) -> None:
    def busy(request: Request, response: Response) -> Response:
        limited = "format=csv" in request.target
        return Response(429, {}, {"Retry-After": "3600"}) if limited else response

    report = judge(front(busy).url, Settings(profile="quick", only={"FORMAT-01", "LIST-01"}))
    verdicts = {result.id: result.verdict for result in report.results}
    assert verdicts["FORMAT-01"] is Verdict.UNSTABLE
    assert report.exit_status == 3


class Counting:
    """Counts the requests that are answered at the same time, each of which takes a moment."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0

    def __call__(self, _: Request, response: Response) -> Response:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.02)
        with self.lock:
            self.now -= 1
        return response


def test_as_many_requests_as_allowed_are_on_their_way(front: StartFront, judge: Judge) -> None:
    for allowed in (1, 3):
        counting = Counting()
        settings = Settings(profile="quick", concurrency=allowed, only={"AUTH", "LIFE-03"})
        judge(front(counting).url, settings)
        assert counting.most == allowed


def test_a_rate_limit_is_kept(front: StartFront, judge: Judge) -> None:
    site = front()
    report = judge(site.url, Settings(profile="quick", rate_limit=20, only={"AUTH-01"}))
    assert report.seconds >= (len(site.requests) - 2) / 20
