"""What a job is to look like, and the Job object that follows from it and its rows."""

from typing import Any

import attrs
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import ParameterError
from ..store.jobs import NewJob
from ..store.lifecycle import (
    CANCELLATION,
    CANCELLED,
    CANCELLING,
    FAILED,
    QUEUED,
    RUNNING,
    STARTING,
    SUCCEEDED,
    Timeline,
)
from ..store.render import INPUTS, OUTPUTS
from ..times import SECOND, to_text
from .job_ids import check_job_id

UNFINISHED = (QUEUED, STARTING, RUNNING)
STATUSES = (*UNFINISHED, SUCCEEDED, CANCELLING, CANCELLED, FAILED)

# A rule of thumb for English, and prices of the order that small models have: figures to look at,
# as nothing ran.
_CHARACTERS_PER_TOKEN = 4
_USD_PER_INPUT_TOKEN, _USD_PER_OUTPUT_TOKEN = 0.1e-6, 0.4e-6
# How long a job that ended is said to have waited, and to have worked on each row.
_WAIT, _PER_ROW = 5 * SECOND, SECOND // 100


@attrs.frozen(kw_only=True)
class JobSpec:
    """What a job is to look like.

    Times are microseconds: `created` since 1970, `finish_after` from now.

    Raises:
        ParameterError: The ID cannot be one, there is no such status, or a job in it does not end
            later.
    """

    job_id: str | None = attrs.field(default=None)
    name: str | None = None
    description: str | None = None
    model: str = "qwen-3-14b"
    system_prompt: str | None = None
    job_priority: int = 0
    json_schema: dict[str, Any] | None = None
    sampling_params: dict[str, Any] = attrs.field(factory=dict)
    dataset_id: str | None = None
    status: str = attrs.field(default=SUCCEEDED)
    created: int | None = None
    finish_after: int | None = attrs.field(default=None)
    failure_reason: str | None = None

    @job_id.validator
    def _check_job_id(self, _: object, job_id: str | None) -> None:
        if job_id is not None:
            try:
                check_job_id(job_id)
            except ValueError as error:
                raise ParameterError("job_id", str(error)) from error

    @status.validator
    def _check_status(self, _: object, status: str) -> None:
        if status not in STATUSES:
            raise ParameterError("status", f"'{status}' is none of {', '.join(STATUSES)}.")

    @finish_after.validator
    def _check_finish_after(self, _: object, duration: int | None) -> None:
        if duration is not None and self.status not in UNFINISHED:
            unfinished = ", ".join(UNFINISHED)
            raise ParameterError(
                "finish_after", f"A job that is {self.status} does not end later: {unfinished} do."
            )


@attrs.frozen
class Totals:
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


def new_job(spec: JobSpec, job_id: str, totals: Totals, now: int) -> NewJob:
    """Return the job that a spec and its rows make at `now`."""
    created = now if spec.created is None else min(spec.created, now)
    timeline = _timeline(spec, now)
    runs, ends = _span(timeline, created, now, totals.rows)
    failed = spec.failure_reason is not None or spec.status == FAILED
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
        # Real estimates are rarely right; nobody should take the one for the other.
        "cost_estimate": round(cost * 1.1, 6),
        "run_type": "FULL",
    }
    return NewJob(job_id, created, msgspec.json.encode(document), timeline)


def _final_status(spec: JobSpec, failed: bool) -> str:
    if failed:
        return FAILED
    return CANCELLED if spec.status.startswith("CANCELL") else SUCCEEDED


def _timeline(spec: JobSpec, now: int) -> Timeline | None:
    span = spec.finish_after
    ends = None if span is None else now + span
    if spec.status == QUEUED:
        if span is None:
            return Timeline()
        # Most of the time goes to running, so that clients that poll see all three states.
        return Timeline(starts=now + span // 10, runs=now + span // 5, ends=ends)
    if spec.status == STARTING:
        return Timeline(starts=now, runs=None if span is None else now + span // 5, ends=ends)
    if spec.status == RUNNING:
        return Timeline(starts=now, runs=now, ends=ends)
    if spec.status == CANCELLING:
        return Timeline(starts=now, runs=now, cancelled=now, ends=now + CANCELLATION)
    return None


def _span(
    timeline: Timeline | None, created: int, now: int, rows: int
) -> tuple[int | None, int | None]:
    if timeline is not None:
        return timeline.runs, timeline.ends
    runs = min(created + _WAIT, now)
    return runs, min(runs + rows * _PER_ROW, now)


def _tokens(column: "pa.ChunkedArray[Any]") -> int:
    lengths: pa.ChunkedArray[Any] = pc.call_function("utf8_length", [column.cast(pa.string())])
    characters = pc.sum(lengths).as_py() or 0
    return int(characters) // _CHARACTERS_PER_TOKEN
