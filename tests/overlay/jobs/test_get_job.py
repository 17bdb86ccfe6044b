"""`get_job`: by its route, and from the list of servers that lack it."""

import pytest

from sutro_jobs import AuthenticationError, NotFoundError, ServerError, Sutro, UnexpectedShapeError
from tests.support.clients import Connect
from tests.support.reference_server import Server, StartServer
from tests.support.scripted_server import Reply, Request, Response, Script

EDITIONS = ["e1", "e2", "e3"]
JOB = {"job_id": "job-1", "status": "SUCCEEDED", "name": "one", "surprise": [1]}
UNKNOWN = Response(404, {"detail": "Job not found"})


def without_route(request: Request) -> Reply:
    """Answer as a server that lacks the route for one job and has `job-1`."""
    if request.path == "/v1/job-status/job-1":
        return Response(body={"message": "", "job_status": {"job-1": "SUCCEEDED"}})
    if request.path == "/v1/list-jobs":
        return Response(body={"jobs": [JOB], "next_cursor": None})
    return UNKNOWN


def test_a_job_is_as_in_the_list(server: Server, connect: Connect) -> None:
    client = connect(server.url)
    listed = client.list_jobs(page_size=100).first()
    assert listed is not None
    job = client.get_job(listed.job_id)
    assert job == listed
    assert job.to_dict() == listed.to_dict()


@pytest.mark.parametrize("companions", [True, False])
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_gives_a_job(
    start_server: StartServer, edition: str, companions: bool
) -> None:
    options = [] if companions else ["--no-companions"]
    site = start_server("--demo", "--edition", edition, *options)
    with Sutro(api_url=site.url, api_key=site.key) as client:
        for _ in range(2):
            assert client.get_job("job-films-countries").job_id == "job-films-countries"
        with pytest.raises(NotFoundError):
            client.get_job("job-of-nobody")


def test_a_server_that_lacks_the_route_is_asked_for_it_once(
    script: Script, connect: Connect
) -> None:
    site = script(without_route)
    client = connect(site.url)
    job = client.get_job("job-1")
    assert (job.name, job.extra) == ("one", {"surprise": [1]})
    assert site.targets == ["/v1/jobs/job-1", "/v1/job-status/job-1", "/v1/list-jobs"]
    del site.requests[:]
    assert client.with_options(max_retries=0).get_job("job-1") == job
    assert site.targets == ["/v1/list-jobs"]


def test_an_unknown_job_does_not_make_a_route_missing(script: Script, connect: Connect) -> None:
    site = script(without_route)
    client = connect(site.url)
    for _ in range(2):
        with pytest.raises(NotFoundError):
            client.get_job("job-2")
    assert site.targets == ["/v1/jobs/job-2", "/v1/job-status/job-2"] * 2


def test_a_job_that_the_list_lacks_is_not_found(script: Script, connect: Connect) -> None:
    def answer(request: Request) -> Reply:
        found = request.path == "/v1/list-jobs"
        return Response(body={"jobs": []}) if found else without_route(request)

    with pytest.raises(NotFoundError, match="not in the list"):
        connect(script(answer).url).get_job("job-1")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Response(401, {"detail": "Invalid API key"}), AuthenticationError),
        (Response(500, b"oops"), ServerError),
        (Response(body={"job": None}), UnexpectedShapeError),
        (Response(body={"job": {"job_id": 1}}), UnexpectedShapeError),
        (Response(body={}), UnexpectedShapeError),
    ],
)
def test_what_fails_is_a_typed_error(
    script: Script, connect: Connect, reply: Response, error: type[Exception]
) -> None:
    site = script([reply])
    with pytest.raises(error):
        connect(site.url, max_retries=0).get_job("job-1")
    assert site.targets == ["/v1/jobs/job-1"]
