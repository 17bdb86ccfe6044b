"""The least that Python libraries need at a distance: no checks, no retries, no choices.

Large files come in ranges over several connections, from the plain results route.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import floor
from measure import Context, Work, main, meet

CONNECTIONS = 8
PART = 4 << 20
FOOTER = 65_536
PROBE = 25_000_000
QUERY = {"format": "parquet"}
ALL = {"include_inputs": "true", "include_cumulative_logprobs": "true"}
Span = tuple[int, int]


def client(context: Context):
    """Return a client that has read some results, so that imports and connecting are not timed."""
    import polars as pl

    http = floor.client(context)
    pl.read_parquet(floor.fetch(context, http, "small"))
    return http


def status_cold(context: Context) -> Work:
    import httpx

    client(context)
    http = httpx.Client(base_url=f"{context.url}/v1", headers=floor.HEADERS, verify=False)  # noqa: S501
    return lambda: succeeded(http)


def succeeded(http) -> bool:
    return http.get("/job-status/structured").json()["job_status"]["structured"] == "SUCCEEDED"


def status_warm(context: Context) -> Work:
    http = client(context)
    return lambda: succeeded(http)


def first_job(context: Context) -> Work:
    http = client(context)
    page, _ = floor.decoder(paged=True)
    return lambda: page.decode(http.get("/list-jobs", params={"limit": 1}).content).jobs[0].job_id


def list_objects(context: Context) -> Work:
    http = client(context)
    jobs, _ = floor.decoder(paged=False)
    return lambda: len(jobs.decode(http.get("/list-jobs").content).jobs)


def list_frame(context: Context) -> Work:
    frame = floor.list_frame(context)
    return lambda: frame()[0]


def packed(context: Context) -> Work:
    import polars as pl

    http = client(context)
    return lambda: pl.read_parquet(floor.fetch(context, http, "structured")).height


def structured(context: Context) -> Work:
    import polars as pl

    http, known = client(context), floor.dtype()

    def work() -> int:
        frame = pl.read_parquet(floor.fetch(context, http, "structured"))
        return frame["outputs"].str.json_decode(known).struct.unnest().height

    return work


class Ranges:
    """A results file at the server, read in ranges into a sparse file here."""

    def __init__(self, context: Context, http, job_id: str, columns: dict[str, str]) -> None:
        self._get = http.get
        self._url, self._query = f"/jobs/{job_id}/results", QUERY | columns
        self.path = Path(context.scratch) / "ranges.parquet"
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)

    def end(self) -> int:
        """Read the end of the file, and return the file's size."""
        response = self._range(f"-{FOOTER}")
        size = int(response.headers["content-range"].rpartition("/")[2])
        os.pwrite(self._file, response.content, size - len(response.content))
        return size

    def read(self, spans: Iterable[Span]) -> None:
        """Read parts of the file, several at a time."""
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(self._read, pieces(spans)))

    def _read(self, span: Span) -> None:
        start, end = span
        os.pwrite(self._file, self._range(f"{start}-{end - 1}").content, start)

    def _range(self, wanted: str):
        return self._get(self._url, params=self._query, headers={"Range": f"bytes={wanted}"})


def pieces(spans: Iterable[Span]) -> Iterable[Span]:
    """Cut long spans."""
    for start, end in spans:
        for at in range(start, end, PART):
            yield at, min(at + PART, end)


def download(job_id: str, **columns: str) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        http = client(context)

        def work() -> int:
            ranges = Ranges(context, http, job_id, columns)
            size = ranges.end()
            ranges.read([(0, size - FOOTER)])
            return ranges.path.stat().st_size

        return work

    return prepare


def over_one_connection(context: Context) -> Work:
    http = client(context)
    return lambda: floor.fetch(context, http, "large", **ALL).stat().st_size


def chunks(path: Path, groups: Iterable[int] | None, columns: Iterable[str]) -> list[Span]:
    """Return where the chunks of columns lie in a file whose end is there."""
    import pyarrow.parquet as pq

    footer = pq.read_metadata(path)
    spans = []
    for number in range(footer.num_row_groups) if groups is None else groups:
        group = footer.row_group(number)
        for index in range(group.num_columns):
            chunk = group.column(index)
            if chunk.path_in_schema in columns:
                start = chunk.dictionary_page_offset or chunk.data_page_offset
                spans.append((start, start + chunk.total_compressed_size))
    return spans


def column(context: Context) -> Work:
    import polars as pl
    import pyarrow.parquet as pq  # noqa: F401 - so that its import is not timed

    http = client(context)

    def work() -> float:
        ranges = Ranges(context, http, "large", ALL)
        ranges.end()
        ranges.read(chunks(ranges.path, None, {"cumulative_logprobs"}))
        lazy = pl.scan_parquet(ranges.path)
        return round(lazy.select(pl.col("cumulative_logprobs").mean()).collect().item(), 6)

    return work


def head(context: Context) -> Work:
    import polars as pl
    import pyarrow.parquet as pq  # noqa: F401 - so that its import is not timed

    http = client(context)

    def work() -> int:
        ranges = Ranges(context, http, "large", ALL)
        ranges.end()
        ranges.read(chunks(ranges.path, [0], {"inputs", "outputs", "cumulative_logprobs"}))
        return pl.scan_parquet(ranges.path).head(100).collect().height

    return work


def probe(context: Context) -> Work:
    """Measure the way to the server: a round trip, a connection's bandwidth, that of several."""
    import time
    from statistics import median

    http = client(context)
    wanted = {"Range": f"bytes=0-{PROBE - 1}"}

    def seconds(work: Callable[[], object]) -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    def read(_: int = 0) -> None:
        url, query = "/jobs/large/results", QUERY | ALL
        with http.stream("GET", url, params=query, headers=wanted) as response:
            for _chunk in response.iter_raw():
                pass

    def work() -> dict[str, float]:
        trips = [seconds(lambda: http.get("/job-status/structured")) for _ in range(31)]
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            several = seconds(lambda: list(pool.map(read, range(CONNECTIONS))))
        return {"trip": median(trips), "single": seconds(read), "several": several}

    return work


main(
    {
        "status_cold": status_cold,
        "status_warm": status_warm,
        "first_job": first_job,
        "list_objects": list_objects,
        "list_frame": list_frame,
        "iterate": list_objects,
        "packed": packed,
        "structured": structured,
        "medium": download("medium"),
        "large": download("large", **ALL),
        "large_single": over_one_connection,
        "column": column,
        "head": head,
        "probe": probe,
    },
    meet,
)
