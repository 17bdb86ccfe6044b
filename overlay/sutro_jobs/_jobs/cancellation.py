"""Cancelling a job, by the request of any edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .. import _adapter
from .._errors import StatusError
from .._requests.responses.decoding import decode

if TYPE_CHECKING:
    from .._requests.flow import Flow
    from .._requests.requester import Requester

_METHOD_NOT_ALLOWED = 405


class JobCancellation(msgspec.Struct, frozen=True):
    """Response to a cancellation: whether it was accepted, and what happens next.

    Cancelling takes time. `wait_for_job` or `get_job_status` show when the job has ended.
    """

    cancelled: bool
    message: str = ""


_CANCELLATION = msgspec.json.Decoder(JobCancellation)


def cancel_job(requester: Requester, job_id: str) -> Flow[JobCancellation]:
    """Cancel a job by GET, and by the POST of older editions where the server refuses that."""
    try:
        response = yield from requester.fetch(_adapter.cancel_job_call(job_id))
    except StatusError as error:
        # Older editions take a POST on this path, and refuse any other method by this status.
        if error.status_code != _METHOD_NOT_ALLOWED:
            raise
        response = yield from requester.fetch(_adapter.cancel_job_by_post_call(job_id))
    return decode(_CANCELLATION, response, "cancellation")
