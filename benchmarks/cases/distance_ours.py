"""What `sutro_jobs` does at a distance, at its own defaults apart from its cache."""

from collections.abc import Callable

from measure import KEY, Context, Work, main, meet

ALL = {"include_inputs": True, "include_cumulative_logprobs": True}


def client(context: Context):
    """Return a client that has read some results, so that imports and connecting are not timed."""
    from sutro_jobs import Sutro

    sutro = Sutro(api_key=KEY, api_url=context.url)
    sutro.get_job_status("small")
    sutro.get_job_results("small", disable_cache=True)
    return sutro


def status_cold(context: Context) -> Work:
    from sutro_jobs import Sutro

    client(context)
    sutro = Sutro(api_key=KEY, api_url=context.url)
    return lambda: sutro.get_job_status("structured") == "SUCCEEDED"


def status_warm(context: Context) -> Work:
    sutro = client(context)
    return lambda: sutro.get_job_status("structured") == "SUCCEEDED"


def first_job(context: Context) -> Work:
    sutro = client(context)

    def work() -> str:
        jobs = iter(sutro.list_jobs())
        return next(jobs).job_id

    return work


def list_objects(context: Context) -> Work:
    sutro = client(context)
    return lambda: len(sutro.list_jobs().to_list())


def list_frame(context: Context) -> Work:
    sutro = client(context)
    return lambda: sutro.list_jobs().to_polars().height


def iterate(context: Context) -> Work:
    sutro = client(context)
    return lambda: sum(1 for _ in sutro.list_jobs())


def results(**options: bool) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        sutro = client(context)
        return lambda: sutro.get_job_results("structured", disable_cache=True, **options).height

    return prepare


def download(job_id: str, **columns: bool) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        sutro, path = client(context), f"{context.scratch}/download.parquet"
        return lambda: sutro.download_job_results(job_id, path, **columns).stat().st_size

    return prepare


def column(context: Context) -> Work:
    import polars as pl

    sutro = client(context)

    def work() -> float:
        lazy = sutro.scan_job_results("large", **ALL, disable_cache=True)
        return round(lazy.select(pl.col("cumulative_logprobs").mean()).collect().item(), 6)

    return work


def head(context: Context) -> Work:
    sutro = client(context)

    def work() -> int:
        lazy = sutro.scan_job_results("large", **ALL, disable_cache=True)
        return lazy.head(100).collect().height

    return work


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
