"""The least that Python libraries need for each case: no checks, no retries, no choices."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

from measure import KEY, Context, Work, main

HEADERS = {"Authorization": f"Key {KEY}"}


def client(context: Context):
    """Return a client that has made a call, so that imports and connecting are not timed."""
    import httpx

    verify: ssl.SSLContext | bool = False
    if context.url.startswith("https"):
        verify = ssl.create_default_context(cafile=f"{context.data}/authority.pem")
    http = httpx.Client(base_url=f"{context.url}/v1", headers=HEADERS, verify=verify)
    http.get("/job-status/structured")
    return http


def warm(context: Context):
    """Return a client that has read some results."""
    import polars as pl

    http = client(context)
    pl.read_parquet(fetch(context, http, "text-10000"))
    return http


def fetch(context: Context, http, job_id: str, **flags: str) -> Path:
    path = Path(context.scratch) / "results.parquet"
    url, params = f"/jobs/{job_id}/results", {"format": "parquet", **flags}
    with http.stream("GET", url, params=params) as response, path.open("wb") as file:
        for chunk in response.iter_raw():
            file.write(chunk)
    return path


def text(job_id: str, **flags: str) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        import polars as pl

        http = warm(context)
        return lambda: pl.read_parquet(fetch(context, http, job_id, **flags)).shape

    return prepare


def dtype():
    import polars as pl

    strings = {"sentiment": pl.String, "score": pl.Float64, "needs_reply": pl.Boolean}
    rest = {"order_age_days": pl.Int64, "topics": pl.List(pl.String), "summary": pl.String}
    return pl.Struct(strings | rest)


def structured(context: Context) -> Work:
    import polars as pl

    http, known = warm(context), dtype()

    def work() -> object:
        frame = pl.read_parquet(fetch(context, http, "structured"))
        return frame["outputs"].str.json_decode(known).struct.unnest().shape

    return work


def structured_lines(context: Context) -> Work:
    import polars as pl

    http, known = warm(context), dtype()

    def work() -> object:
        frame = pl.read_parquet(fetch(context, http, "structured"))
        lines = frame["outputs"].str.join("\n").item().encode()
        return pl.read_ndjson(lines, schema=dict(known)).shape

    return work


def joined(context: Context) -> Work:
    import pandas as pd
    import polars as pl

    http = client(context)
    original = pd.read_parquet(f"{context.data}/original.parquet")

    def join(job_id: str, rows: int) -> object:
        frame = pl.read_parquet(fetch(context, http, job_id)).to_pandas()
        return original.head(rows).assign(inference_result=frame["outputs"].array).shape

    join("text-10000", 10_000)
    return lambda: join("text-1000000", 1_000_000)


def cached(context: Context) -> Work:
    import polars as pl

    warm(context)
    return lambda: pl.read_parquet(f"{context.scratch}/unpacked.parquet").shape


def fill_cache(context: Context) -> Work:
    import polars as pl

    http = client(context)

    def work() -> None:
        frame = pl.read_parquet(fetch(context, http, "structured"))
        unpacked = frame["outputs"].str.json_decode(dtype()).struct.unnest()
        unpacked.write_parquet(f"{context.scratch}/unpacked.parquet")

    return work


def decoder(paged: bool):
    """Return a decoder of job lists that leaves nested values as they are."""
    import msgspec

    plain = ["status", "model", "job_id"]
    optional = ["system_prompt", "datetime_created", "datetime_started", "datetime_completed"]
    optional += ["name", "description", "dataset_id"]
    fields: list[tuple[str, object]] = [(name, str) for name in plain]
    fields += [(name, str | None) for name in optional]
    fields += [(name, int | None) for name in ("input_tokens", "output_tokens", "num_rows")]
    fields += [(name, float | None) for name in ("job_cost", "cost_estimate")]
    fields += [(name, msgspec.Raw) for name in ("json_schema", "sampling_params", "failure_reason")]
    fields += [("job_priority", int), ("run_type", str)]
    job = msgspec.defstruct("Job", fields, gc=False)
    answer = [("jobs", list[job])] + ([("next_cursor", str | None)] if paged else [])
    return msgspec.json.Decoder(msgspec.defstruct("JobList", answer)), job


def list_frame(context: Context) -> Work:
    import polars as pl

    http = client(context)
    jobs, job = decoder(paged=False)
    nested = ("json_schema", "sampling_params", "failure_reason")

    def work() -> object:
        decoded = jobs.decode(http.get("/list-jobs").content).jobs
        columns = {}
        for name in job.__struct_fields__:
            values = [getattr(row, name) for row in decoded]
            columns[name] = [bytes(v).decode() for v in values] if name in nested else values
        return pl.DataFrame(columns).shape

    return work


def list_objects(context: Context) -> Work:
    http = client(context)
    jobs, _ = decoder(paged=False)
    return lambda: sum(
        job.status == "SUCCEEDED" for job in jobs.decode(http.get("/list-jobs").content).jobs
    )


def pages(context: Context) -> Work:
    http = client(context)
    page, _ = decoder(paged=True)

    def work() -> object:
        found, parameters = 0, {"limit": "100"}
        while True:
            decoded = page.decode(http.get("/list-jobs", params=parameters).content)
            found += sum(job.status == "SUCCEEDED" for job in decoded.jobs)
            if decoded.next_cursor is None:
                return found
            parameters["cursor"] = decoded.next_cursor

    return work


def calls(count: int) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        http = client(context)

        def call() -> bool:
            answer = http.get("/job-status/structured").json()
            return answer["job_status"]["structured"] == "SUCCEEDED"

        return lambda: sum(call() for _ in range(count))

    return prepare


def async_calls(concurrency: int, count: int = 2_000) -> Callable[[Context], Work]:
    def prepare(context: Context) -> Work:
        import httpx

        http = httpx.AsyncClient(base_url=f"{context.url}/v1", headers=HEADERS)

        async def worker(share: int) -> int:
            found = 0
            for _ in range(share):
                answer = (await http.get("/job-status/structured")).json()
                found += answer["job_status"]["structured"] == "SUCCEEDED"
            return found

        async def run() -> int:
            return sum(
                await asyncio.gather(*[worker(count // concurrency) for _ in range(concurrency)])
            )

        return lambda: asyncio.run(run())

    return prepare


def imported(context: Context) -> Work:
    def work() -> None:
        import httpx  # noqa: F401
        import msgspec  # noqa: F401

    return work


def first_call(context: Context) -> Work:
    def work() -> bool:
        import httpx
        import msgspec

        http = httpx.Client(base_url=f"{context.url}/v1", headers=HEADERS)
        answer = msgspec.json.decode(http.get("/job-status/structured").content)
        return answer["job_status"]["structured"] == "SUCCEEDED"

    return work


if __name__ == "__main__":
    main(
        {
            "text": text("text-1000000"),
            "everything": text(
                "text-1000000", include_inputs="true", include_cumulative_logprobs="true"
            ),
            "structured": structured,
            "structured_lines": structured_lines,
            "packed": text("structured"),
            "joined": joined,
            "cached": cached,
            "fill_cache": fill_cache,
            "list_frame": list_frame,
            "list_objects": list_objects,
            "pages": pages,
            "calls_http": calls(2_000),
            "calls_https": calls(2_000),
            "import": imported,
            "first_call": first_call,
            **{f"text_{rows}": text(f"text-{rows}") for rows in (10_000, 100_000, 4_000_000)},
            **{f"async_calls_{n}": async_calls(n) for n in (1, 2, 5, 10, 100)},
        }
    )
