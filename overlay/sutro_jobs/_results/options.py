"""What a user can ask of results, as one frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

from attrs import frozen

from .._errors import ArgumentError

OnInvalidJSON: TypeAlias = Literal["raise", "null", "keep"]
Reasoning: TypeAlias = Literal["packed", "split", "drop"]


@frozen
class ResultsOptions:
    """Arguments of `get_job_results`, which documents them.

    Raises:
        ArgumentError: one has a value that there is not.
    """

    include_inputs: bool = False
    include_cumulative_logprobs: bool = False
    output_column: str = "inference_result"
    unpack_json: bool = True
    json_schema: Mapping[str, Any] | None = None
    on_invalid_json: OnInvalidJSON = "raise"
    reasoning: Reasoning = "packed"

    @property
    def transforms(self) -> bool:
        """Whether outputs may become something else than the text that the server sent."""
        return self.unpack_json or self.reasoning != "packed"

    def __attrs_post_init__(self) -> None:
        _check("on_invalid_json", self.on_invalid_json, get_args(OnInvalidJSON))
        _check("reasoning", self.reasoning, get_args(Reasoning))


def _check(argument: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ArgumentError(f"{argument} is {value!r}; it has to be one of {', '.join(known)}.")
