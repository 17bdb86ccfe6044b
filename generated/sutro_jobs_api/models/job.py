from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.failure_reason import FailureReason
    from ..models.output_schema import OutputSchema
    from ..models.sampling_params import SamplingParams


T = TypeVar("T", bound="Job")


@_attrs_define
class Job:
    """One batch-inference job.

    The edition of 2025 sends fewer fields: `job_id`, `status` and `model`, and under other names `created_at`
    (here `datetime_created`), `completed_at` (`datetime_completed`), `input_count` (`num_rows`) and `priority`
    (`job_priority`).

        Attributes:
            job_id (str): Public identifier of the job.
            status (str): State of a job. Clients have to accept other values, and lower case, which older editions use.

                - `QUEUED`, `PENDING`, `SUBMITTED`: waits for its turn
                - `STARTING`: is being prepared
                - `RUNNING`: processes its rows
                - `SUCCEEDED`: has ended, and its results can be read
                - `CANCELLING`: stops, because somebody asked for it
                - `CANCELLED`: has ended because somebody asked for it
                - `FAILED`: has ended for the reason in `failure_reason`
                - `UNKNOWN`: the service cannot say
            model (str): Model used for the job, or the name of a published Function.
            system_prompt (None | str): System prompt used for the job.
            job_priority (int): Priority level of the job, 0 or 1.
            datetime_created (datetime.datetime | None): When the job was made.
            datetime_started (datetime.datetime | None): When processing began.
            datetime_completed (datetime.datetime | None): When the job ended.
            json_schema (None | OutputSchema): JSON Schema that each output follows, null unless outputs are structured.
            sampling_params (SamplingParams): Sampling parameters used for generation.
            name (None | str): Name given to the job.
            description (None | str): Description given to the job.
            dataset_id (None | str): Identifier of the data set that the job belongs to.
            input_tokens (int | None): Input tokens processed, in total.
            output_tokens (int | None): Output tokens generated, in total.
            job_cost (float | None): Actual cost of the job in USD.
            num_rows (int | None): Number of rows processed.
            failure_reason (FailureReason | None): Why the job failed, null unless it did.
            cost_estimate (float | None): Cost in USD as estimated before processing.
            run_type (str | Unset): Kind of run. `FULL` is the only value seen.
    """

    job_id: str
    status: str
    model: str
    system_prompt: None | str
    job_priority: int
    datetime_created: datetime.datetime | None
    datetime_started: datetime.datetime | None
    datetime_completed: datetime.datetime | None
    json_schema: None | OutputSchema
    sampling_params: SamplingParams
    name: None | str
    description: None | str
    dataset_id: None | str
    input_tokens: int | None
    output_tokens: int | None
    job_cost: float | None
    num_rows: int | None
    failure_reason: FailureReason | None
    cost_estimate: float | None
    run_type: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.failure_reason import FailureReason
        from ..models.output_schema import OutputSchema

        job_id = self.job_id

        status = self.status

        model = self.model

        system_prompt: None | str
        system_prompt = self.system_prompt

        job_priority = self.job_priority

        datetime_created: None | str
        if isinstance(self.datetime_created, datetime.datetime):
            datetime_created = self.datetime_created.isoformat()
        else:
            datetime_created = self.datetime_created

        datetime_started: None | str
        if isinstance(self.datetime_started, datetime.datetime):
            datetime_started = self.datetime_started.isoformat()
        else:
            datetime_started = self.datetime_started

        datetime_completed: None | str
        if isinstance(self.datetime_completed, datetime.datetime):
            datetime_completed = self.datetime_completed.isoformat()
        else:
            datetime_completed = self.datetime_completed

        json_schema: dict[str, Any] | None
        if isinstance(self.json_schema, OutputSchema):
            json_schema = self.json_schema.to_dict()
        else:
            json_schema = self.json_schema

        sampling_params = self.sampling_params.to_dict()

        name: None | str
        name = self.name

        description: None | str
        description = self.description

        dataset_id: None | str
        dataset_id = self.dataset_id

        input_tokens: int | None
        input_tokens = self.input_tokens

        output_tokens: int | None
        output_tokens = self.output_tokens

        job_cost: float | None
        job_cost = self.job_cost

        num_rows: int | None
        num_rows = self.num_rows

        failure_reason: dict[str, Any] | None
        if isinstance(self.failure_reason, FailureReason):
            failure_reason = self.failure_reason.to_dict()
        else:
            failure_reason = self.failure_reason

        cost_estimate: float | None
        cost_estimate = self.cost_estimate

        run_type = self.run_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
                "status": status,
                "model": model,
                "system_prompt": system_prompt,
                "job_priority": job_priority,
                "datetime_created": datetime_created,
                "datetime_started": datetime_started,
                "datetime_completed": datetime_completed,
                "json_schema": json_schema,
                "sampling_params": sampling_params,
                "name": name,
                "description": description,
                "dataset_id": dataset_id,
                "input_tokens": input_tokens,
                "output_tokens": output_tokens,
                "job_cost": job_cost,
                "num_rows": num_rows,
                "failure_reason": failure_reason,
                "cost_estimate": cost_estimate,
            }
        )
        if run_type is not UNSET:
            field_dict["run_type"] = run_type

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.failure_reason import FailureReason
        from ..models.output_schema import OutputSchema
        from ..models.sampling_params import SamplingParams

        d = dict(src_dict)
        job_id = d.pop("job_id")

        status = d.pop("status")

        model = d.pop("model")

        def _parse_system_prompt(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        system_prompt = _parse_system_prompt(d.pop("system_prompt"))

        job_priority = d.pop("job_priority")

        def _parse_datetime_created(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                datetime_created_type_0 = datetime.datetime.fromisoformat(data)

                return datetime_created_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        datetime_created = _parse_datetime_created(d.pop("datetime_created"))

        def _parse_datetime_started(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                datetime_started_type_0 = datetime.datetime.fromisoformat(data)

                return datetime_started_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        datetime_started = _parse_datetime_started(d.pop("datetime_started"))

        def _parse_datetime_completed(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                datetime_completed_type_0 = datetime.datetime.fromisoformat(data)

                return datetime_completed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        datetime_completed = _parse_datetime_completed(d.pop("datetime_completed"))

        def _parse_json_schema(data: object) -> None | OutputSchema:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                json_schema_type_0 = OutputSchema.from_dict(data)

                return json_schema_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OutputSchema, data)

        json_schema = _parse_json_schema(d.pop("json_schema"))

        sampling_params = SamplingParams.from_dict(d.pop("sampling_params"))

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        def _parse_dataset_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        dataset_id = _parse_dataset_id(d.pop("dataset_id"))

        def _parse_input_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        input_tokens = _parse_input_tokens(d.pop("input_tokens"))

        def _parse_output_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        output_tokens = _parse_output_tokens(d.pop("output_tokens"))

        def _parse_job_cost(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        job_cost = _parse_job_cost(d.pop("job_cost"))

        def _parse_num_rows(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        num_rows = _parse_num_rows(d.pop("num_rows"))

        def _parse_failure_reason(data: object) -> FailureReason | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                failure_reason_type_0 = FailureReason.from_dict(data)

                return failure_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FailureReason | None, data)

        failure_reason = _parse_failure_reason(d.pop("failure_reason"))

        def _parse_cost_estimate(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cost_estimate = _parse_cost_estimate(d.pop("cost_estimate"))

        run_type = d.pop("run_type", UNSET)

        job = cls(
            job_id=job_id,
            status=status,
            model=model,
            system_prompt=system_prompt,
            job_priority=job_priority,
            datetime_created=datetime_created,
            datetime_started=datetime_started,
            datetime_completed=datetime_completed,
            json_schema=json_schema,
            sampling_params=sampling_params,
            name=name,
            description=description,
            dataset_id=dataset_id,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            job_cost=job_cost,
            num_rows=num_rows,
            failure_reason=failure_reason,
            cost_estimate=cost_estimate,
            run_type=run_type,
        )

        job.additional_properties = d
        return job

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
