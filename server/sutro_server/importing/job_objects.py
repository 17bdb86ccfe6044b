"""Stores Job objects in the contract's own JSON, such as a dump of an account's list."""

import mmap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import attrs
import msgspec

from ..errors import ImportFileError
from ..json_text import decode_json
from ..store.jobs import NewJob
from ..store.lifecycle import CANCELLATION, CANCELLED, CANCELLING, RUNNING, STARTING, Timeline
from ..store.store import Store
from ..times import from_text
from .batches import BATCH_BYTES, MAX_TEXT
from .job_ids import check_job_id
from .json_lines import numbered_lines

# Jobs in a transaction: many, as each commit waits for the disk, and not all, as nobody else can
# write meanwhile.
_BATCH = 2_000
_WAITING = frozenset({"QUEUED", "PENDING", "SUBMITTED"})


class JobObject(msgspec.Struct, kw_only=True):
    """Types of the fields of a Job object; what a dump leaves out is null."""

    job_id: Annotated[str, msgspec.Meta(min_length=1)]
    status: str
    model: str = "unknown"
    system_prompt: str | None = None
    job_priority: int = 0
    datetime_created: str | None = None
    datetime_started: str | None = None
    datetime_completed: str | None = None
    json_schema: dict[str, Any] | None = None
    sampling_params: dict[str, Any] = {}
    name: str | None = None
    description: str | None = None
    dataset_id: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    job_cost: float | None = None
    num_rows: int | None = None
    failure_reason: dict[str, Any] | None = None
    cost_estimate: float | None = None
    run_type: str = "FULL"


@attrs.frozen
class Imported:
    """How many jobs were stored, and how many the tenant had already."""

    new: int
    known: int


def import_jobs(
    store: Store,
    tenant: str,
    path: Path,
    progress: Callable[[float], object] = lambda share: None,
) -> Imported:
    """Store the Job objects of a file: a list answer, an array, or one object a line (`.jsonl`).

    Jobs are stored some thousand at a time; doing it again after a failure skips those that are
    there. Jobs that have not ended stay in their state.

    Raises:
        ImportFileError: Something is not a Job object, or has an ID that nobody could ask for.
    """
    number = store.tenants.ensure(tenant)
    read = new = 0
    for batch in _batches(_objects(path)):
        now = store.clock.now()
        jobs = [_new_job(path, read + at, raw, now) for at, (raw, _) in enumerate(batch, start=1)]
        new += store.jobs.add(number, jobs)
        read += len(batch)
        progress(batch[-1][1])
    return Imported(new, read - new)


_Object = tuple[bytes | msgspec.Raw, float]


def _batches(objects: Iterator[_Object]) -> Iterator[list[_Object]]:
    batch: list[_Object] = []
    size = 0
    for item in objects:
        batch.append(item)
        size += len(memoryview(item[0]))
        if len(batch) == _BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _objects(path: Path) -> Iterator[_Object]:
    """Yield the JSON of each job, and the share of the file that is read with it."""
    size = path.stat().st_size
    if size == 0:
        return
    with path.open("rb") as file:
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            for _, line in numbered_lines(path, file):
                yield line, file.tell() / size
            return
        # Mapped, the file's pages are the system's to keep or drop, as long as a job needs them.
        jobs = _array(path, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        for number, raw in enumerate(jobs, start=1):
            yield raw, number / len(jobs)


class _List(msgspec.Struct):
    jobs: list[msgspec.Raw]


def _array(path: Path, content: mmap.mmap) -> list[msgspec.Raw]:
    try:
        if content[:64].lstrip().startswith(b"["):
            return decode_json(content, list[msgspec.Raw])
        return decode_json(content, _List).jobs
    except ValueError as error:
        raise ImportFileError(
            f"{path} is neither a list answer nor an array of jobs: {error}"
        ) from error


def _new_job(path: Path, number: int, raw: bytes | msgspec.Raw, now: int) -> NewJob:
    try:
        if len(memoryview(raw)) > MAX_TEXT:
            raise ValueError(f"longer than {MAX_TEXT >> 20} MiB.")  # noqa: TRY301
        given = decode_json(raw, dict[str, Any])
        job = {name: value for name, value in given.items() if value is not None}
        checked = msgspec.convert(job, JobObject)
        check_job_id(checked.job_id)
        created = _time(checked.datetime_created) or 0
        started = _time(checked.datetime_started) or created
        _time(checked.datetime_completed)
        document = msgspec.json.encode(_final(checked, job))
    except (msgspec.ValidationError, ValueError, OverflowError) as error:
        raise ImportFileError(f"{path}, job {number}: {error}") from error
    timeline = _timeline(checked.status.upper(), started, now)
    return NewJob(checked.job_id, created, document, timeline)


def _final(checked: JobObject, given: dict[str, Any]) -> dict[str, Any]:
    """Return the Job object as it stands once the job has ended, other fields included."""
    status = checked.status.upper()
    final = CANCELLED if status == CANCELLING else status
    known: dict[str, Any] = msgspec.to_builtins(checked)
    return known | given | {"status": final}


def _time(text: str | None) -> int | None:
    return from_text(text) if text else None


def _timeline(status: str, started: int, now: int) -> Timeline | None:
    if status in _WAITING:
        return Timeline()
    if status == STARTING:
        return Timeline(starts=started)
    if status == RUNNING:
        return Timeline(starts=started, runs=started)
    if status == CANCELLING:
        return Timeline(starts=started, runs=started, cancelled=now, ends=now + CANCELLATION)
    return None
