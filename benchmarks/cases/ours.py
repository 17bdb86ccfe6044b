"""What `sutro_jobs` does, at its own defaults apart from its cache."""

from collections.abc import Callable

from measure import KEY, Context, Work, main


def client(context: Context):
    """Return a client that has made a call, so that imports and connecting are not timed."""
    from sutro_jobs import Sutro

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
    import polars  # noqa: F401

    sutro = client(context)
    return lambda: sutro.list_jobs(page_size=None).to_polars().shape


def list_objects(context: Context) -> Work:
    sutro = client(context)
    return lambda: sum(job.status == "SUCCEEDED" for job in sutro.list_jobs(page_size=None))


def pages(context: Context) -> Work:
    sutro = client(context)
    return lambda: sum(job.status == "SUCCEEDED" for job in sutro.list_jobs())


def calls(count: int) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        sutro = client(context)
        return lambda: sum(sutro.get_job_status("structured") == "SUCCEEDED" for _ in range(count))

    return prepare


def async_calls(tasks: int, count: int = 2_000) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        import asyncio

        from sutro_jobs import AsyncSutro

        async def worker(sutro: AsyncSutro, share: int) -> int:
            found = 0
            for _ in range(share):
                found += await sutro.get_job_status("structured") == "SUCCEEDED"
            return found

        async def run() -> int:
            async with AsyncSutro(api_key=KEY, api_url=context.url) as sutro:
                shares = [worker(sutro, count // tasks) for _ in range(tasks)]
                return sum(await asyncio.gather(*shares))

        return lambda: asyncio.run(run())

    return prepare


def imported(context: Context) -> Work:
    def work() -> None:
        from sutro_jobs import AsyncSutro, Sutro  # noqa: F401

    return work


def first_call(context: Context) -> Work:
    def work() -> bool:
        from sutro_jobs import Sutro

        sutro = Sutro(api_key=KEY, api_url=context.url)
        return sutro.get_job_status("structured") == "SUCCEEDED"

    return work


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
        "pages": pages,
        "calls_http": calls(2_000),
        "calls_https": calls(2_000),
        "async_calls": async_calls(100),
        "import": imported,
        "first_call": first_call,
        **{f"text_{rows}": results(f"text-{rows}") for rows in (10_000, 100_000, 4_000_000)},
    }
)
