"""Results of many jobs as a distributed data set, on a real cluster of Ray with two workers."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from sutro_jobs import Sutro

ray = pytest.importorskip("ray", reason="needs the extra 'ray': make test-distributed")
pytest.importorskip("ray.data")

from sutro_jobs.distributed import JobResults  # noqa: E402
from tests.support.reference_server import Server, reference_server  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

KEY = "distributed-key-5f1d"
JOBS, ROWS = 50, 20_000
JOB_IDS = [f"part-{number:02d}" for number in range(JOBS)]
COMMAND = str(Path(sys.executable).with_name("sutro-jobs"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A reference server with fifty jobs of 20,000 rows, whose answers take a while."""
    folder = tmp_path_factory.mktemp("distributed")

    def add(number: int) -> None:
        rows = pl.int_range(ROWS, eager=True)
        frame = pl.select(
            row=rows,
            input=pl.format("input {} of {}", rows, number),
            output=pl.format("output {} of {}", rows, number),
            logprob=rows / -7,
        )
        frame.write_parquet(folder / f"{number}.parquet")
        described = ["--input", "input", "--logprob", "logprob", "--id", "row"]
        store = ["--data", str(folder / "store"), "--tenant", "many", "--job-id", JOB_IDS[number]]
        command = [COMMAND, "import", str(folder / f"{number}.parquet"), *described, *store]
        subprocess.run(command, check=True, capture_output=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, range(JOBS)))
    faults = ["--fault", "latency=0.1@results"]
    with reference_server(folder / "store", "--api-key", f"many={KEY}", *faults) as running:
        yield running


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A local cluster; gives the folder of its session."""
    folder = tempfile.mkdtemp(prefix="ray-")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, _temp_dir=folder)
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    yield Path(folder)
    ray.shutdown()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Sutro]:
    with Sutro(api_url=server.url, api_key=KEY) as client:
        yield client


@pytest.fixture(scope="module")
def one_after_the_other(client: Sutro) -> pl.DataFrame:
    """What a single machine reads, job by job."""
    frames = [
        client.get_job_results(job_id, disable_cache=True).select(
            pl.lit(job_id).alias("job_id"), pl.all()
        )
        for job_id in JOB_IDS
    ]
    return pl.concat(frames)


def tables(dataset: Any) -> Iterator[pa.Table]:
    yield from dataset.iter_batches(batch_format="pyarrow", batch_size=None)


def collected(dataset: Any) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(table) for table in tables(dataset)])


def with_process(table: pa.Table) -> pa.Table:
    return table.append_column("process", pa.repeat(os.getpid(), table.num_rows))


def requests_since(server: Server, start: int) -> list[str]:
    lines = server.log.read_text().splitlines()[start:]
    return [line for line in lines if "/results" in line]


def test_every_row_of_every_job_arrives_as_one_machine_reads_it(
    cluster: Path, client: Sutro, one_after_the_other: pl.DataFrame
) -> None:
    dataset = ray.data.read_datasource(JobResults(JOB_IDS, client=client))

    assert collected(dataset).equals(one_after_the_other)
    assert one_after_the_other.height == JOBS * ROWS


def test_a_worker_killed_half_way_loses_no_row(
    cluster: Path, client: Sutro, one_after_the_other: pl.DataFrame
) -> None:
    source = JobResults(JOB_IDS, client=client)
    dataset = ray.data.read_datasource(source).map_batches(with_process, batch_format="pyarrow")
    found: list[pl.DataFrame] = []
    killed = None
    for table in tables(dataset):
        found.append(pl.DataFrame(table))
        if killed is None and len(found) >= JOBS // 5:
            killed = found[-1]["process"][-1]
            os.kill(killed, signal.SIGKILL)

    rows = pl.concat(found)
    assert killed is not None
    assert rows["process"].n_unique() > 2, "another worker has taken over"
    assert rows.drop("process").equals(one_after_the_other)


def test_columns_that_nobody_selects_are_not_requested(
    cluster: Path, client: Sutro, server: Server
) -> None:
    source = JobResults(
        JOB_IDS[:2], client=client, include_inputs=True, include_cumulative_logprobs=True
    )
    before = len(server.log.read_text().splitlines())
    dataset = ray.data.read_datasource(source).select_columns(["job_id", "inference_result"])

    assert collected(dataset).columns == ["job_id", "inference_result"]
    asked = requests_since(server, before)
    assert asked
    assert not any("include_inputs=true" in line for line in asked), asked


def test_columns_that_are_selected_are_requested(
    cluster: Path, client: Sutro, server: Server
) -> None:
    source = JobResults(JOB_IDS[:1], client=client, include_inputs=True)

    frame = collected(ray.data.read_datasource(source))

    assert frame.columns == ["job_id", "inputs", "row", "inference_result"]
    assert frame["inputs"][7] == "input 7 of 0"


def test_rows_can_be_counted(cluster: Path, client: Sutro) -> None:
    dataset = ray.data.read_datasource(JobResults(JOB_IDS[:3], client=client))

    assert dataset.count() == 3 * ROWS


def test_a_column_that_there_is_not_is_an_error_that_names_the_others(
    cluster: Path, client: Sutro
) -> None:
    dataset = ray.data.read_datasource(JobResults(JOB_IDS[:1], client=client))

    with pytest.raises(Exception, match="lack the columns \\['nothing'\\] among"):
        collected(dataset.select_columns(["nothing"]))


def test_the_key_is_in_no_task_and_in_no_file_of_the_cluster(cluster: Path, client: Sutro) -> None:
    source = JobResults(JOB_IDS[:2], client=client)
    dataset = ray.data.read_datasource(source)
    collected(dataset)
    time.sleep(1)

    tasks = source.get_read_tasks(2)
    assert KEY not in repr([vars(task) for task in tasks]) + repr(vars(source))
    assert all(KEY.encode() not in ray.cloudpickle.dumps(task) for task in tasks)
    assert KEY not in dataset.stats() + repr(dataset)
    files = [path for path in cluster.rglob("*") if path.is_file() and path.suffix != ".sock"]
    assert any("job" in path.name or path.suffix == ".log" for path in files)
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []
