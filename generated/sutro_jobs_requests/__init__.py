"""Method, path and parameters of each operation, as the generated client builds them.

Written by `make generate`; never edited by hand.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, Self
from urllib.parse import quote

from attrs import define as _attrs_define
from attrs import field as _attrs_field


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


@_attrs_define
class JobResultsRequest:
    """Which results are asked for.

    Attributes:
        job_id (str): Public identifier of the job.
        include_inputs (bool | Unset): Whether the inputs given to the model are part of the results. Default: False.
        include_cumulative_logprobs (bool | Unset): Whether the cumulative log-probability of each output is part of the
            results. Default: False.
    """

    job_id: str
    include_inputs: bool | Unset = False
    include_cumulative_logprobs: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = self.job_id
        include_inputs = self.include_inputs
        include_cumulative_logprobs = self.include_cumulative_logprobs
        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({"job_id": job_id})
        if include_inputs is not UNSET:
            field_dict["include_inputs"] = include_inputs
        if include_cumulative_logprobs is not UNSET:
            field_dict["include_cumulative_logprobs"] = include_cumulative_logprobs
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        job_id = d.pop("job_id")
        include_inputs = d.pop("include_inputs", UNSET)
        include_cumulative_logprobs = d.pop("include_cumulative_logprobs", UNSET)
        job_results_request = cls(
            job_id=job_id,
            include_inputs=include_inputs,
            include_cumulative_logprobs=include_cumulative_logprobs,
        )
        job_results_request.additional_properties = d
        return job_results_request

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties


def get_job_results_by_post(*, body: JobResultsRequest) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    _kwargs: dict[str, Any] = {"method": "post", "url": "/job-results"}
    _kwargs["json"] = body.to_dict()
    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
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


def get_job(job_id: str) -> dict[str, Any]:
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/jobs/{job_id}".format(job_id=quote(str(job_id), safe="")),
    }
    return _kwargs


class ResultsFileFormat(StrEnum):
    PARQUET = "parquet"

    def __str__(self) -> str:
        return str(self.value)


def get_job_results_url(
    job_id: str,
    *,
    format_: ResultsFileFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
    expires_in_seconds: int | Unset = 3600,
) -> dict[str, Any]:
    params: dict[str, Any] = {}
    json_format_: str | Unset = UNSET
    if not isinstance(format_, Unset):
        json_format_ = format_.value
    params["format"] = json_format_
    params["include_inputs"] = include_inputs
    params["include_cumulative_logprobs"] = include_cumulative_logprobs
    params["expires_in_seconds"] = expires_in_seconds
    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/jobs/{job_id}/results-url".format(job_id=quote(str(job_id), safe="")),
        "params": params,
    }
    return _kwargs
