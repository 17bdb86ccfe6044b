"""Wrong Job objects: types, nullability and keys."""

from datetime import datetime
from typing import Any

from ..accounts import TERMINAL, Job
from ..catalogue import defect
from ..messages import encode
from ..server import Server


class WithField(Server):
    """Changes one field of each job in the lists."""

    field = ""

    def change(self, value: Any, job: Job) -> Any:
        raise NotImplementedError

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        return fields | {self.field: self.change(fields[self.field], job)}


@defect("LIST-04")
class PriorityAsText(WithField):
    """`job_priority` is a string of digits."""

    field = "job_priority"

    def change(self, value: Any, job: Job) -> Any:
        return str(value)


@defect("LIST-04")
class PriorityAsBoolean(WithField):
    """`job_priority` is true or false instead of 1 or 0."""

    field = "job_priority"

    def change(self, value: Any, job: Job) -> Any:
        return bool(value)


@defect("LIST-14")
class PriorityOutOfRange(WithField):
    """`job_priority` is 5, although only 0 and 1 are defined."""

    field = "job_priority"

    def change(self, value: Any, job: Job) -> Any:
        return 5


@defect("LIST-04")
class RowsAsText(WithField):
    """`num_rows` is a string of digits."""

    field = "num_rows"

    def change(self, value: Any, job: Job) -> Any:
        return str(value)


@defect("LIST-13")
class RowsMinusOne(WithField):
    """`num_rows` is -1 while a job runs, in place of null."""

    field = "num_rows"

    def change(self, value: Any, job: Job) -> Any:
        return value if self.status_of(job) in TERMINAL else -1


@defect("LIST-04")
class CostAsText(WithField):
    """`job_cost` is a decimal in a string, as a serializer of Decimal writes it."""

    field = "job_cost"

    def change(self, value: Any, job: Job) -> Any:
        return value if value is None else f"{value:.4f}"


@defect("LIST-04")
class EstimateAsText(WithField):
    """`cost_estimate` is a string."""

    field = "cost_estimate"

    def change(self, value: Any, job: Job) -> Any:
        return f"{value:.4f}"


@defect("HTTP-02", "LIST-04")
class CostNotANumber(WithField):
    """An unknown `job_cost` is written as NaN, which is not JSON."""

    field = "job_cost"

    def change(self, value: Any, job: Job) -> Any:
        return float("nan") if value is None else value


@defect("LIST-04")
class FractionalTokens(WithField):
    """`input_tokens` has a fraction."""

    field = "input_tokens"

    def change(self, value: Any, job: Job) -> Any:
        return value if value is None else value + 0.5


@defect("LIST-13")
class NegativeTokens(WithField):
    """`output_tokens` is negative."""

    field = "output_tokens"

    def change(self, value: Any, job: Job) -> Any:
        return value if value is None else -value


@defect("LIST-04")
class ModelNull(WithField):
    """`model` is null for jobs that have not succeeded."""

    field = "model"

    def change(self, value: Any, job: Job) -> Any:
        return value if self.status_of(job) == "SUCCEEDED" else None


@defect("LIST-04")
class SamplingAsText(WithField):
    """`sampling_params` is a string that holds JSON."""

    field = "sampling_params"

    def change(self, value: Any, job: Job) -> Any:
        return encode(value).decode()


@defect("LIST-04")
class SamplingNull(WithField):
    """`sampling_params` is null where defaults apply."""

    field = "sampling_params"

    def change(self, value: Any, job: Job) -> Any:
        return None if self.status_of(job) == "FAILED" else value


@defect("LIST-04")
class SchemaAsText(WithField):
    """`json_schema` is a string that holds the schema."""

    field = "json_schema"

    def change(self, value: Any, job: Job) -> Any:
        return value if value is None else encode(value).decode()


@defect("LIST-04")
class FailureAsText(WithField):
    """`failure_reason` in the list is a bare string."""

    field = "failure_reason"

    def change(self, value: Any, job: Job) -> Any:
        return value if value is None else value["message"]


@defect("LIST-12")
class FailureOfSucceeded(WithField):
    """A job that succeeded has a `failure_reason`."""

    field = "failure_reason"

    def change(self, value: Any, job: Job) -> Any:
        return {"message": ""} if self.status_of(job) == "SUCCEEDED" else value


@defect("LIST-04")
class NameAsNumber(WithField):
    """`name` is a number where a user gave digits as the name."""

    field = "name"

    def change(self, value: Any, job: Job) -> Any:
        return 2024 if value is None else value


@defect("LIST-04")
class DatasetAsNumber(WithField):
    """`dataset_id` is the number of a database row."""

    field = "dataset_id"

    def change(self, value: Any, job: Job) -> Any:
        return value and 17


@defect("LIST-15", "STATUS-04")
class StatusAsEnumName(WithField):
    """`status` in the list is the name of a Python enumeration member, `JobStatus.RUNNING`."""

    field = "status"

    def change(self, value: Any, job: Job) -> Any:
        return f"JobStatus.{value}"


@defect("LIST-04")
class StatusAsCode(WithField):
    """`status` in the list is a number."""

    field = "status"

    def change(self, value: Any, job: Job) -> Any:
        return 3


@defect("LIST-15", "STATUS-04")
class StatusDone(WithField):
    """The list calls a job DONE that its status calls SUCCEEDED."""

    field = "status"

    def change(self, value: Any, job: Job) -> Any:
        return "DONE" if value == "SUCCEEDED" else value


@defect("LIST-06")
class TimesWithoutZone(Server):
    """Times carry no zone."""

    def time_text(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.replace(tzinfo=None).isoformat()


@defect("LIST-05")
class TimesInRfc1123(Server):
    """Times are written as in HTTP headers."""

    def time_text(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


@defect("LIST-03")
class NullsLeftOut(Server):
    """Fields that are null are left out of a job."""

    def view(self, job: Job) -> dict[str, Any]:
        return {name: value for name, value in super().view(job).items() if value is not None}


@defect("LIST-03")
class EstimateMissing(Server):
    """Jobs have no `cost_estimate`."""

    def view(self, job: Job) -> dict[str, Any]:
        return {k: v for k, v in super().view(job).items() if k != "cost_estimate"}


@defect("LIST-03")
class SchemaMissingUnlessUsed(Server):
    """`json_schema` is absent unless the job has one."""

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        return {k: v for k, v in fields.items() if k != "json_schema" or v is not None}


@defect("LIST-03")
class IdCalledId(Server):
    """The identifier of a job is called `id`."""

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        return {"id": fields.pop("job_id")} | fields


@defect("LIST-03")
class KeysInCamelCase(Server):
    """Keys of a job are in camel case."""

    def view(self, job: Job) -> dict[str, Any]:
        titles = {k.title().replace("_", ""): value for k, value in super().view(job).items()}
        return {title[0].lower() + title[1:]: value for title, value in titles.items()}


@defect("LIST-04")
class IdsAsNumbers(WithField):
    """`job_id` in the list is a number."""

    field = "job_id"

    def change(self, value: Any, job: Job) -> Any:
        return int(job.job_id[-4:])


@defect("STATUS-01", "STATUS-02", "STATUS-04")
class IdWithPrefix(WithField):
    """The list shows ids with a prefix that the other endpoints don't know."""

    field = "job_id"

    def change(self, value: Any, job: Job) -> Any:
        return f"public-{value}"


@defect("RESULTS-04")
class RowsTooMany(WithField):
    """`num_rows` is one more than the results have, as it counts the header line."""

    field = "num_rows"

    def change(self, value: Any, job: Job) -> Any:
        return value + 1
