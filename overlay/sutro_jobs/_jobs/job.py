"""A job of the list of jobs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Raw, field
from msgspec.structs import force_setattr

from .._errors import UnexpectedShapeError
from .._requests.responses.decoding import decode
from .status import JobStatus, as_reason

if TYPE_CHECKING:
    from .._requests.flow import Response

_NULL: Final = Raw(b"null")


class _Objects(msgspec.Struct):
    jobs: list[Raw]


class _Source:
    """The body that jobs were decoded from, with everything that the server sent."""

    __slots__ = ("_objects", "body")

    def __init__(self, body: bytes) -> None:
        self.body = body
        self._objects: list[Raw] | None = None

    def json_of(self, index: int) -> bytes:
        if self._objects is None:
            self._objects = msgspec.json.decode(self.body, type=_Objects).jobs
        return bytes(self._objects[index])


# gc=False: collecting garbage would take two thirds of the time of decoding 100,000 jobs, and no
# job is part of a cycle.
class Job(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """One batch-inference job.

    Fields that the server omits are None. Costs are in US dollars, times are in UTC. Nested values
    are decoded on access. Fields that this class does not have are in `extra`.
    """

    job_id: str
    status: JobStatus
    model: str | None = None
    system_prompt: str | None = None
    job_priority: int | None = None
    name: str | None = None
    description: str | None = None
    dataset_id: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    job_cost: float | None = None
    cost_estimate: float | None = None
    num_rows: int | None = None
    run_type: str | None = None
    _created: str | None = field(name="datetime_created", default=None)
    _started: str | None = field(name="datetime_started", default=None)
    _completed: str | None = field(name="datetime_completed", default=None)
    _json_schema: Raw = field(name="json_schema", default=_NULL)
    _sampling_params: Raw = field(name="sampling_params", default=_NULL)
    _failure_reason: Raw = field(name="failure_reason", default=_NULL)
    # Set after decoding, and not by it: no field of the API has a name with a blank.
    _source: Any = field(name=" source", default=None)
    _index: int = field(name=" index", default=0)

    @property
    def datetime_created(self) -> datetime | None:
        """When the job was created."""
        return _moment(self._created)

    @property
    def datetime_started(self) -> datetime | None:
        """When processing began."""
        return _moment(self._started)

    @property
    def datetime_completed(self) -> datetime | None:
        """When the job ended."""
        return _moment(self._completed)

    @property
    def json_schema(self) -> dict[str, Any] | None:
        """JSON Schema that each output follows, None unless outputs are structured."""
        schema: dict[str, Any] | None = msgspec.json.decode(self._json_schema)
        return schema

    @property
    def sampling_params(self) -> dict[str, Any] | None:
        """Sampling parameters used for generation."""
        parameters: dict[str, Any] | None = msgspec.json.decode(self._sampling_params)
        return parameters

    @property
    def failure_reason(self) -> dict[str, Any] | None:
        """Why the job failed, such as `{"message": "..."}`; None unless it failed."""
        return as_reason(msgspec.json.decode(self._failure_reason))

    @property
    def extra(self) -> dict[str, Any]:
        """Fields that the server sent and this class lacks, such as those of older editions."""
        return {name: value for name, value in self.to_dict().items() if name not in _KNOWN}

    def to_json(self) -> bytes:
        """Return the job as the server sent it."""
        source: _Source = self._source
        return source.json_of(self._index)

    def to_dict(self) -> dict[str, Any]:
        """Return the job as the server sent it, decoded."""
        fields: dict[str, Any] = msgspec.json.decode(self.to_json())
        return fields

    @classmethod
    def from_json(cls, job: bytes) -> Job:
        """Return the job that a JSON object describes.

        Raises:
            msgspec.DecodeError: it is not a job.
        """
        body = b'{"jobs":[' + job + b"]}"
        return with_source(_JOBS_BODY.decode(body).jobs, body)[0]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Job) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self.job_id)

    def __reduce__(self) -> tuple[Any, ...]:
        return Job.from_json, (self.to_json(),)

    def __repr__(self) -> str:
        shown = ("job_id", "status", "model", "name", "num_rows", "datetime_created")
        return f"Job({', '.join(f'{name}={_shown(getattr(self, name))}' for name in shown)})"


class JobsBody(msgspec.Struct, kw_only=True, gc=False):
    """A page of jobs, or all jobs, which has no `next_cursor`."""

    jobs: list[Job]
    next_cursor: str | None = None


_JOBS_BODY = msgspec.json.Decoder(JobsBody)
_KNOWN = frozenset(info.encode_name for info in msgspec.structs.fields(Job))


def decode_jobs(response: Response) -> JobsBody:
    """Decode a list of jobs; `with_source` completes them."""
    return decode(_JOBS_BODY, response, "list of jobs")


def with_source(jobs: list[Job], body: bytes) -> list[Job]:
    """Give each job access to the body that it was decoded from."""
    source = _Source(body)
    for index, job in enumerate(jobs):
        force_setattr(job, "_source", source)
        force_setattr(job, "_index", index)
    return jobs


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnexpectedShapeError(
            f"The server sent {text!r} as a time, which is not an ISO 8601 date-time."
        ) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _shown(value: object) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else repr(str(value))
