"""Makes the account that the rows at a distance read, in a store of the reference server."""

import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from benchmarks import data, text

COMMAND = str(Path(sys.executable).with_name("sutro-jobs"))
TENANT = "benchmark"
JOBS = 20_000
# Sizes of the Parquet files that the server sends: 30 MB of outputs, 500 MB of all columns.
ROWS = {"small": 10, "structured": 1_000, "medium": 265_000, "large": 930_000}
COLUMNS = {"--output": "outputs", "--input": "inputs", "--logprob": "cumulative_logprobs"}


def make_store(root: Path) -> Path:
    """Return the store's folder, which is filled unless it was before."""
    folder = root / "distance"
    marker = folder / ".done"
    if not marker.exists():
        folder.mkdir(parents=True, exist_ok=True)
        add_jobs(folder)
        add_results(folder)
        marker.touch()
    return folder / "store"


def add_jobs(folder: Path) -> None:
    """Store the list of jobs that have no results here."""
    rng = np.random.default_rng(data.SEED + 5)
    jobs = [data.job(rng, number) for number in range(JOBS - len(ROWS))]
    path = folder / "jobs.json"
    path.write_bytes(msgspec.json.encode(jobs))
    import_(folder, "--jobs", str(path))


def add_results(folder: Path) -> None:
    """Store a job of each size; the structured one is the oldest of all, the others the newest."""
    rng = np.random.default_rng(data.SEED + 6)
    schema = folder / "schema.json"
    schema.write_bytes(msgspec.json.encode(data.SCHEMA))
    outputs = data.structured_outputs(rng, ROWS["structured"])
    oldest = ["--created", "2020-01-01T00:00:00Z", "--json-schema", str(schema)]
    add_job(folder, "structured", pl.DataFrame({"outputs": outputs}), *oldest)
    for job_id in ("small", "medium"):
        add_job(folder, job_id, pl.DataFrame({"outputs": text.summaries(rng, ROWS[job_id])}))
    columns = {
        "outputs": text.summaries(rng, ROWS["large"]),
        "inputs": text.reviews(rng, ROWS["large"], 12),
        "cumulative_logprobs": data.logprobs(rng, ROWS["large"]),
    }
    add_job(folder, "large", pl.DataFrame(columns))


def add_job(folder: Path, job_id: str, frame: pl.DataFrame, *options: str) -> None:
    """Store a job with results."""
    path = folder / f"{job_id}.parquet"
    frame.write_parquet(path, compression="snappy")
    columns = [part for pair in COLUMNS.items() if pair[1] in frame.columns for part in pair]
    import_(folder, str(path), "--job-id", job_id, *columns, *options)
    path.unlink()


def import_(folder: Path, *arguments: str) -> None:
    """Run the server's import."""
    common = ["import", "--data", str(folder / "store"), "--tenant", TENANT]
    subprocess.run([COMMAND, *common, *arguments], check=True)
