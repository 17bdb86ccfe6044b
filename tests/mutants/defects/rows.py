"""Wrong rows of results: too few, too many, out of order, of another job."""

from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..files import Columns
from ..messages import Response
from ..server import Server


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


@defect("FORMAT-05")
class OutputsSortedInJson(Server):
    """In JSON, outputs are sorted by text while inputs are not."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        return super().json_results(job, columns | {"outputs": sorted(columns["outputs"])})


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


@defect("RESULTS-04")
class ResultsOfNeighbour(Server):
    """Results are those of the account's next job that succeeded."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> Columns:
        done = [j for j in self.jobs_of(job.tenant) if self.ready(j)]
        other = done[(done.index(job) + 1) % len(done)]
        return super().columns(other, inputs, logprobs)
