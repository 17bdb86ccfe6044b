"""`Job`: what a list shows of a job."""

import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sutro_jobs import Job, JobStatus, UnexpectedShapeError
from sutro_jobs import Sutro as Client
from tests.support.scripted_server import Response, Script

SEED = {
    "model": "llama-3.1-8b",
    "system_prompt": "You are a helpful assistant.",
    "job_priority": 1,
    "status": "succeeded",
    "datetime_created": "2024-01-15T10:30:00Z",
    "datetime_started": "2024-01-15T10:30:15Z",
    "datetime_completed": "2024-01-15T10:32:15Z",
    "json_schema": None,
    "sampling_params": {"temperature": 0.7, "top_p": 0.95, "max_tokens": 2048},
    "name": "Customer Support Batch",
    "description": "Processing customer inquiries",
    "dataset_id": "dataset_abc123",
    "input_tokens": 15420,
    "output_tokens": 8230,
    "job_cost": 0.0234,
    "num_rows": 50,
    "failure_reason": None,
    "cost_estimate": 0.025,
    "run_type": "FULL",
    "job_id": "batch_job_12345",
}
ListJob = Callable[[dict[str, Any]], Job]


@pytest.fixture
def listed(script: Script) -> ListJob:
    """List one job that a server sends."""

    def read(fields: dict[str, Any]) -> Job:
        site = script(lambda _: Response(body={"jobs": [fields], "next_cursor": None}))
        with Client(api_url=site.url, api_key="k") as client:
            job = client.list_jobs().first()
        assert job is not None
        return job

    return read


def test_the_documented_job_has_typed_fields(listed: ListJob) -> None:
    job = listed(SEED)
    assert job.status is JobStatus.SUCCEEDED
    assert job.num_rows == 50
    assert job.job_cost == 0.0234
    assert job.sampling_params is not None
    assert job.sampling_params["temperature"] == 0.7
    assert job.datetime_created == datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    assert job.json_schema is None
    assert job.extra == {}


@pytest.mark.parametrize("name", sorted(SEED))
def test_every_documented_field_is_an_attribute(listed: ListJob, name: str) -> None:
    value = getattr(listed(SEED), name)
    assert (value is None) == (SEED[name] is None)


def test_fields_that_are_not_known_are_kept(listed: ListJob) -> None:
    job = listed(SEED | {"priority": 3, "nested": {"a": [1]}})
    assert job.extra == {"priority": 3, "nested": {"a": [1]}}


def test_a_job_of_the_first_edition_lacks_most_fields(listed: ListJob) -> None:
    job = listed({"job_id": "j", "status": "running", "created_at": "2025-01-01T00:00:00Z"})
    assert job.num_rows is None
    assert job.sampling_params is None
    assert job.extra["created_at"] == "2025-01-01T00:00:00Z"


def test_a_failed_job_says_why(listed: ListJob) -> None:
    job = listed(SEED | {"status": "FAILED", "failure_reason": {"message": "No GPU."}})
    assert job.failure_reason == {"message": "No GPU."}


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2024-01-15T10:30:00Z", 10),
        ("2024-01-15T10:30:00.123456", 10),
        ("2024-01-15T10:30:00+02:00", 8),
        ("2024-01-15 10:30:00", 10),
    ],
)
def test_times_are_in_utc(listed: ListJob, text: str, hour: int) -> None:
    created = listed(SEED | {"datetime_created": text}).datetime_created
    assert created is not None
    assert created.tzinfo is UTC
    assert created.hour == hour


def test_a_time_that_is_none_is_an_error_where_it_is_read(listed: ListJob) -> None:
    job = listed(SEED | {"datetime_created": "yesterday"})
    assert job.num_rows == 50
    with pytest.raises(UnexpectedShapeError, match="yesterday"):
        _ = job.datetime_created


def test_a_job_is_what_the_server_sent(listed: ListJob) -> None:
    assert listed(SEED).to_dict() == SEED


def test_jobs_survive_pickling(listed: ListJob) -> None:
    job = listed(SEED | {"new": 1})
    copy = pickle.loads(pickle.dumps(job))
    assert copy == job
    assert copy.extra == {"new": 1}


def test_equal_jobs_of_two_lists_are_equal_and_hash_alike(listed: ListJob) -> None:
    assert len({listed(SEED), listed(SEED)}) == 1
    assert listed(SEED) != listed(SEED | {"name": "Another"})


def test_the_repr_is_short_and_names_the_job(listed: ListJob) -> None:
    shown = repr(listed(SEED | {"system_prompt": "long " * 1000}))
    assert "batch_job_12345" in shown
    assert len(shown) < 300


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text().filter(lambda name: name not in SEED), JSON))
def test_any_other_fields_come_through_unchanged(extra: dict[str, Any]) -> None:
    import json

    job = Job.from_json(json.dumps(SEED | extra).encode())
    assert job.extra == extra
    assert job.num_rows == 50


@given(st.text(min_size=1))
def test_any_text_is_a_status(text: str) -> None:
    status = JobStatus(text)
    assert status in {text, text.upper()}
    assert hash(status) == hash(str(status.value))
