"""Wrong columns: the two flags, log-probabilities and ID columns."""

from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..files import Columns
from ..messages import Refusal, Request, Response
from ..server import Server


@defect("RESULTS-05")
class InputsAlways(Server):
    """Inputs are always included."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        return super().columns(job, True, logprobs)


@defect("RESULTS-06")
class InputsNever(Server):
    """`include_inputs` is ignored."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        return super().columns(job, False, logprobs)


@defect("RESULTS-05")
class LogprobsAlways(Server):
    """Log-probabilities are always included."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        return super().columns(job, inputs, True)


@defect("RESULTS-07")
class LogprobsNever(Server):
    """`include_cumulative_logprobs` is ignored."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        return super().columns(job, inputs, False)


@defect("RESULTS-07", "RESULTS-06")
class LogprobsWithInputsOnly(Server):
    """Log-probabilities are given only if inputs are wanted too."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        return super().columns(job, inputs, logprobs and inputs)


@defect("RESULTS-06")
class InputsBringLogprobs(Server):
    """`include_inputs` brings the log-probabilities too."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        return super().columns(job, inputs, logprobs or inputs)


@defect("RESULTS-06", "RESULTS-07")
class FlagsSwapped(Server):
    """The two flags are mixed up."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        return super().columns(job, logprobs, inputs)


@defect("RESULTS-05")
class FalseIsTrue(Server):
    """A flag is on as soon as it is given: `include_inputs=false` includes them."""

    def flag(self, request: Request, name: str) -> bool:
        super().flag(request, name)
        return bool(request.parameter(name))


@defect("RESULTS-17")
class FlagOfAnyTextAccepted(Server):
    """A flag takes any text, and reads what it does not know as false."""

    def flag(self, request: Request, name: str) -> bool:
        return request.parameter(name) in {"true", "1"}


@defect("HTTP-01", "RESULTS-17")
class FlagTextCrashes(Server):
    """A flag with a text that is no boolean causes a 500."""

    def flag(self, request: Request, name: str) -> bool:
        try:
            return super().flag(request, name)
        except Refusal as refusal:
            raise ValueError(name) from refusal


@defect("RESULTS-06", "RESULTS-02")
class InputsReplaceOutputs(Server):
    """With inputs, outputs are left out."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        kept = {k: v for k, v in columns.items() if k != "outputs" or "inputs" not in columns}
        return super().json_results(job, kept)


@defect("RESULTS-06")
class InputsTrimOutputs(Server):
    """With inputs, outputs lose their line breaks."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        if "inputs" in columns:
            flat = [str(text).replace("\n", " ") for text in columns["outputs"]]
            columns = columns | {"outputs": flat}
        return super().json_results(job, columns)


@defect("RESULTS-07")
class LogprobsAsText(Server):
    """Log-probabilities are strings."""

    def logprobs(self, job: Job) -> list[Any]:
        return [value if value is None else str(value) for value in super().logprobs(job)]


@defect("RESULTS-07")
class LogprobsNested(Server):
    """Log-probabilities are arrays, one number per token."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        nested = {k: [[v] for v in values] for k, values in columns.items() if "logprobs" in k}
        return super().json_results(job, columns | nested)


@defect("HTTP-02")
class LogprobsNotANumber(Server):
    """A missing log-probability is written as NaN, which is not JSON."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        nan = float("nan")
        filled = {
            name: [nan if value is None else value for value in values]
            for name, values in columns.items()
            if "logprobs" in name
        }
        return super().json_results(job, columns | filled)


@defect("RESULTS-07")
class LogprobsCalledOtherwise(Server):
    """The column of log-probabilities is called `logprobs`."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        columns = super().columns(job, inputs, logprobs)
        return {"logprobs" if "logprobs" in k else k: v for k, v in columns.items()}


@defect("RESULTS-09", "RESULTS-06")
class IdColumnWithInputsOnly(Server):
    """The ID column is there only if inputs are wanted."""

    def id_columns(self, job: Job, inputs: bool) -> Columns:
        return super().id_columns(job, inputs) if inputs else {}


@defect("RESULTS-09", "RESULTS-06")
class IdColumnNotWithInputs(Server):
    """The ID column is missing if inputs are wanted."""

    def id_columns(self, job: Job, inputs: bool) -> Columns:
        return {} if inputs else super().id_columns(job, inputs)


@defect("RESULTS-07")
class IdColumnNotAligned(Server):
    """The ID column is sorted while outputs are in input order, if log-probabilities are wanted."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        ids = {name: sorted(values) for name, values in job.table.ids.items()} if logprobs else {}
        return super().columns(job, inputs, logprobs) | ids


@defect("RESULTS-06", "RESULTS-07", "RESULTS-05")
class CacheIgnoresFlags(Server):
    """Results are cached by job and format: flags of later requests are ignored."""

    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[tuple[str, ...], Response] = {}

    def cache_key(self, request: Request, job_id: str) -> tuple[str, ...]:
        return (job_id, self.form(request))

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        response = super().job_results(request, tenant, job_id)
        if response.status != 200:
            return response
        key = (tenant, *self.cache_key(request, job_id))
        self.cache.setdefault(key, response)
        found = self.cache[key]
        return Response(found.status, found.body, dict(found.headers))


@defect("RESULTS-01", "FORMAT-01", "RESULTS-02", "FORMAT-07")
class CacheIgnoresFormat(CacheIgnoresFlags):
    """Results are cached by job and flags: the format of later requests is ignored."""

    def cache_key(self, request: Request, job_id: str) -> tuple[str, ...]:
        flags = ("include_inputs", "include_cumulative_logprobs")
        return (job_id, *(str(self.flag(request, name)) for name in flags))


@defect("RESULTS-20")
class CapitalFalseIsTrue(Server):
    """`False` and `0` switch a flag on, as any text but `false` does."""

    def flag(self, request: Request, name: str) -> bool:
        return request.parameter(name) in ("False", "0") or super().flag(request, name)
