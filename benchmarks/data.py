"""Makes jobs and results, in each form that a client asks for, from a fixed seed."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pyarrow.parquet as pq

from benchmarks import text

SEED = 20_261_122
ROW_GROUP = 131_072
TEXT_ROWS = (10_000, 100_000, 1_000_000, 4_000_000)
STRUCTURED_ROWS = 1_000_000
JOBS = 100_000
PAGE = 100
BIG_ROWS = 4_000_000
BIG_ROW_GROUP = 10_000
PARTS, PART_ROWS = 50, 20_000

SCHEMA = {
    "type": "object",
    "properties": {
        "sentiment": {"type": "string", "enum": text.VERDICTS},
        "score": {"type": "number"},
        "needs_reply": {"type": "boolean"},
        "order_age_days": {"type": "integer"},
        "topics": {"type": "array", "items": {"type": "string"}},
        "summary": {"type": "string"},
    },
    "required": ["sentiment", "score", "needs_reply", "order_age_days", "topics", "summary"],
    "additionalProperties": False,
}


def logprobs(rng: np.random.Generator, rows: int) -> pl.Series:
    """Return a cumulative log-probability for each row."""
    return pl.Series(np.round(-rng.gamma(4.0, 6.0, rows), 6))


def structured_outputs(rng: np.random.Generator, rows: int) -> pl.Series:
    """Return JSON strings that follow `SCHEMA`."""
    topics = pl.concat_list([pl.lit(text.pick(rng, text.TOPICS, rows)) for _ in range(2)])
    fields = [
        pl.lit(text.pick(rng, text.VERDICTS, rows)).alias("sentiment"),
        pl.lit(pl.Series(rng.random(rows).round(4))).alias("score"),
        pl.lit(pl.Series(rng.random(rows) < 0.2)).alias("needs_reply"),
        pl.lit(pl.Series(rng.integers(0, 720, rows))).alias("order_age_days"),
        topics.alias("topics"),
        pl.lit(text.summaries(rng, rows, 1)).alias("summary"),
    ]
    return pl.select(pl.struct(fields).struct.json_encode()).to_series()


def write_results(
    folder: Path, outputs: pl.Series, inputs: pl.Series | None, json_form: bool
) -> None:
    """Write one job's results in each form that a case asks for."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    forms = {"outputs": pl.DataFrame({"outputs": outputs})}
    if inputs is not None:
        columns = {"inputs": inputs, "outputs": outputs}
        columns["cumulative_logprobs"] = logprobs(rng, len(outputs))
        forms["outputs-inputs-logprobs"] = pl.DataFrame(columns)
    for name, frame in forms.items():
        frame.write_parquet(
            folder / f"{name}.parquet", compression="snappy", row_group_size=ROW_GROUP
        )
        if json_form:
            results = {"results": frame.to_dict(as_series=False), "message": "Results retrieved."}
            (folder / f"{name}.json").write_bytes(msgspec.json.encode(results))


def write_big(root: Path) -> None:
    """Write a job whose rows do not fit into the memory that the demonstration grants."""
    folder = root / "big"
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED + 2)
    writer: pq.ParquetWriter | None = None
    for _ in range(0, BIG_ROWS, 250_000):
        outputs = text.summaries(rng, 250_000)
        columns = {"inputs": text.reviews(rng, 250_000, 12), "outputs": outputs}
        columns["cumulative_logprobs"] = logprobs(rng, 250_000)
        table = pl.DataFrame(columns).to_arrow(compat_level=pl.CompatLevel.oldest())
        path = folder / "outputs-inputs-logprobs.parquet"
        writer = writer or pq.ParquetWriter(path, table.schema, compression="snappy")
        writer.write_table(table, row_group_size=BIG_ROW_GROUP)
    if writer:
        writer.close()


