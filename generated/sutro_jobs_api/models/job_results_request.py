from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="JobResultsRequest")


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
        field_dict.update(
            {
                "job_id": job_id,
            }
        )
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
