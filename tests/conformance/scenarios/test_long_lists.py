"""Accounts of many jobs: their whole list is read a few times, and everything is judged."""

from threading import Lock

from sutro_conformance import Report, Settings, Target, verify
from tests.mutants import accounts
from tests.mutants.messages import Request, Response
from tests.mutants.server import Server

JOBS = 2_000
# The first reading, one around the walks, those of cursors, of cancellations and at the end.
MOST_READINGS = 8


class Long(Server):
    """A right server with a long list, which counts how often all of it is read."""

    account = staticmethod(
        lambda: (
            accounts.everything()
            + [accounts.make(n, "FAILED", minutes=-n, failure_reason={}) for n in range(100, JOBS)]
        )
    )

    def __init__(self) -> None:
        super().__init__()
        self.lock = Lock()
        self.readings = 0
        self.statuses: set[str] = set()
        self.pages: set[str] = set()

    def job_status(self, request: Request, tenant: str, job_id: str) -> Response:
        self.statuses.add(job_id)
        return super().job_status(request, tenant, job_id)

    def list_jobs(self, request: Request, tenant: str) -> Response:
        response = super().list_jobs(request, tenant)
        if request.parameter("limit") is None:
            with self.lock:
                self.readings += tenant == "first"
        else:
            self.pages |= {job["job_id"] for job in response.json["jobs"]}
        return response


def judge(server: Long, profile: str) -> Report:
    keys = {"api_key": accounts.KEY, "second_api_key": accounts.SECOND_KEY}
    return verify(Target(app=server, **keys, allow_cancel_any=True), Settings(profile=profile))


def test_a_long_list_is_read_whole_a_few_times() -> None:
    server = Long()
    report = judge(server, "quick")
    assert [result.id for result in report.broken] == []
    assert report.judged_share == 1
    assert server.readings <= MOST_READINGS


def test_a_long_list_is_paged_to_its_end_and_many_statuses_are_read_in_full() -> None:
    server = Long()
    report = judge(server, "full")
    assert [result.id for result in report.broken] == []
    assert server.readings <= MOST_READINGS
    own = {job.job_id for job in server.jobs if job.tenant == "first"}
    assert own <= server.pages
    assert len(server.statuses) > 90
