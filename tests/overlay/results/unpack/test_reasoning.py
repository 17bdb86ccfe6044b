"""Outputs of reasoning models."""

import json
from typing import Any

import polars as pl
import pytest

from sutro_jobs._results.options import Reasoning
from tests.support.results import UnpackOutputs

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}


def envelope(content: Any, thought: str = "hm") -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return json.dumps({"content": text, "reasoning_content": thought})


def test_unpacked_they_are_two_columns(unpacked: UnpackOutputs) -> None:
    frame = unpacked(envelope("yes", "easy"))
    assert frame.to_dicts() == [{"content": "yes", "reasoning_content": "easy"}]


def test_split_the_content_is_the_output(unpacked: UnpackOutputs) -> None:
    frame = unpacked(envelope("yes", "easy"), None, reasoning="split")
    assert frame.to_dict(as_series=False) == {
        "inference_result": ["yes", None],
        "reasoning_content": ["easy", None],
    }


def test_the_reasoning_can_be_dropped(unpacked: UnpackOutputs) -> None:
    frame = unpacked(envelope("yes"), reasoning="drop", unpack_json=False)
    assert frame.to_dicts() == [{"inference_result": "yes"}]


@pytest.mark.parametrize("reasoning", ["packed", "split"])
def test_structured_content_is_unpacked_by_the_schema(
    unpacked: UnpackOutputs, reasoning: Reasoning
) -> None:
    frame = unpacked(envelope({"a": 1}), schema=SCHEMA, reasoning=reasoning)
    assert frame.schema == {"a": pl.Int64, "reasoning_content": pl.String}


def test_structured_content_is_unpacked_without_a_schema(unpacked: UnpackOutputs) -> None:
    frame = unpacked(envelope({"a": 1}), reasoning="drop")
    assert frame.to_dicts() == [{"a": 1}]


def test_outputs_of_other_models_stay_as_they_are(unpacked: UnpackOutputs) -> None:
    assert unpacked("yes", reasoning="split").to_dicts() == [{"inference_result": "yes"}]


def test_text_of_broken_outputs_can_be_kept(unpacked: UnpackOutputs) -> None:
    frame = unpacked(envelope("yes"), "cut", reasoning="split", on_invalid_json="keep")
    assert frame["inference_result"].to_list() == ["yes", "cut"]


def test_structured_and_broken_outputs_can_be_kept(unpacked: UnpackOutputs) -> None:
    outputs = [envelope({"a": 1}), envelope("cut"), "cut"]
    frame = unpacked(*outputs, schema=SCHEMA, on_invalid_json="keep")
    assert frame["a"].to_list() == [1, None, None]
    assert frame["inference_result"].to_list() == [None, *outputs[1:]]
