"""The catalogue of wrong servers, one module for each thing that can be wrong."""

from importlib import import_module

TOPICS = {
    "jobs": "Job objects",
    "times": "Times of a job",
    "lists": "Lists",
    "limits": "Bounds of `limit`",
    "order": "Order and completeness of lists",
    "pages": "Pages",
    "cursors": "Cursors",
    "keys": "Keys",
    "refusals": "Refused keys",
    "tenants": "Tenants",
    "status": "Status",
    "states": "States over time",
    "early": "Results before success",
    "rows": "Rows of results",
    "flags": "Columns of results",
    "outputs": "Outputs",
    "formats": "`format`",
    "csvs": "CSV",
    "parquets": "Parquet",
    "values": "Values in one format alone",
    "ranges": "Parts of results",
    "cancels": "Cancellation",
    "effects": "Effects of a cancellation",
    "answers": "Answers to a cancellation",
    "methods": "Methods",
    "ids": "Job ids",
    "errors": "Errors",
    "bodies": "Bodies",
    "caches": "Caches",
    "requests": "Requests",
    "races": "Concurrency",
}

for topic in TOPICS:
    import_module(f".{topic}", __package__)
