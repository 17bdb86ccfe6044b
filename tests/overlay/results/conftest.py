"""Servers of results that a test makes up, over the scripted servers of the overlay's tests."""

import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sutro_jobs import Sutro

JOB = "job-1"


def to_parquet(columns: Mapping[str, Any] | pl.DataFrame) -> bytes:
    """Return the Parquet file of a frame, or of columns."""
    body = io.BytesIO()
    frame = columns if isinstance(columns, pl.DataFrame) else pl.DataFrame(columns)
    frame.write_parquet(body)
    return body.getvalue()


def wanted(path: str, name: str) -> bool:
    return f"{name}=true" in path.lower()


@pytest.fixture(autouse=True)
def cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for each test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("SUTRO_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def serve(script: Callable[..., Any], answer: Callable[..., Any]) -> Callable[..., Any]:
    """Serve one job, `job-1`: `serve({"outputs": [...]}, json_schema=...)`.

    Of `inputs` and `cumulative_logprobs` the server sends what a request asks for, and of a file it
    sends the range that a request asks for.
    """

    def start(
        columns: Mapping[str, Any], *, json_schema: Any = None, body: bytes | None = None
    ) -> Any:
        def results(path: str) -> bytes:
            optional = ("inputs", "cumulative_logprobs")
            left_out = [name for name in optional if not wanted(path, f"include_{name}")]
            return to_parquet(pl.DataFrame(columns).drop(left_out, strict=False))

        def respond(asked: Any) -> Any:
            if "/list-jobs" in asked.path:
                job = {"job_id": JOB, "status": "SUCCEEDED", "json_schema": json_schema}
                return answer(body={"jobs": [job], "next_cursor": None})
            return ranged(answer, asked, body if body is not None else results(asked.path))

        return script(respond)

    return start


def ranged(answer: Callable[..., Any], asked: Any, body: bytes) -> Any:
    """Answer with a file, or with the part of it that is asked for."""
    etag = f'"{len(body)}-{hash(body)}"'
    found = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("Range", ""))
    if found and asked.headers.get("If-Range") == etag:
        start = int(found[1])
        span = {"ETag": etag, "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
        return answer(206, body[start:], span)
    return answer(200, body, {"ETag": etag, "Content-Type": "application/vnd.apache.parquet"})


@pytest.fixture
def results(serve: Callable[..., Any]) -> Callable[..., Any]:
    """Read results of made-up columns: `results({"outputs": [...]}, include_inputs=True)`."""

    def read(columns: Mapping[str, Any], *, schema: Any = None, **arguments: Any) -> Any:
        server = serve(columns, json_schema=schema)
        with Sutro(api_url=server.url, api_key="key") as client:
            return client.get_job_results(JOB, **arguments)

    return read


@pytest.fixture
def unpacked(results: Callable[..., Any]) -> Callable[..., pl.DataFrame]:
    """Read outputs, each given as a text, as None, or as a value that becomes JSON."""

    def read(*outputs: Any, **arguments: Any) -> pl.DataFrame:
        texts = [
            output if isinstance(output, str | None) else json.dumps(output) for output in outputs
        ]
        return results({"outputs": pl.Series(texts, dtype=pl.String)}, **arguments)

    return read
