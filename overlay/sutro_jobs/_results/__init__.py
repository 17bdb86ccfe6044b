"""Results of jobs: from the wire to a file, from there to frames of every kind."""

from .download.download import download_job_results
from .flows import get_job_results, scan_job_results
from .options import DownloadOptions, OnInvalidJSON, Reasoning, ResultsOptions

__all__ = [
    "DownloadOptions",
    "OnInvalidJSON",
    "Reasoning",
    "ResultsOptions",
    "download_job_results",
    "get_job_results",
    "scan_job_results",
]
