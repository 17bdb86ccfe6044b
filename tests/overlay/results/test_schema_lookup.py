"""Looking up the JSON Schema of a job while its results are on their way."""

import threading

import pytest

from sutro_jobs._results import schema_lookup
from tests.support.clients import Connect
from tests.support.results import JOB, results_handler
from tests.support.scripted_server import Reply, Request, Script
from tests.support.waiting import PATIENCE

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}


def test_a_lookup_does_not_wait_for_results(
    script: Script, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema_lookup, "_HEAD_START", 0.0)
    answer = results_handler({"outputs": ['{"a": 1}']}, SCHEMA, None)
    looked_up = threading.Event()

    def handle(request: Request) -> Reply:
        if request.path == f"/v1/jobs/{JOB}":
            looked_up.set()
        elif not looked_up.wait(PATIENCE):
            raise TimeoutError("The lookup waits for the results.")
        return answer(request)

    site = script(handle)
    assert connect(site.url).get_job_results(JOB).to_dict(as_series=False) == {"a": [1]}
    assert len(site.requests) == 2


def test_plain_results_from_nearby_are_one_request(script: Script, connect: Connect) -> None:
    site = script(results_handler({"outputs": ["text"]}, None, None))
    connect(site.url).get_job_results(JOB)
    assert len(site.requests) == 1
