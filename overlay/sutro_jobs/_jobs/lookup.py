"""Looking up one job: by its own route, and in the list where a server lacks that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from attrs import evolve
from msgspec import Raw

from .. import _adapter
from .._errors import NotFoundError, StatusError
from .._requests.responses.decoding import decode
from .job import Job, decode_jobs, with_source
from .pages import find_job
from .status import job_status

if TYPE_CHECKING:
    from .._requests.flow import Flow, Response
    from .._requests.requester import Requester

# An unknown job is a 404 as well, so only a job that the server knows tells that the route lacks.
_MAY_LACK_ROUTE = frozenset({404, 405})


class _JobBody(msgspec.Struct):
    job: Raw


_JOB_BODY = msgspec.json.Decoder(_JobBody)


def get_job(requester: Requester, job_id: str) -> Flow[Job]:
    """Return a job as the list shows it.

    A server may lack the route. Then the list is read instead, and read at once the next time.

    Raises:
        NotFoundError: there is no such job.
    """
    call = _adapter.job_call(job_id)
    if call.operation not in requester.missing_operations:
        try:
            return _decode((yield from requester.fetch(call)))
        except StatusError as error:
            if error.status_code not in _MAY_LACK_ROUTE:
                raise
        yield from job_status(requester, job_id)
        requester.missing_operations.add(call.operation)
    job = yield from find_job(requester, job_id)
    if job is None:
        raise NotFoundError(f"{job_id} is not in the list of jobs.")
    return job


def _decode(response: Response) -> Job:
    body = b'{"jobs":[' + bytes(decode(_JOB_BODY, response, "job").job) + b"]}"
    return with_source(decode_jobs(evolve(response, content=body)).jobs, body)[0]
