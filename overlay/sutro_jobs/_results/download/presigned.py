"""Where the file of a job's results is stored, by a URL that expires."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from attrs import frozen

from ... import _adapter
from ..._requests.object_store import PresignedURL
from ..._requests.responses.decoding import decode

if TYPE_CHECKING:
    from ..._requests.flow import Flow
    from ..._requests.requester import Requester
    from ..options import DownloadOptions

OPERATION: _adapter.Operation = "getJobResultsUrl"


class _Artifact(msgspec.Struct):
    size_bytes: int


class _URLs(msgspec.Struct):
    get: str


class _URLBody(msgspec.Struct):
    artifact: _Artifact
    urls: _URLs


_URL_BODY = msgspec.json.Decoder(_URLBody)


@frozen
class StoredFile:
    """A stored file: its URL, and its size in bytes."""

    url: PresignedURL
    size: int


def ask_for_stored_file(
    requester: Requester, job_id: str, options: DownloadOptions
) -> Flow[StoredFile]:
    """Ask the API for the stored Parquet file of results.

    Raises:
        SutroError: the server lacks the route, or has no such file.
    """
    call = _adapter.job_results_url_call(
        job_id,
        include_inputs=options.include_inputs,
        include_cumulative_logprobs=options.include_cumulative_logprobs,
    )
    response = yield from requester.fetch(call)
    body = decode(_URL_BODY, response, "results URL", show_body=False)
    return StoredFile(PresignedURL.parse(body.urls.get), body.artifact.size_bytes)
