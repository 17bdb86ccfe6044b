"""Wrong results: too early, out of order, the wrong columns, the wrong values."""

import json
from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..files import Columns
from ..messages import Refusal, Request, Response, answer, error
from ..server import Server


class NotReady(Server):
    """Answers otherwise for jobs that have not succeeded."""

    states: tuple[str, ...] = ("RUNNING",)

    def early(self, job: Job, form: str) -> Response:
        raise NotImplementedError

    def not_ready(self, job: Job, form: str) -> Response:
        if self.status_of(job) in self.states:
            return self.early(job, form)
        return super().not_ready(job, form)


@defect("RESULTS-11")
class PartialResults(NotReady):
    """A running job gives the rows that it has."""

    def early(self, job: Job, form: str) -> Response:
        columns = {name: values[:2] for name, values in self.columns(job, False, False).items()}
        response: Response = getattr(self, f"{form}_results")(job, columns)
        return response


@defect("RESULTS-11")
class EmptyResultsForRunning(NotReady):
    """A running job gives an empty array of outputs."""

    def early(self, job: Job, form: str) -> Response:
        return self.json_results(job, {"outputs": []})


@defect("RESULTS-11")
class EmptyResultsForQueued(NotReady):
    """A queued job gives 200 without any outputs."""

    states = ("QUEUED", "STARTING")

    def early(self, job: Job, form: str) -> Response:
        return answer({"outputs": []})


@defect("RESULTS-12")
class NullResultsForFailed(NotReady):
    """A failed job gives nulls as outputs."""

    states = ("FAILED",)

    def early(self, job: Job, form: str) -> Response:
        return self.json_results(job, {"outputs": [None] * len(job.table.outputs)})


@defect("RESULTS-12")
class ResultsOfCancelled(NotReady):
    """A cancelled job gives the rows that were done."""

    states = ("CANCELLED",)

    def early(self, job: Job, form: str) -> Response:
        return self.json_results(job, {"outputs": job.table.outputs[:2]})


@defect("RESULTS-11")
class ParquetTooEarly(NotReady):
    """A running job gives Parquet; JSON and CSV wait until it has succeeded."""

    def early(self, job: Job, form: str) -> Response:
        if form == "parquet":
            return self.parquet_results(job, self.columns(job, False, False))
        return error(409, "Results are not ready.")


@defect("RESULTS-11")
class NotReadyAs200(NotReady):
    """A running job gives 200 and an error in the body."""

    def early(self, job: Job, form: str) -> Response:
        return answer({"detail": "Results are not ready."})


@defect("HTTP-01", "RESULTS-11")
class NotReadyAs500(NotReady):
    """Results of a running job cause a 500, as there is no file yet."""

    def early(self, job: Job, form: str) -> Response:
        raise FileNotFoundError(f"/data/{job.job_id}.parquet")


@defect("HTTP-01", "RESULTS-12")
class FailedResultsCrash(NotReady):
    """Results of a failed job cause a 500."""

    states = ("FAILED", "CANCELLED")

    def early(self, job: Job, form: str) -> Response:
        raise TypeError("'NoneType' object is not iterable")


class Rows(Server):
    """Changes all columns alike."""

    def change(self, values: list[Any]) -> list[Any]:
        raise NotImplementedError

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        columns = super().columns(job, inputs, logprobs)
        return {name: self.change(values) for name, values in columns.items()}


@defect("RESULTS-04")
class OneRowShort(Rows):
    """The last row is missing."""

    def change(self, values: list[Any]) -> list[Any]:
        return values[:-1]


@defect("RESULTS-04")
class OneRowDoubled(Rows):
    """The last row comes twice."""

    def change(self, values: list[Any]) -> list[Any]:
        return [*values, values[-1]]


@defect("RESULTS-04")
class EmptyOutputs(Rows):
    """Results are empty arrays."""

    def change(self, values: list[Any]) -> list[Any]:
        return []


@defect("RESULTS-08")
class RowsShuffledOnEachRead(Server):
    """Rows come in the order in which workers happened to finish, another one on each read."""

    reads = 0

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        self.reads += 1
        columns = super().columns(job, inputs, logprobs)
        turn = self.reads % max(1, len(job.table.outputs))
        return {name: values[turn:] + values[:turn] for name, values in columns.items()}


@defect("FORMAT-05", "RESULTS-19")
class OutputsSorted(Server):
    """Outputs are sorted by text, inputs are not."""

    def outputs(self, job: Job) -> list[Any]:
        return sorted(super().outputs(job))


@defect("RESULTS-06")
class OutputsOutOfOrderWithInputs(Server):
    """With inputs, rows come sorted by input instead of in input order."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        columns = super().columns(job, inputs, logprobs)
        return {k: v[::-1] for k, v in columns.items()} if inputs else columns


@defect("RESULTS-03", "RESULTS-04")
class OutputsShortAlone(Server):
    """Outputs are one shorter than the other columns."""

    def outputs(self, job: Job) -> list[Any]:
        return super().outputs(job)[:-1]

    def csv_results(self, job: Job, columns: Columns) -> Response:
        return super().csv_results(job, columns | {"outputs": job.table.outputs})

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        return super().parquet_results(job, columns | {"outputs": job.table.outputs})


@defect("RESULTS-03")
class InputsShort(Server):
    """In JSON, inputs lack those of rows that were retried."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        short = {"inputs": columns["inputs"][1:]} if "inputs" in columns else {}
        return super().json_results(job, columns | short)


