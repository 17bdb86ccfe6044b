"""Wrong outputs: their structure, and the shape of JSON results."""

import json
from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..files import Columns
from ..messages import Request, Response, answer, error
from ..server import Server


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


@defect("LIFE-02", "RESULTS-08", "RESULTS-01")
class ReadingResultsEndsJob(Server):
    """Once its results were read a job that succeeded is shown as CANCELLED."""

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        response = super().job_results(request, tenant, job_id)
        if response.status == 200:
            job = self.find(tenant, job_id, "results")
            job.course = [(0.0, "CANCELLED")]
        return response
