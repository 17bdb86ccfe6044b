"""Ways past the floor: decoding while the download goes on, and other JSON decoders."""

import io
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl
import pyarrow.parquet as pq
from floor import client, dtype, warm
from measure import Context, Work, main

FOOTER = 65_536
Decode = Callable[[pl.DataFrame], pl.DataFrame]


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def by_lines(frame: pl.DataFrame) -> pl.DataFrame:
    lines = io.BytesIO()
    frame.select("outputs").write_csv(lines, include_header=False, quote_style="never")
    return pl.read_ndjson(lines.getvalue(), schema=dict(dtype()))


def by_value(frame: pl.DataFrame) -> pl.DataFrame:
    return frame["outputs"].str.json_decode(dtype()).struct.unnest()


def in_threads(decode: Decode) -> Callable[[Context], Work]:
    """Download, then decode pieces of the frame in two threads."""
    from floor import fetch

    def prepare(context: Context) -> Work:
        http = warm(context)

        def work() -> object:
            frame = pl.read_parquet(fetch(context, http, "structured"))
            with ThreadPoolExecutor(2) as pool:
                return pl.concat(pool.map(decode, frame.iter_slices(131_072))).shape

        return work

    return prepare


def row_groups(footer: pq.FileMetaData) -> Iterator[tuple[int, int, int]]:
    """Yield where each row group ends in the file, its first row, and its number of rows."""
    first = 0
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        columns = [group.column(index) for index in range(group.num_columns)]
        starts = [c.dictionary_page_offset or c.data_page_offset for c in columns]
        sizes = [c.total_compressed_size for c in columns]
        yield max(map(sum, zip(starts, sizes, strict=True))), first, group.num_rows
        first += group.num_rows


def behind_the_download(job_id: str, decode: Decode) -> Callable[[Context], Work]:
    """Fetch the footer first, then decode each row group as soon as it has arrived."""

    def prepare(context: Context) -> Work:
        http, path = client(context), f"{context.scratch}/ahead.parquet"
        url, query = f"/jobs/{job_id}/results", {"format": "parquet"}

        def read(first: int, rows: int) -> pl.DataFrame:
            return decode(pl.scan_parquet(path).slice(first, rows).collect())

        def work() -> object:
            end = http.get(url, params=query, headers={"Range": f"bytes=-{FOOTER}"})
            size = int(end.headers["content-range"].rpartition("/")[2])
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            os.pwrite(file, end.content, size - len(end.content))
            groups = list(row_groups(pq.read_metadata(path)))
            parts: list[Future[pl.DataFrame]] = []
            position = 0
            with ThreadPoolExecutor(2) as pool:
                with http.stream("GET", url, params=query) as response:
                    for chunk in response.iter_raw():
                        os.pwrite(file, chunk, position)
                        position += len(chunk)
                        while len(parts) < len(groups) and position >= groups[len(parts)][0]:
                            parts.append(pool.submit(read, *groups[len(parts)][1:]))
                return pl.concat(part.result() for part in parts).shape

        return work

    return prepare


main(
    {
        "text_behind": behind_the_download("text-1000000", plain),
        "structured_lines_behind": behind_the_download("structured", by_lines),
        "structured_value_behind": behind_the_download("structured", by_value),
        "structured_lines_threads": in_threads(by_lines),
        "structured_value_threads": in_threads(by_value),
    }
)
