"""What the vendor's SDK does, at its own defaults apart from its cache."""

import socket
from collections.abc import Callable

from measure import KEY, Context, Work, main

_resolve = socket.getaddrinfo


def _offline(host: object, *arguments: object, **options: object) -> object:
    """Refuse the package index at once: the SDK asks it for newer versions on import."""
    if host == "pypi.org":
        raise OSError
    return _resolve(host, *arguments, **options)


socket.getaddrinfo = _offline  # type: ignore[assignment]


def client(context: Context):
    """Return a client that has made a call, so that imports are not timed."""
    from sutro import Sutro

    sutro = Sutro(api_key=KEY, api_url=context.url)
    sutro.get_job_status("structured")
    return sutro


def warm(context: Context):
    """Return a client that has read some results."""
    sutro = client(context)
    sutro.get_job_results("text-10000", disable_cache=True)
    return sutro


def results(job_id: str, **options: bool) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        sutro = warm(context)
        return lambda: sutro.get_job_results(job_id, disable_cache=True, **options).shape

    return prepare


def joined(context: Context) -> Work:
    import pandas as pd

    sutro = client(context)
    original = pd.read_parquet(f"{context.data}/original.parquet")

    def join(job_id: str, rows: int) -> object:
        frame = original.head(rows)
        return sutro.get_job_results(job_id, disable_cache=True, with_original_df=frame).shape

    join("text-10000", 10_000)
    return lambda: join("text-1000000", 1_000_000)


def cached(context: Context) -> Work:
    sutro = warm(context)
    return lambda: sutro.get_job_results("structured").shape


def list_frame(context: Context) -> Work:
    import polars as pl

    sutro = client(context)
    return lambda: pl.DataFrame(sutro.list_jobs(), infer_schema_length=None).shape


def list_objects(context: Context) -> Work:
    sutro = client(context)
    return lambda: sum(job["status"] == "SUCCEEDED" for job in sutro.list_jobs())


def calls(count: int) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        sutro = client(context)
        return lambda: sum(sutro.get_job_status("structured") == "SUCCEEDED" for _ in range(count))

    return prepare


def imported(context: Context) -> Work:
    def work() -> None:
        import sutro  # noqa: F401

    return work


def first_call(context: Context) -> Work:
    return lambda: client(context) is not None


if __name__ == "__main__":
    main(
        {
            "text": results("text-1000000"),
            "everything": results(
                "text-1000000", include_inputs=True, include_cumulative_logprobs=True
            ),
            "structured": results("structured"),
            "packed": results("structured", unpack_json=False),
            "joined": joined,
            "cached": cached,
            "fill_cache": cached,
            "list_frame": list_frame,
            "list_objects": list_objects,
            "calls_http": calls(500),
            "calls_https": calls(100),
            "import": imported,
            "first_call": first_call,
            **{f"text_{rows}": results(f"text-{rows}") for rows in (10_000, 100_000, 4_000_000)},
        }
    )
