"""Results that a test makes up, and the answers of a server that has them."""

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl


def to_parquet(columns: Mapping[str, Any] | pl.DataFrame) -> bytes:
    """Return the Parquet file of a frame, or of columns."""
    body = io.BytesIO()
    frame = columns if isinstance(columns, pl.DataFrame) else pl.DataFrame(columns)
    frame.write_parquet(body)
    return body.getvalue()


def ranged(answer: Callable[..., Any], asked: Any, body: bytes) -> Any:
    """Answer with a file, or with the part of it that is asked for."""
    etag = f'"{len(body)}-{hash(body)}"'
    found = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("Range", ""))
    if found and asked.headers.get("If-Range") == etag:
        start = int(found[1])
        span = {"ETag": etag, "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
        return answer(206, body[start:], span)
    return answer(200, body, {"ETag": etag, "Content-Type": "application/vnd.apache.parquet"})
