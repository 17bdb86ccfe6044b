"""The wheel of the generated client, alone."""

from importlib.util import find_spec

from sutro_jobs_api import AuthenticatedClient
from sutro_jobs_api.api.companions import get_job
from sutro_jobs_api.api.jobs import list_jobs
from sutro_jobs_api.models import JobList


def test_it_brings_none_of_the_clients_packages() -> None:
    others = ["sutro_jobs", "sutro_contract", "polars", "msgspec", "narwhals", "yaml"]
    assert [name for name in others if find_spec(name)] == []


def test_it_lists_jobs(api_url: str) -> None:
    with AuthenticatedClient(base_url=api_url, token="wheel-key", prefix="Key") as client:
        page = list_jobs.sync(client=client, limit=1)
    assert isinstance(page, JobList)
    assert len(page.jobs) == 1


def test_it_has_every_operation() -> None:
    assert callable(get_job.sync)
