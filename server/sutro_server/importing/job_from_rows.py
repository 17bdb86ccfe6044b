"""Makes jobs out of rows: their results file and the job beside it, at once or not at all."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..errors import ImportFileError
from ..store import lifecycle as states
from ..store.jobs import NewJob
from ..store.lifecycle import Timeline
from ..store.render import INPUTS, OUTPUTS
from ..store.store import Store
from ..times import SECOND, to_text
from .rows import Portion

STATUSES = ("QUEUED", "STARTING", "RUNNING", "SUCCEEDED", "CANCELLING", "CANCELLED", "FAILED")
UNFINISHED = STATUSES[:3]

_CHARACTERS_PER_TOKEN = 4
_USD_PER_INPUT_TOKEN, _USD_PER_OUTPUT_TOKEN = 0.1e-6, 0.4e-6
_GROUP_ROWS, _GROUP_BYTES = 131_072, 32 << 20
_WAIT, _PER_ROW = 5 * SECOND, SECOND // 100


class JobSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a job is to look like.

    Times are microseconds: `created` since 1970, `finish_after` from now.
    """

    job_id: str | None = None
    name: str | None = None
    description: str | None = None
    model: str = "qwen-3-14b"
    system_prompt: str | None = None
    job_priority: int = 0
    json_schema: dict[str, Any] | None = None
    sampling_params: dict[str, Any] = {}
    dataset_id: str | None = None
    status: str = states.SUCCEEDED
    created: int | None = None
    finish_after: int | None = None
    failure_reason: str | None = None


class Totals(NamedTuple):
    """What was counted in a job's rows."""

    rows: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def plus(self, group: pa.Table) -> "Totals":
        """Return the totals with some more rows."""
        return Totals(
            self.rows + group.num_rows,
            self.input_tokens + _tokens(group.column(INPUTS)),
            self.output_tokens + _tokens(group.column(OUTPUTS)),
        )

    def cost(self) -> float:
        """Return the price of the rows in USD."""
        return self.input_tokens * _USD_PER_INPUT_TOKEN + self.output_tokens * _USD_PER_OUTPUT_TOKEN


def import_rows(
    store: Store,
    tenant: str,
    spec: JobSpec,
    rows: Iterable[Portion],
    progress: Callable[[float], object] = lambda share: None,
) -> str:
    """Store rows as a job of a tenant and return its ID.

    `progress` is called with the share of the rows that is done. Raises `ImportFileError` if the
    tenant has a job of that ID already, or if the rows can't be read; then nothing is stored.
    """
    number = store.tenants.ensure(tenant)
    job_id = spec.job_id or f"job-{uuid.uuid4()}"
    with store.results.incoming() as part:
        totals = _write(part, rows, progress)
        with store.database.write():
            job = new_job(spec, job_id, totals, store.clock.now())
            job = job._replace(results=store.results.adopt(part))
            if not store.jobs.add(number, [job]):
                raise ImportFileError(
                    f"Tenant '{tenant}' has a job '{job_id}' already. Give another --job-id."
                )
    return job_id


def new_job(spec: JobSpec, job_id: str, totals: Totals, now: int) -> NewJob:
    """Return the job that a spec and its rows make at `now`."""
    created = now if spec.created is None else min(spec.created, now)
    timeline = _timeline(spec, now)
    runs, ends = _span(timeline, created, now, totals.rows)
    failed = spec.failure_reason is not None or spec.status == states.FAILED
    cost = totals.cost()
    document = {
        "job_id": job_id,
        "name": spec.name,
        "description": spec.description,
        "status": _final_status(spec, failed),
        "model": spec.model,
        "system_prompt": spec.system_prompt,
        "job_priority": spec.job_priority,
        "datetime_created": to_text(created),
        "datetime_started": None if runs is None else to_text(runs),
        "datetime_completed": None if ends is None else to_text(ends),
        "json_schema": spec.json_schema,
        "sampling_params": spec.sampling_params,
        "dataset_id": spec.dataset_id,
        "input_tokens": totals.input_tokens,
        "output_tokens": 0 if failed else totals.output_tokens,
        "job_cost": 0.0 if failed else round(cost, 6),
        "num_rows": totals.rows,
        "failure_reason": {"message": spec.failure_reason or "The job failed."} if failed else None,
        "cost_estimate": round(cost * 1.1, 6),
        "run_type": "FULL",
    }
    return NewJob(job_id, created, msgspec.json.encode(document), timeline)


def _final_status(spec: JobSpec, failed: bool) -> str:
    if failed:
        return states.FAILED
    return states.CANCELLED if spec.status.startswith("CANCELL") else states.SUCCEEDED


def _timeline(spec: JobSpec, now: int) -> Timeline | None:
    span = spec.finish_after
    ends = None if span is None else now + span
    if spec.status == states.QUEUED:
        if span is None:
            return Timeline()
        return Timeline(starts=now + span // 10, runs=now + span // 5, ends=ends)
    if spec.status == states.STARTING:
        return Timeline(starts=now, runs=None if span is None else now + span // 5, ends=ends)
    if spec.status == states.RUNNING:
        return Timeline(starts=now, runs=now, ends=ends)
    if spec.status == states.CANCELLING:
        return Timeline(starts=now, runs=now, cancelled=now, ends=now + states.CANCELLATION)
    return None


def _span(
    timeline: Timeline | None, created: int, now: int, rows: int
) -> tuple[int | None, int | None]:
    if timeline is not None:
        return timeline.runs, timeline.ends
    runs = min(created + _WAIT, now)
    return runs, min(runs + rows * _PER_ROW, now)


def _write(part: Path, rows: Iterable[Portion], progress: Callable[[float], object]) -> Totals:
    totals = Totals()
    writer: pq.ParquetWriter | None = None
    try:
        for group in _row_groups(rows, progress):
            writer = writer or pq.ParquetWriter(part, group.schema, compression="snappy")
            writer.write_table(group)
            totals = totals.plus(group)
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise ImportFileError("There are no rows to import.")
    return totals


def _row_groups(rows: Iterable[Portion], progress: Callable[[float], object]) -> Iterator[pa.Table]:
    """Yield rows in tables large enough to read fast and small enough to hold."""
    pending: list[pa.RecordBatch] = []
    for batch, share in rows:
        pending.append(batch)
        progress(share)
        size = sum(batch.nbytes for batch in pending)
        if size >= _GROUP_BYTES or sum(batch.num_rows for batch in pending) >= _GROUP_ROWS:
            yield pa.Table.from_batches(pending)
            pending = []
    if pending:
        yield pa.Table.from_batches(pending)


def _tokens(column: "pa.ChunkedArray[Any]") -> int:
    lengths: pa.ChunkedArray[Any] = pc.call_function("utf8_length", [column.cast(pa.string())])
    characters = pc.sum(lengths).as_py() or 0
    return int(characters) // _CHARACTERS_PER_TOKEN