def job(rng: np.random.Generator, number: int) -> dict[str, object]:
    """Return one job of the list, newest first by number."""
    created = np.datetime64("2026-11-01T00:00:00") - np.timedelta64(int(number) * 97, "s")
    structured, failed = number % 5 == 0, number % 37 == 0
    tokens = int(rng.integers(2_000, 9_000_000))
    return {
        "job_id": f"job-{number:08d}-{int(rng.integers(2**32)):08x}",
        "status": "FAILED" if failed else "SUCCEEDED",
        "model": ["gpt-oss-120b", "qwen-3.5-27b", "gemma-4-31b-it"][number % 3],
        "system_prompt": "You read a customer's review of a product and say what it is about. "
        "Answer in one sentence, name the product, and quote no personal data.",
        "job_priority": number % 2,
        "datetime_created": f"{created}.{int(rng.integers(10**6)):06d}Z",
        "datetime_started": f"{created + 15}.000000Z",
        "datetime_completed": f"{created + 900}.000000Z",
        "json_schema": SCHEMA if structured else None,
        "sampling_params": {"temperature": 0.7, "top_p": 0.95, "max_tokens": 2048},
        "name": f"Reviews of week {number % 53}",
        "description": None,
        "dataset_id": f"dataset-{number % 997}",
        "input_tokens": tokens,
        "output_tokens": tokens // 3,
        "job_cost": None if failed else round(tokens * 2e-7, 6),
        "num_rows": tokens // 150,
        "failure_reason": {"message": "The model could not be loaded."} if failed else None,
        "cost_estimate": round(tokens * 2.1e-7, 6),
        "run_type": "FULL",
    }


def jobs() -> Iterator[dict[str, object]]:
    """Yield the list of jobs: first those with results here, then the others."""
    rng = np.random.default_rng(SEED + 3)
    named = [f"text-{rows}" for rows in TEXT_ROWS] + ["structured", "big"]
    for number, job_id in enumerate(named):
        schema = SCHEMA if job_id == "structured" else None
        ended = {"status": "SUCCEEDED", "failure_reason": None, "json_schema": schema}
        yield job(rng, number) | ended | {"job_id": job_id}
    for number in range(len(named), JOBS):
        yield job(rng, number)


def write_jobs(root: Path) -> None:
    """Write the list whole, and in pages with an index of where each begins and ends."""
    everything = [msgspec.json.encode(job) for job in jobs()]
    message = b'{"message":"Jobs retrieved successfully.","jobs":['
    (root / "jobs.json").write_bytes(message + b",".join(everything) + b"]}")
    index, position = [], 0
    with (root / "pages.json").open("wb") as file:
        for page in range(JOBS // PAGE):
            part = b",".join(everything[page * PAGE : (page + 1) * PAGE])
            cursor = b'"%d"' % (page + 1) if (page + 1) * PAGE < JOBS else b"null"
            data = b'{"jobs":[' + part + b'],"next_cursor":' + cursor + b"}"
            file.write(data)
            index.append((position, position + len(data)))
            position += len(data)
    (root / "pages.index.json").write_text(json.dumps(index))


def write_text(root: Path) -> None:
    """Write the jobs of plain text rows, and the table that their rows came from."""
    for rows in TEXT_ROWS:
        rng = np.random.default_rng(SEED)
        outputs, inputs = text.summaries(rng, rows), text.reviews(rng, rows, 5)
        main = rows == 1_000_000
        write_results(root / f"text-{rows}", outputs, inputs if main else None, json_form=True)
        if main:
            keys = pl.Series("review_id", np.arange(rows) + 10**9)
            original = pl.DataFrame([keys, inputs.alias("review"), logprobs(rng, rows).alias("x")])
            original.write_parquet(root / "original.parquet")


def write_structured(root: Path) -> None:
    """Write the job of structured rows."""
    outputs = structured_outputs(np.random.default_rng(SEED + 1), STRUCTURED_ROWS)
    write_results(root / "structured", outputs, None, json_form=True)


def write_parts(root: Path) -> None:
    """Write the many jobs of the distributed data set."""
    for part in range(PARTS):
        rng = np.random.default_rng(SEED + 100 + part)
        outputs = text.summaries(rng, PART_ROWS)
        write_results(root / f"part-{part:02d}", outputs, text.reviews(rng, PART_ROWS), False)


def make(root: Path) -> None:
    """Write everything that is not there yet."""
    for step in [write_jobs, write_text, write_structured, write_parts, write_big]:
        marker = root / f".{step.__name__}.done"
        if not marker.exists():
            root.mkdir(parents=True, exist_ok=True)
            step(root)
            marker.touch()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    make(parser.parse_args().root)
