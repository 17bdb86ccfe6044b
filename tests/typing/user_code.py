"""What users write, for the type checkers: `make types` reads it, nothing runs it."""

from typing import assert_type

import pandas as pd
import polars as pl

from sutro_jobs import AsyncSutro, Job, Sutro


def frames(client: Sutro, original: pd.DataFrame) -> None:
    assert_type(client.get_job_results("job"), pl.DataFrame)
    assert_type(client.get_job_results("job", with_original_df=original), pd.DataFrame)
    assert_type(client.get_job_results("job", True, False, original, "label"), pd.DataFrame)
    assert_type(client.scan_job_results("job"), pl.LazyFrame)
    assert_type(client.list_jobs().to_polars(), pl.DataFrame)


def jobs(client: Sutro) -> list[Job]:
    for page in client.list_jobs().pages():
        for job in page:
            assert_type(job, Job)
            assert_type(job.num_rows, int | None)
    return client.list_jobs(limit=3).to_list()


async def asynchronous(client: AsyncSutro) -> None:
    async for job in client.list_jobs():
        assert_type(job, Job)
    assert_type(await client.get_job_results("job"), pl.DataFrame)
