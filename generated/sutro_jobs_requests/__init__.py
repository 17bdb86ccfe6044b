"""Method, path and parameters of each operation, as the generated client builds them.

Written by `make generate`; never edited by hand.
"""

from enum import StrEnum
from typing import Any, Literal
from urllib.parse import quote


class Unset:
    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()


def list_jobs(
    *, limit: int | Unset = UNSET, cursor: str | Unset = UNSET
) -> dict[str, Any]:
    params: dict[str, Any] = {}
    params["limit"] = limit
    params["cursor"] = cursor
    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}
    _kwargs: dict[str, Any] = {"method": "get", "url": "/list-jobs", "params": params}
    return _kwargs


def get_job_status(job_id: str) -> dict[str, Any]:
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/job-status/{job_id}".format(job_id=quote(str(job_id), safe="")),
    }
    return _kwargs


class ResultsFormat(StrEnum):
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"

    def __str__(self) -> str:
        return str(self.value)


def get_job_results(
    job_id: str,
    *,
    format_: ResultsFormat,
    result_format: ResultsFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
) -> dict[str, Any]:
    params: dict[str, Any] = {}
    json_format_ = format_.value
    params["format"] = json_format_
    json_result_format: str | Unset = UNSET
    if not isinstance(result_format, Unset):
        json_result_format = result_format.value
    params["result_format"] = json_result_format
    params["include_inputs"] = include_inputs
    params["include_cumulative_logprobs"] = include_cumulative_logprobs
    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/jobs/{job_id}/results".format(job_id=quote(str(job_id), safe="")),
        "params": params,
    }
    return _kwargs


def cancel_job(job_id: str) -> dict[str, Any]:
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/job-cancel/{job_id}".format(job_id=quote(str(job_id), safe="")),
    }
    return _kwargs


def cancel_job_by_post(job_id: str) -> dict[str, Any]:
    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/job-cancel/{job_id}".format(job_id=quote(str(job_id), safe="")),
    }
    return _kwargs
