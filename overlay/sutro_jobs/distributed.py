"""Results of many jobs as one distributed data set, for more rows than one machine can hold.

A source for Ray Data; needs `pip install 'sutro-jobs[ray]'` on all machines of the cluster.

>>> import ray
>>> from sutro_jobs.distributed import JobResults
>>> dataset = ray.data.read_datasource(JobResults(["job_1", "job_2"]))
"""

# Ray is not installed where types are checked.
# pyright: basic, reportMissingImports=false
from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import ray
from attrs import evolve, frozen
from ray.data import Datasource
from ray.data.block import BlockMetadata
from ray.data.datasource import ReadTask

from ._client.sutro import Sutro
from ._configuration.validators import check
from ._errors import ArgumentError
from ._results import ResultsOptions
from ._results.columns import INPUTS, LOGPROBS, recognize, refuse_clash

# Rows of a batch: with prompts and outputs of some kilobytes, a few hundred megabytes at most.
_ROWS = 50_000


class JobResults(Datasource):  # type: ignore[misc]
    """Results of jobs, one task a job: each worker downloads those of its own tasks.

    The data set has the columns of `Sutro.get_job_results`, with outputs packed, after the ID of
    the job. Rows of a job keep their order; so do jobs if the context of Ray Data has
    `execution_options.preserve_order`. Unselected columns are not read, and unselected inputs and
    log-probabilities are not requested.

    The client retries transient errors, and Ray retries the tasks of workers that die. The key is
    in Ray's object store only, not in tasks or their metadata.

    Args:
        job_ids: Jobs that have succeeded.
        client: Configuration of the clients that workers make; `Sutro()` by default.
        include_inputs: Whether to add the column `inputs`.
        include_cumulative_logprobs: Whether to add the column `cumulative_logprobs`.
        output_column: Name of the column of outputs.
        job_id_column: Name of the column of job IDs.

    Raises:
        ArgumentError: an argument is of another type.
        ConfigurationError: no client was passed, and none is configured.
    """

    def __init__(
        self,
        job_ids: Iterable[str],
        *,
        client: Sutro | None = None,
        include_inputs: bool = False,
        include_cumulative_logprobs: bool = False,
        output_column: str = "inference_result",
        job_id_column: str = "job_id",
    ) -> None:
        super().__init__()
        # A str is an iterable of strs, too: its letters would be asked for one by one.
        check("job_ids", job_ids, lambda value: not isinstance(value, str), "several IDs")
        check("job_id_column", job_id_column, lambda value: isinstance(value, str), "a str")
        self._projection_map: dict[str, str] | None = None
        self._job_ids = list(job_ids)
        self._job_id_column = job_id_column
        self._client = ray.put(client or Sutro())
        self._options = ResultsOptions(
            include_inputs=include_inputs,
            include_cumulative_logprobs=include_cumulative_logprobs,
            output_column=output_column,
            unpack_json=False,
        )

    def supports_projection_pushdown(self) -> bool:
        """Tell Ray Data that it may choose columns by `apply_projection`."""
        return True

    def estimate_inmemory_data_size(self) -> int | None:
        """Return None: no size is known before results are downloaded."""
        return None

    def get_read_tasks(
        self, parallelism: int, per_task_row_limit: int | None = None, data_context: Any = None
    ) -> list[ReadTask]:
        """Return a task for each job, whatever parallelism Ray Data has in mind."""
        columns = None if self._projection_map is None else tuple(self._projection_map)
        unknown = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
        return [
            ReadTask(
                _Read(self._client, job_id, self._options, self._job_id_column, columns),
                unknown,
                per_task_row_limit=per_task_row_limit,
            )
            for job_id in self._job_ids
        ]


@frozen
class _Read:
    """Reads the results of one job, in a worker; all columns if `columns` is None."""

    client: ray.ObjectRef[Sutro]
    job_id: str
    options: ResultsOptions
    job_id_column: str
    columns: tuple[str, ...] | None

    def __call__(self) -> Iterator[pa.Table]:
        options = self.options if self.columns is None else _without_unselected(self)
        with TemporaryDirectory(prefix="sutro-jobs-") as folder:
            path = _client(self.client).download_job_results(
                self.job_id,
                Path(folder) / "results.parquet",
                include_inputs=options.include_inputs,
                include_cumulative_logprobs=options.include_cumulative_logprobs,
            )
            with pq.ParquetFile(path) as file:
                present = recognize(file.schema_arrow.names, self.job_id).named(options)
                yield from self._tables(file, present)

    def _tables(self, file: pq.ParquetFile, present: dict[str, str]) -> Iterator[pa.Table]:
        """Yield the selected columns in batches; without any, the ID, which counts the rows."""
        refuse_clash(present.values(), [self.job_id_column], "Choose another job_id_column.")
        every = [self.job_id_column, *present.values()]
        order = every if self.columns is None else list(self.columns) or every[:1]
        if unknown := set(order) - set(every):
            raise ArgumentError(
                f"The results of {self.job_id} lack the columns {sorted(unknown)} among {every}."
            )
        read = {wire: name for wire, name in present.items() if name in order}
        parts = file.iter_batches(_ROWS, columns=[*read])
        for part in parts if file.metadata.num_rows else [file.read([*read])]:
            columns: dict[str, Any] = {name: part.column(wire) for wire, name in read.items()}
            columns[self.job_id_column] = pa.repeat(self.job_id, part.num_rows)
            yield pa.table({name: columns[name] for name in order})


def _without_unselected(read: _Read) -> ResultsOptions:
    columns, options = read.columns or (), read.options
    return evolve(
        options,
        include_inputs=options.include_inputs and INPUTS in columns,
        include_cumulative_logprobs=options.include_cumulative_logprobs and LOGPROBS in columns,
    )


@lru_cache(maxsize=8)
def _client(client: ray.ObjectRef[Sutro]) -> Sutro:
    """Return the client of this worker, so that all of its tasks share connections."""
    own: Sutro = ray.get(client)
    return own
