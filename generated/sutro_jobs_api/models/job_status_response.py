from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.job_status_by_id import JobStatusById
    from ..models.job_status_metadata import JobStatusMetadata


T = TypeVar("T", bound="JobStatusResponse")


@_attrs_define
class JobStatusResponse:
    """Status of one job.

    Attributes:
        message (str): Says that the status was read.
        job_status (JobStatusById | str): The status of the job, keyed by the job's ID. Older editions send the bare
            status.
        metadata (JobStatusMetadata | None | Unset): More about the status, null where there is nothing to say.
    """

    message: str
    job_status: JobStatusById | str
    metadata: JobStatusMetadata | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.job_status_by_id import JobStatusById
        from ..models.job_status_metadata import JobStatusMetadata

        message = self.message

        job_status: dict[str, Any] | str
        if isinstance(self.job_status, JobStatusById):
            job_status = self.job_status.to_dict()
        else:
            job_status = self.job_status

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, JobStatusMetadata):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "message": message,
                "job_status": job_status,
            }
        )
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.job_status_by_id import JobStatusById
        from ..models.job_status_metadata import JobStatusMetadata

        d = dict(src_dict)
        message = d.pop("message")

        def _parse_job_status(data: object) -> JobStatusById | str:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                job_status_type_0 = JobStatusById.from_dict(data)

                return job_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobStatusById | str, data)

        job_status = _parse_job_status(d.pop("job_status"))

        def _parse_metadata(data: object) -> JobStatusMetadata | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = JobStatusMetadata.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobStatusMetadata | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        job_status_response = cls(
            message=message,
            job_status=job_status,
            metadata=metadata,
        )

        job_status_response.additional_properties = d
        return job_status_response

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
