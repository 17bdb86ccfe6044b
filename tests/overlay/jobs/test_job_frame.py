"""`list_jobs().to_polars()` and `.to_pandas()`."""

from datetime import UTC, datetime

import pandas as pd
import polars as pl
import pytest

from sutro_jobs import UnexpectedShapeError
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.scripted_server import Response, Script

SCHEMA = {
    "job_id": pl.String,
    "status": pl.String,
    "model": pl.String,
    "name": pl.String,
    "description": pl.String,
    "num_rows": pl.Int64,
    "datetime_created": pl.Datetime("us", "UTC"),
    "datetime_started": pl.Datetime("us", "UTC"),
    "datetime_completed": pl.Datetime("us", "UTC"),
    "input_tokens": pl.Int64,
    "output_tokens": pl.Int64,
    "job_cost": pl.Float64,
    "cost_estimate": pl.Float64,
    "job_priority": pl.Int64,
    "dataset_id": pl.String,
    "run_type": pl.String,
    "system_prompt": pl.String,
    "json_schema": pl.String,
    "sampling_params": pl.String,
    "failure_reason": pl.String,
}


def test_the_frame_holds_what_the_jobs_hold(server: Server, connect: Connect) -> None:
    client = connect(server.url)
    jobs = list(client.list_jobs())
    frame = client.list_jobs().to_polars()
    assert frame.schema == SCHEMA
    for name in set(SCHEMA) - {"json_schema", "sampling_params", "failure_reason"}:
        assert frame[name].to_list() == [getattr(job, name) for job in jobs], name
    assert frame["sampling_params"].str.json_decode(
        pl.Struct({"temperature": pl.Float64})
    ).struct.field("temperature").to_list() == [
        (job.sampling_params or {})["temperature"] for job in jobs
    ]


def test_no_jobs_give_the_same_columns(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response(body={"message": "", "jobs": []}))
    frame = connect(site.url).list_jobs().to_polars()
    assert frame.schema == SCHEMA
    assert frame.is_empty()


def test_jobs_that_lack_fields_give_the_same_columns(script: Script, connect: Connect) -> None:
    site = script(
        lambda _: Response(body={"message": "", "jobs": [{"job_id": "j", "status": "running"}]})
    )
    frame = connect(site.url).list_jobs().to_polars()
    assert frame.schema == SCHEMA
    assert frame["status"].to_list() == ["RUNNING"]
    assert frame["sampling_params"].to_list() == [None]


def test_times_of_every_form_are_in_utc(script: Script, connect: Connect) -> None:
    texts = [
        "2024-01-15T10:30:00Z",
        "2024-01-15T12:30:00.5+02:00",
        "2024-01-15T10:30:00",
        "2024-01-15 10:30:00.25",
        None,
    ]
    jobs = [
        {"job_id": str(n), "status": "x", "datetime_created": text} for n, text in enumerate(texts)
    ]
    site = script(lambda _: Response(body={"message": "", "jobs": jobs}))
    moment = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    assert connect(site.url).list_jobs().to_polars()["datetime_created"].to_list() == [
        moment,
        moment.replace(microsecond=500_000),
        moment,
        moment.replace(microsecond=250_000),
        None,
    ]


def test_a_text_that_is_no_time_is_an_error(script: Script, connect: Connect) -> None:
    jobs = [{"job_id": "j", "status": "x", "datetime_created": "yesterday"}]
    site = script(lambda _: Response(body={"message": "", "jobs": jobs}))
    with pytest.raises(UnexpectedShapeError, match="yesterday"):
        connect(site.url).list_jobs().to_polars()


def test_many_jobs_keep_their_order(script: Script, connect: Connect) -> None:
    jobs = [{"job_id": str(n), "status": "x"} for n in range(25_000)]
    site = script(lambda _: Response(body={"message": "", "jobs": jobs}))
    frame = connect(site.url).list_jobs(page_size=None).to_polars()
    assert frame["job_id"].to_list() == [str(n) for n in range(25_000)]


def test_pandas_gets_the_same_columns(server: Server, connect: Connect) -> None:
    frame = connect(server.url).list_jobs(5).to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == list(SCHEMA)
    assert str(frame["datetime_created"].dt.tz) == "UTC"
