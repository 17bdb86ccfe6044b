"""Reads the fifty jobs through an engine of distributed data: ENGINE URL, in a process of its own.

Each engine calls the same function for each job, so that only the engines differ.
"""

import io
import json
import sys
import time
from functools import partial

JOBS = [f"part-{number:02d}" for number in range(50)]
ROUNDS = 3


def fetch(url: str, job_id: str):
    """Return the results of a job as an Arrow table, with nothing but libraries."""
    import httpx
    import pyarrow.parquet as pq

    headers = {"Authorization": "Key benchmark-key"}
    with httpx.Client(base_url=f"{url}/v1", headers=headers, verify=False) as http:  # noqa: S501
        response = http.get(f"/jobs/{job_id}/results", params={"format": "parquet"})
        return pq.read_table(io.BytesIO(response.content))


def ray_rows(url: str):
    import ray
    from ray.data import Datasource
    from ray.data.block import BlockMetadata
    from ray.data.datasource import ReadTask

    class Source(Datasource):
        def estimate_inmemory_data_size(self):
            return None

        def get_read_tasks(self, parallelism, per_task_row_limit=None, data_context=None):
            unknown = BlockMetadata(None, None, input_files=None, exec_stats=None)
            return [ReadTask(partial(read, url, job_id), unknown) for job_id in JOBS]

    def read(url, job_id):
        yield fetch(url, job_id)

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    ray.data.DataContext.get_current().enable_progress_bars = False
    ray.cloudpickle.register_pickle_by_value(sys.modules["__main__"])

    def rows() -> int:
        dataset = ray.data.read_datasource(Source())
        tables = dataset.iter_batches(batch_format="pyarrow", batch_size=None)
        return sum(table.num_rows for table in tables)

    return rows


def dask_frame(job_id: str, url: str):
    return fetch(url, job_id).to_pandas()


def dask_rows(url: str):
    import dask.dataframe as dd
    import pandas as pd
    from distributed import Client, LocalCluster

    Client(LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None))
    meta = pd.DataFrame({"outputs": pd.Series(dtype="str")})
    return lambda: len(dd.from_map(dask_frame, JOBS, url=url, meta=meta).compute())


def daft_rows(url: str):
    import daft
    import pyarrow as pa
    from daft.io.source import DataSource, DataSourceTask
    from daft.recordbatch import MicroPartition

    columns = daft.Schema.from_pyarrow_schema(pa.schema([("outputs", pa.large_string())]))

    class Task(DataSourceTask):
        schema = columns

        def __init__(self, job_id: str) -> None:
            self.job_id = job_id

        def get_micro_partitions(self):
            yield MicroPartition.from_arrow(fetch(url, self.job_id))

    class Source(DataSource):
        name = "jobs"
        schema = columns

        def get_tasks(self, pushdowns):
            return iter([Task(job_id) for job_id in JOBS])

    return lambda: len(Source().read().to_arrow())


def main() -> None:
    """Print what each round took; the first one starts workers and imports libraries."""
    engine, url = sys.argv[1:]
    began = time.perf_counter()
    rows = {"ray": ray_rows, "dask": dask_rows, "daft": daft_rows}[engine](url)
    seconds = [time.perf_counter() - began]
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert rows() == 1_000_000
        seconds.append(time.perf_counter() - began)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