@defect("RESULTS-03")
class LogprobsLong(Server):
    """In JSON, log-probabilities have one entry too many."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        longer = {name: [*values, None] for name, values in columns.items() if "logprobs" in name}
        return super().json_results(job, columns | longer)


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


@defect("RESULTS-07")
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
        key = (tenant, *self.cache_key(request, job_id))
        if key not in self.cache:
            response = super().job_results(request, tenant, job_id)
            if response.status != 200:
                return response
            self.cache[key] = response
        found = self.cache[key]
        return Response(found.status, found.body, dict(found.headers))


@defect("RESULTS-01", "FORMAT-01", "RESULTS-02", "FORMAT-07")
class CacheIgnoresFormat(CacheIgnoresFlags):
    """Results are cached by job and flags: the format of later requests is ignored."""

    def cache_key(self, request: Request, job_id: str) -> tuple[str, ...]:
        flags = ("include_inputs", "include_cumulative_logprobs")
        return (job_id, *(str(self.flag(request, name)) for name in flags))


@defect("RESULTS-04")
class ResultsOfNeighbour(Server):
    """Results are those of the account's next job that succeeded."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        done = [j for j in self.jobs_of(job.tenant) if self.ready(j)]
        other = done[(done.index(job) + 1) % len(done)]
        return super().columns(other, inputs, logprobs)


@defect("RESULTS-10")
class OutputsAreObjects(Server):
    """In JSON, structured outputs are objects, not strings of JSON."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        if "json_schema" in job.values:
            columns = columns | {"outputs": [json.loads(text) for text in columns["outputs"]]}
        return super().json_results(job, columns)


class Structured(Server):
    """Changes each structured output."""

    def change(self, value: dict[str, Any]) -> str:
        raise NotImplementedError

    def outputs(self, job: Job) -> list[Any]:
        outputs = super().outputs(job)
        if "json_schema" not in job.values:
            return outputs
        return [self.change(json.loads(text)) for text in outputs]


@defect("RESULTS-10")
class StructuredInPython(Structured):
    """Structured outputs are written as Python writes them, with single quotes."""

    def change(self, value: dict[str, Any]) -> str:
        return str(value)


@defect("RESULTS-10")
class StructuredTwice(Structured):
    """Structured outputs are strings that hold a JSON string that holds JSON."""

    def change(self, value: dict[str, Any]) -> str:
        return json.dumps(json.dumps(value))


@defect("RESULTS-10")
class StructuredNumbersAsText(Structured):
    """Numbers in structured outputs are strings, against the job's schema."""

    def change(self, value: dict[str, Any]) -> str:
        return json.dumps({name: str(part) for name, part in value.items()})


@defect("RESULTS-10")
class StructuredLacksProperty(Structured):
    """A required property is missing from structured outputs."""

    def change(self, value: dict[str, Any]) -> str:
        return json.dumps({"label": value["label"]})


@defect("RESULTS-10")
class StructuredInFence(Structured):
    """Structured outputs stand in a Markdown fence."""

    def change(self, value: dict[str, Any]) -> str:
        return f"```json\n{json.dumps(value)}\n```"


@defect("RESULTS-10")
class LastStructuredCut(Server):
    """The last structured output of a job is cut off."""

    def outputs(self, job: Job) -> list[Any]:
        outputs = super().outputs(job)
        return [*outputs[:-1], outputs[-1][:-4]] if "json_schema" in job.values else outputs


@defect("RESULTS-02")
class ResultsWrapped(Server):
    """JSON results stand under a key `results`, as in an older edition."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        return answer({"results": columns, "message": "Job results retrieved."})


@defect("RESULTS-02")
class ResultsAsRows(Server):
    """JSON results are an array with an object for each row."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return answer(rows)


@defect("RESULTS-02")
class OutputsByIndex(Server):
    """In JSON, `outputs` is an object keyed by row number, as pandas writes it."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        indexed = {str(row): value for row, value in enumerate(columns["outputs"])}
        return answer({**columns, "outputs": indexed})


@defect("RESULTS-02")
class OutputsCalledResults(Server):
    """In JSON, `outputs` is called `inference_result`."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        renamed = {"inference_result" if k == "outputs" else k: v for k, v in columns.items()}
        return super().json_results(job, renamed)


@defect("RESULTS-01", "RESULTS-08")
class ResultsOnceOnly(Server):
    """Results can be read three times, then they are gone."""

    reads = 0

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        response = super().job_results(request, tenant, job_id)
        self.reads += response.status == 200
        return response if self.reads < 4 else error(410, "Results were fetched.")


@defect("LIFE-02", "RESULTS-08")
class ReadingResultsEndsJob(Server):
    """Once its results were read a job that succeeded is shown as CANCELLED."""

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        response = super().job_results(request, tenant, job_id)
        if response.status == 200:
            job = self.find(tenant, job_id, "results")
            job.course = [(0.0, "CANCELLED")]
        return response
