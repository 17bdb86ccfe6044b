from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.failure_reason import FailureReason


T = TypeVar("T", bound="JobStatusMetadata")


@_attrs_define
class JobStatusMetadata:
    """More about the status of a job.

    Attributes:
        failure_reason (FailureReason | None | Unset): Why the job failed.
        additional_context (Any | Unset): Anything else that the service knows about the failure. Seen in older
            editions.
    """

    failure_reason: FailureReason | None | Unset = UNSET
    additional_context: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.failure_reason import FailureReason

        failure_reason: dict[str, Any] | None | Unset
        if isinstance(self.failure_reason, Unset):
            failure_reason = UNSET
        elif isinstance(self.failure_reason, FailureReason):
            failure_reason = self.failure_reason.to_dict()
        else:
            failure_reason = self.failure_reason

        additional_context = self.additional_context

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if failure_reason is not UNSET:
            field_dict["failure_reason"] = failure_reason
        if additional_context is not UNSET:
            field_dict["additional_context"] = additional_context

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.failure_reason import FailureReason

        d = dict(src_dict)

        def _parse_failure_reason(data: object) -> FailureReason | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                failure_reason_type_0 = FailureReason.from_dict(data)

                return failure_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FailureReason | None | Unset, data)

        failure_reason = _parse_failure_reason(d.pop("failure_reason", UNSET))

        additional_context = d.pop("additional_context", UNSET)

        job_status_metadata = cls(
            failure_reason=failure_reason,
            additional_context=additional_context,
        )

        job_status_metadata.additional_properties = d
        return job_status_metadata

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
