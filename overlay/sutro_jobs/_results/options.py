"""Arguments of the methods that read results, which document them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

from attrs import field, frozen

from .._configuration.validators import flag, must_be, one_of, or_none, text

ResultsFormat: TypeAlias = Literal["json", "csv", "parquet"]
OnInvalidJSON: TypeAlias = Literal["raise", "null", "keep"]
Reasoning: TypeAlias = Literal["packed", "split", "drop"]

_schema = must_be("a mapping or None", or_none(lambda value: isinstance(value, Mapping)))


@frozen
class DownloadOptions:
    """Arguments of `download_job_results`.

    Raises:
        ArgumentError: a value is of another type, or is not one of those to choose from.
    """

    format: ResultsFormat = field(default="parquet", validator=one_of(*get_args(ResultsFormat)))
    include_inputs: bool = field(default=False, validator=flag)
    include_cumulative_logprobs: bool = field(default=False, validator=flag)


@frozen
class ResultsOptions:
    """Arguments of `get_job_results` and `scan_job_results`.

    Raises:
        ArgumentError: a value is of another type, or is not one of those to choose from.
    """

    include_inputs: bool = field(default=False, validator=flag)
    include_cumulative_logprobs: bool = field(default=False, validator=flag)
    output_column: str = field(default="inference_result", validator=text)
    unpack_json: bool = field(default=True, validator=flag)
    json_schema: Mapping[str, Any] | None = field(default=None, validator=_schema)
    on_invalid_json: OnInvalidJSON = field(
        default="raise", validator=one_of(*get_args(OnInvalidJSON))
    )
    reasoning: Reasoning = field(default="packed", validator=one_of(*get_args(Reasoning)))

    @property
    def transforms(self) -> bool:
        """Whether outputs may become something else than the text that the server sent."""
        return self.unpack_json or self.reasoning != "packed"
