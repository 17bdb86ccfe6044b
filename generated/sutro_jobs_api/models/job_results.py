from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="JobResults")


@_attrs_define
class JobResults:
    """Results as columns: arrays of equal length, in the order of the input rows. Beside the named columns it holds
    the ID column of a job that was made with an `id_column_name`, under that column's name.

        Attributes:
            outputs (list[Any]): One output for each input row.
            inputs (list[Any] | Unset): The inputs, where the request asks for them.
            cumulative_logprobs (list[float | None] | Unset): Cumulative log-probabilities, where the request asks for them.
            confidence_score (list[float | None] | Unset): Confidence scores. Seen in the vendor's SDK only.
    """

    outputs: list[Any]
    inputs: list[Any] | Unset = UNSET
    cumulative_logprobs: list[float | None] | Unset = UNSET
    confidence_score: list[float | None] | Unset = UNSET
    additional_properties: dict[str, list[Any]] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        outputs = self.outputs

        inputs: list[Any] | Unset = UNSET
        if not isinstance(self.inputs, Unset):
            inputs = self.inputs

        cumulative_logprobs: list[float | None] | Unset = UNSET
        if not isinstance(self.cumulative_logprobs, Unset):
            cumulative_logprobs = []
            for cumulative_logprobs_item_data in self.cumulative_logprobs:
                cumulative_logprobs_item: float | None
                cumulative_logprobs_item = cumulative_logprobs_item_data
                cumulative_logprobs.append(cumulative_logprobs_item)

        confidence_score: list[float | None] | Unset = UNSET
        if not isinstance(self.confidence_score, Unset):
            confidence_score = []
            for confidence_score_item_data in self.confidence_score:
                confidence_score_item: float | None
                confidence_score_item = confidence_score_item_data
                confidence_score.append(confidence_score_item)

        field_dict: dict[str, Any] = {}
        for prop_name, prop in self.additional_properties.items():
            field_dict[prop_name] = prop

        field_dict.update(
            {
                "outputs": outputs,
            }
        )
        if inputs is not UNSET:
            field_dict["inputs"] = inputs
        if cumulative_logprobs is not UNSET:
            field_dict["cumulative_logprobs"] = cumulative_logprobs
        if confidence_score is not UNSET:
            field_dict["confidence_score"] = confidence_score

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        outputs = cast(list[Any], d.pop("outputs"))

        inputs = cast(list[Any], d.pop("inputs", UNSET))

        _cumulative_logprobs = d.pop("cumulative_logprobs", UNSET)
        cumulative_logprobs: list[float | None] | Unset = UNSET
        if _cumulative_logprobs is not UNSET:
            cumulative_logprobs = []
            for cumulative_logprobs_item_data in _cumulative_logprobs:

                def _parse_cumulative_logprobs_item(data: object) -> float | None:
                    if data is None:
                        return data
                    return cast(float | None, data)

                cumulative_logprobs_item = _parse_cumulative_logprobs_item(
                    cumulative_logprobs_item_data
                )

                cumulative_logprobs.append(cumulative_logprobs_item)

        _confidence_score = d.pop("confidence_score", UNSET)
        confidence_score: list[float | None] | Unset = UNSET
        if _confidence_score is not UNSET:
            confidence_score = []
            for confidence_score_item_data in _confidence_score:

                def _parse_confidence_score_item(data: object) -> float | None:
                    if data is None:
                        return data
                    return cast(float | None, data)

                confidence_score_item = _parse_confidence_score_item(
                    confidence_score_item_data
                )

                confidence_score.append(confidence_score_item)

        job_results = cls(
            outputs=outputs,
            inputs=inputs,
            cumulative_logprobs=cumulative_logprobs,
            confidence_score=confidence_score,
        )

        additional_properties = {}
        for prop_name, prop_dict in d.items():
            additional_property = cast(list[Any], prop_dict)

            additional_properties[prop_name] = additional_property

        job_results.additional_properties = additional_properties
        return job_results

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> list[Any]:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: list[Any]) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
