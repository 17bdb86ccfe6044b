"""Makes jobs out of rows: their results file and the job beside it, at once or not at all."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import attrs
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import ImportFileError, ParameterError
from ..store.store import Store
from .batches import RowBatch
from .job_spec import JobSpec, Totals, new_job

# Readers take row groups whole: large enough to be read fast, small enough to be held in memory.
_GROUP_ROWS, _GROUP_BYTES = 131_072, 32 << 20


def import_rows(
    store: Store,
    tenant: str,
    spec: JobSpec,
    rows: Iterable[RowBatch],
    progress: Callable[[float], object] = lambda share: None,
) -> str:
    """Store rows as a job of a tenant and return its ID.

    `progress` is called with the share of the rows that is done.

    Raises:
        ImportFileError: The rows cannot be read; then nothing is stored.
        ParameterError: The tenant has a job of that ID already, or the rows have a column of that
            name; then nothing is stored.
        StoreError: The store cannot be written.
    """
    number = store.tenants.ensure(tenant)
    job_id = spec.job_id or f"job-{uuid.uuid4()}"
    with store.results.incoming() as part:
        totals = _write(part, job_id, rows, progress)
        with store.database.write():
            job = new_job(spec, job_id, totals, store.clock.now())
            job = attrs.evolve(job, results_id=store.results.adopt(part))
            if not store.jobs.add(number, [job]):
                raise ParameterError(
                    "job_id", f"Tenant '{tenant}' has a job '{job_id}' already. Give another ID."
                )
    return job_id


def _write(
    part: Path, job_id: str, rows: Iterable[RowBatch], progress: Callable[[float], object]
) -> Totals:
    totals = Totals()
    writer: pq.ParquetWriter | None = None
    try:
        for group in _row_groups(rows, progress):
            _check_names(group, job_id)
            writer = writer or pq.ParquetWriter(part, group.schema, compression="snappy")
            writer.write_table(group)
            totals = totals.plus(group)
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise ImportFileError("There are no rows to import.")
    return totals


def _check_names(group: pa.Table, job_id: str) -> None:
    # The CSV names the outputs after the job.
    if job_id in group.schema.names:
        raise ParameterError("job_id", f"The rows have a column '{job_id}' already.")


def _row_groups(
    rows: Iterable[RowBatch], progress: Callable[[float], object]
) -> Iterator[pa.Table]:
    """Yield rows in tables large enough to read fast and small enough to hold."""
    pending: list[pa.RecordBatch] = []
    for batch in rows:
        pending.append(batch.rows)
        progress(batch.share)
        size = sum(part.nbytes for part in pending)
        if size >= _GROUP_BYTES or sum(part.num_rows for part in pending) >= _GROUP_ROWS:
            yield pa.Table.from_batches(pending)
            pending = []
    if pending:
        yield pa.Table.from_batches(pending)
