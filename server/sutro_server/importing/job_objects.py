"""Stores Job objects in the contract's own JSON, such as a dump of an account's list."""

import mmap
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import attrs
import msgspec

from ..errors import ImportFileError
from ..store.jobs import NewJob
from ..store.lifecycle import CANCELLATION, CANCELLED, CANCELLING, RUNNING, STARTING, Timeline
from ..store.store import Store
from ..times import from_text

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
        ImportFileError: Something is not a Job object.
    """
    number = store.tenants.ensure(tenant)
    read = new = 0
    objects = _objects(path)
    while batch := list(islice(objects, _BATCH)):
        now = store.clock.now()
        jobs = [_new_job(path, read + at, raw, now) for at, (raw, _) in enumerate(batch, start=1)]
        new += store.jobs.add(number, jobs)
        read += len(batch)
        progress(batch[-1][1])
    return Imported(new, read - new)


def _objects(path: Path) -> Iterator[tuple[bytes | msgspec.Raw, float]]:
    """Yield the JSON of each job, and the share of the file that is read with it."""
    size = path.stat().st_size
    if size == 0:
        return
    with path.open("rb") as file:
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            for line in file:
                if line.strip():
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
            return msgspec.json.decode(content, type=list[msgspec.Raw])
        return msgspec.json.decode(content, type=_List).jobs
    except msgspec.DecodeError as error:
        raise ImportFileError(
            f"{path} is neither a list answer nor an array of jobs: {error}"
        ) from error


def _new_job(path: Path, number: int, raw: bytes | msgspec.Raw, now: int) -> NewJob:
    try:
        given = msgspec.json.decode(raw, type=dict[str, Any])
        job = {name: value for name, value in given.items() if value is not None}
        checked = msgspec.convert(job, JobObject)
        created = from_text(checked.datetime_created) if checked.datetime_created else 0
        timeline = _timeline(checked, created, now)
    except (msgspec.DecodeError, ValueError) as error:
        raise ImportFileError(f"{path}, job {number}: {error}") from error
    status = checked.status.upper()
    document = msgspec.to_builtins(checked) | job
    document["status"] = CANCELLED if status == CANCELLING else status
    return NewJob(checked.job_id, created, msgspec.json.encode(document), timeline)


def _timeline(job: JobObject, created: int, now: int) -> Timeline | None:
    status = job.status.upper()
    started = from_text(job.datetime_started) if job.datetime_started else created
    if status in _WAITING:
        return Timeline()
    if status == STARTING:
        return Timeline(starts=started)
    if status == RUNNING:
        return Timeline(starts=started, runs=started)
    if status == CANCELLING:
        return Timeline(starts=started, runs=started, cancelled=now, ends=now + CANCELLATION)
    return None
