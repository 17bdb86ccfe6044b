"""Results as JSON, as a ZIP of one CSV file, and as Parquet."""

import csv
import io
import zipfile
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from .messages import encode

Columns = dict[str, list[Any]]

JSON = "application/json"
ZIP = "application/zip"
PARQUET = "application/vnd.apache.parquet"


def to_json(columns: Columns) -> bytes:
    return encode(columns)


def to_csv(columns: Columns, **dialect: Any) -> str:
    text = io.StringIO()
    writer = csv.writer(text, **dialect)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def to_zip(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def to_parquet(
    columns: Columns, compression: Literal["snappy", "zstd", "gzip", "none"] = "snappy"
) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression=compression)
    return buffer.getvalue()
