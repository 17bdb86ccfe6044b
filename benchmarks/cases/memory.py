"""Works on a job of four million rows, in a process whose memory is limited."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from measure import KEY, peak_mib

EVERYTHING = {"include_inputs": True, "include_cumulative_logprobs": True}


def eager(sutro, scratch: Path) -> object:
    return sutro.get_job_results("big", disable_cache=True, **EVERYTHING).height


def download(sutro, scratch: Path) -> object:
    path = sutro.download_job_results("big", scratch / "big.parquet", **EVERYTHING)
    return path.stat().st_size


def scan(sutro):
    return sutro.scan_job_results("big", unpack_json=False, disable_cache=True, **EVERYTHING)


def filtered(sutro, scratch: Path) -> object:
    import polars as pl

    unlikely = pl.col("cumulative_logprobs") < -80
    return scan(sutro).filter(unlikely).select("inference_result").collect().height


def grouped(sutro, scratch: Path) -> object:
    import polars as pl

    verdict = pl.col("inference_result").str.split(": ").list.first()
    means = scan(sutro).group_by(verdict).agg(pl.len(), pl.col("cumulative_logprobs").mean())
    return int(means.collect(engine="streaming")["len"].sum())


def every_byte(sutro, scratch: Path) -> object:
    import polars as pl

    sizes = scan(sutro).select(pl.col("inputs", "inference_result").str.len_bytes().sum())
    return sum(sizes.collect(engine="streaming").row(0))


CASES: dict[str, Callable[..., object]] = {
    "eager": eager,
    "download": download,
    "filtered": filtered,
    "grouped": grouped,
    "every_byte": every_byte,
}


def main() -> None:
    """Run the case that the command line names: CASE URL SCRATCH LIMIT_MIB."""
    import polars as pl

    from sutro_jobs import Sutro

    case, url, scratch, limit = sys.argv[1:]
    with Sutro(api_key=KEY, api_url=url) as sutro:
        small = sutro.scan_job_results("text-10000", disable_cache=True)
        small.select(pl.len()).collect(engine="streaming")
        most = int(limit) * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        baseline, began = peak_mib(), time.perf_counter()
        outcome = CASES[case](sutro, Path(scratch))
        seconds = time.perf_counter() - began
    found = {"seconds": seconds, "baseline": baseline, "peak": peak_mib(), "outcome": outcome}
    print(json.dumps(found))


main()
