from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.job_results import JobResults


T = TypeVar("T", bound="JobResultsResponse")


@_attrs_define
class JobResultsResponse:
    """Results of one job, in the older form.

    Attributes:
        results (JobResults): Results as columns: arrays of equal length, in the order of the input rows. Beside the
            named columns it holds
            the ID column of a job that was made with an `id_column_name`, under that column's name.
        message (str | Unset): Says that the results were read.
    """

    results: JobResults
    message: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        results = self.results.to_dict()

        message = self.message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "results": results,
            }
        )
        if message is not UNSET:
            field_dict["message"] = message

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.job_results import JobResults

        d = dict(src_dict)
        results = JobResults.from_dict(d.pop("results"))

        message = d.pop("message", UNSET)

        job_results_response = cls(
            results=results,
            message=message,
        )

        job_results_response.additional_properties = d
        return job_results_response

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
