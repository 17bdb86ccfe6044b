from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.presigned_urls import PresignedUrls
    from ..models.results_artifact import ResultsArtifact


T = TypeVar("T", bound="JobResultsUrl")


@_attrs_define
class JobResultsUrl:
    """Where the results of a job are, and how they were asked for.

    Attributes:
        job_id (str): Public identifier of the job.
        format_ (str): Form of the file.
        include_inputs (bool): Whether the inputs are in the file.
        include_cumulative_logprobs (bool): Whether the cumulative log-probabilities are in the file.
        expires_in_seconds (int): How long the URLs are good for, in seconds.
        artifact (ResultsArtifact): The results file in the object store.
        urls (PresignedUrls): URLs that carry their own authorization. Treat them like the API key.
    """

    job_id: str
    format_: str
    include_inputs: bool
    include_cumulative_logprobs: bool
    expires_in_seconds: int
    artifact: ResultsArtifact
    urls: PresignedUrls
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = self.job_id

        format_ = self.format_

        include_inputs = self.include_inputs

        include_cumulative_logprobs = self.include_cumulative_logprobs

        expires_in_seconds = self.expires_in_seconds

        artifact = self.artifact.to_dict()

        urls = self.urls.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
                "format": format_,
                "include_inputs": include_inputs,
                "include_cumulative_logprobs": include_cumulative_logprobs,
                "expires_in_seconds": expires_in_seconds,
                "artifact": artifact,
                "urls": urls,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.presigned_urls import PresignedUrls
        from ..models.results_artifact import ResultsArtifact

        d = dict(src_dict)
        job_id = d.pop("job_id")

        format_ = d.pop("format")

        include_inputs = d.pop("include_inputs")

        include_cumulative_logprobs = d.pop("include_cumulative_logprobs")

        expires_in_seconds = d.pop("expires_in_seconds")

        artifact = ResultsArtifact.from_dict(d.pop("artifact"))

        urls = PresignedUrls.from_dict(d.pop("urls"))

        job_results_url = cls(
            job_id=job_id,
            format_=format_,
            include_inputs=include_inputs,
            include_cumulative_logprobs=include_cumulative_logprobs,
            expires_in_seconds=expires_in_seconds,
            artifact=artifact,
            urls=urls,
        )

        job_results_url.additional_properties = d
        return job_results_url

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
