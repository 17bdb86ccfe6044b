"""Calls the vendor's SDK in an environment of its own and prints what it returned as JSON."""

import json
import sys

import polars as pl
import sutro

url, key, job, cancelled = sys.argv[1:]
client = sutro.Sutro(api_key=key)
set_url = getattr(client, "set_api_url", None) or client.set_base_url
set_url(url)
frame = client.get_job_results(
    job, include_inputs=True, include_cumulative_logprobs=True, disable_cache=True
)
failed = client.get_job_status("job-films-failed")
downloaded = None
# Since 0.1.65.
if hasattr(client, "download_job_results"):
    downloaded = client.download_job_results(job, "downloaded/", include_inputs=True)
answer = {
    "jobs": len(client.list_jobs()),
    "status": str(client.get_job_status(job)),
    "failed": str(failed),
    "columns": sorted(frame.columns),
    "rows": frame.height,
    "downloaded": downloaded and pl.read_parquet(downloaded).height,
    "cancelled": client.cancel_job(cancelled)["cancelled"],
}
sys.stdout.write(f"\n@{json.dumps(answer)}\n")
