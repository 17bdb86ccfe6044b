"""What the vendor's SDK does at a distance, at its own defaults apart from its cache."""

import os
from collections.abc import Callable

import vendor
from measure import KEY, Context, Work, main, meet

ALL = {"include_inputs": True, "include_cumulative_logprobs": True}


def client(context: Context):
    """Return a client that has read some results, so that imports are not timed."""
    sutro = vendor.client(context)
    sutro.get_job_results("small", disable_cache=True)
    return sutro


def status_cold(context: Context) -> Work:
    from sutro import Sutro

    client(context)
    sutro = Sutro(api_key=KEY, api_url=context.url)
    return lambda: sutro.get_job_status("structured") == "SUCCEEDED"


def status_warm(context: Context) -> Work:
    sutro = client(context)
    return lambda: sutro.get_job_status("structured") == "SUCCEEDED"


def first_job(context: Context) -> Work:
    sutro = client(context)
    return lambda: sutro.list_jobs()[0]["job_id"]


def list_objects(context: Context) -> Work:
    sutro = client(context)
    return lambda: len(sutro.list_jobs())


def list_frame(context: Context) -> Work:
    import polars as pl

    sutro = client(context)
    return lambda: pl.DataFrame(sutro.list_jobs(), infer_schema_length=None).height


def iterate(context: Context) -> Work:
    sutro = client(context)
    return lambda: sum(1 for _ in sutro.list_jobs())


def results(**options: bool) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        sutro = client(context)
        return lambda: sutro.get_job_results("structured", disable_cache=True, **options).height

    return prepare


def fetch(sutro, context: Context, job_id: str, columns: dict[str, bool]) -> str:
    path = sutro.download_job_results(job_id, f"{context.scratch}/vendor.parquet", **columns)
    if path is None:
        raise RuntimeError("download_job_results returned None")
    return path


def download(job_id: str, **columns: bool) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        sutro = client(context)
        return lambda: os.path.getsize(fetch(sutro, context, job_id, columns))

    return prepare


def column(context: Context) -> Work:
    import polars as pl

    sutro = client(context)

    def work() -> float:
        lazy = pl.scan_parquet(fetch(sutro, context, "large", ALL))
        return round(lazy.select(pl.col("cumulative_logprobs").mean()).collect().item(), 6)

    return work


def head(context: Context) -> Work:
    import polars as pl

    sutro = client(context)
    return lambda: pl.scan_parquet(fetch(sutro, context, "large", ALL)).head(100).collect().height


main(
    {
        "status_cold": status_cold,
        "status_warm": status_warm,
        "first_job": first_job,
        "list_objects": list_objects,
        "list_frame": list_frame,
        "iterate": iterate,
        "packed": results(unpack_json=False),
        "structured": results(),
        "medium": download("medium"),
        "large": download("large", **ALL),
        "column": column,
        "head": head,
    },
    meet,
)
