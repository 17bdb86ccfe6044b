"""Results that a test makes up, and servers that have them."""

import io
import re
from collections.abc import Mapping
from typing import Protocol, TypedDict, Unpack, overload

import polars as pl
from narwhals.typing import IntoDataFrameT

from sutro_jobs._results.options import OnInvalidJSON, Reasoning

from .scripted_server import Handler, Request, Response, ScriptedServer

JOB = "job-1"
Columns = Mapping[str, object]


class Serve(Protocol):
    """Serves the results of any job: `serve({"outputs": [...]}, json_schema=...)`.

    Of `inputs` and `cumulative_logprobs` the server sends what a request asks for, and of a file it
    sends the range that a request asks for. `body` takes the place of a file of the columns.
    """

    def __call__(
        self, columns: Columns, *, json_schema: object = None, body: bytes | None = None
    ) -> ScriptedServer: ...


class ResultOptions(TypedDict, total=False):
    """Options of `get_job_results`."""

    include_inputs: bool
    include_cumulative_logprobs: bool
    output_column: str
    disable_cache: bool
    unpack_json: bool
    json_schema: Mapping[str, object] | None
    on_invalid_json: OnInvalidJSON
    reasoning: Reasoning


class ReadResults(Protocol):
    """Reads results of made-up columns: `results({"outputs": [...]}, include_inputs=True)`.

    `schema` is the JSON Schema of the job.
    """

    @overload
    def __call__(
        self, columns: Columns, *, schema: object = None, **options: Unpack[ResultOptions]
    ) -> pl.DataFrame: ...
    @overload
    def __call__(
        self,
        columns: Columns,
        *,
        with_original_df: IntoDataFrameT,
        schema: object = None,
        **options: Unpack[ResultOptions],
    ) -> IntoDataFrameT: ...


class UnpackOutputs(Protocol):
    """Reads outputs, each given as a text, as None, or as a value that becomes JSON."""

    def __call__(
        self, *outputs: object, schema: object = None, **options: Unpack[ResultOptions]
    ) -> pl.DataFrame: ...


def to_parquet(columns: Columns | pl.DataFrame) -> bytes:
    """Return the Parquet file of a frame, or of columns."""
    body = io.BytesIO()
    frame = columns if isinstance(columns, pl.DataFrame) else pl.DataFrame(columns)
    frame.write_parquet(body)
    return body.getvalue()


def results_handler(columns: Columns, json_schema: object, body: bytes | None) -> Handler:
    """Return the handler of a server of results; `Serve` says what it does."""

    def handle(request: Request) -> Response:
        job = {"job_id": JOB, "status": "SUCCEEDED", "json_schema": json_schema}
        if request.path == "/v1/list-jobs":
            return Response(body={"jobs": [job], "next_cursor": None})
        if not request.path.endswith("/results"):
            return Response(body={"job": job | {"job_id": request.path.rpartition("/")[2]}})
        return ranged(request, selected(columns, request) if body is None else body)

    return handle


def selected(columns: Columns, request: Request) -> bytes:
    """Return a file of the columns that a request asks for."""
    optional = ("inputs", "cumulative_logprobs")
    asked = request.target.lower()
    left_out = [name for name in optional if f"include_{name}=true" not in asked]
    return to_parquet(pl.DataFrame(columns).drop(left_out, strict=False))


def ranged(request: Request, body: bytes, *, etag: str | None = None) -> Response:
    """Answer with a file, or with the part of it that is asked for."""
    etag = etag or f'"{len(body)}-{hash(body)}"'
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    if found and request.headers.get("If-Range", etag) == etag:
        start, end = int(found[1]), int(found[2] or len(body) - 1)
        span = {"ETag": etag, "Content-Range": f"bytes {start}-{end}/{len(body)}"}
        return Response(206, body[start : end + 1], span)
    return Response(200, body, {"ETag": etag, "Content-Type": "application/vnd.apache.parquet"})
