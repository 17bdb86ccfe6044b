from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ResultsArtifact")


@_attrs_define
class ResultsArtifact:
    """The results file in the object store.

    Attributes:
        bucket (str): Bucket that holds the file.
        key (str): Key of the file in its bucket.
        filename (str): Name to save the file under.
        size_bytes (int): Size of the file in bytes.
    """

    bucket: str
    key: str
    filename: str
    size_bytes: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bucket = self.bucket

        key = self.key

        filename = self.filename

        size_bytes = self.size_bytes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bucket": bucket,
                "key": key,
                "filename": filename,
                "size_bytes": size_bytes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        bucket = d.pop("bucket")

        key = d.pop("key")

        filename = d.pop("filename")

        size_bytes = d.pop("size_bytes")

        results_artifact = cls(
            bucket=bucket,
            key=key,
            filename=filename,
            size_bytes=size_bytes,
        )

        results_artifact.additional_properties = d
        return results_artifact

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
