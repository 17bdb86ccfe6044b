"""`cancel_job`."""

import pytest

from sutro_jobs import NotFoundError
from tests.support.clients import Connect
from tests.support.reference_server import Server, StartServer
from tests.support.scripted_server import Request, Response, Script


def test_a_running_job_is_cancelled(start_server: StartServer, connect: Connect) -> None:
    client = connect(start_server("--demo").url)
    answer = client.cancel_job("job-films-running")
    assert answer.cancelled
    assert "job-films-running" in answer.message
    assert client.get_job_status("job-films-running") in {"CANCELLING", "CANCELLED"}


def test_a_job_that_has_ended_stays_as_it_is(server: Server, connect: Connect) -> None:
    client = connect(server.url)
    client.cancel_job("job-films-failed")
    assert client.get_job_status("job-films-failed") == "FAILED"


def test_an_older_edition_gets_the_post_form(older: str, connect: Connect) -> None:
    assert connect(older).cancel_job("job-films-original-titles").cancelled is False


def test_the_post_form_is_tried_only_where_get_is_refused(script: Script, connect: Connect) -> None:
    def cancel(request: Request) -> Response:
        if request.method == "GET":
            return Response(405, {"detail": "Method Not Allowed"})
        return Response(body={"cancelled": True, "message": "Cancelling."})

    site = script(cancel)
    assert connect(site.url).cancel_job("job-1").cancelled
    assert [request.method for request in site.requests] == ["GET", "POST"]


def test_a_missing_job_is_not_found(server: Server, connect: Connect) -> None:
    with pytest.raises(NotFoundError):
        connect(server.url).cancel_job("no-such-job")
