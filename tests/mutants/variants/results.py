"""Right servers whose results look different."""

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from .. import accounts, files
from ..accounts import Job, make, structured, table
from ..catalogue import right
from ..messages import Request, Response, encode
from ..server import Server


@right
class OctetStream(Server):
    """Files are `application/octet-stream`, with a name for the download."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.type in {files.ZIP, files.PARQUET}:
            response.headers["content-type"] = "application/octet-stream"
            response.headers["content-disposition"] = 'attachment; filename="results"'
        return response


@right
class ConfidenceScore(Server):
    """Results have a column `confidence_score` if log-probabilities are wanted."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> files.Columns:
        rows = len(job.table.outputs)
        more = {"confidence_score": [0.5] * rows} if logprobs else {}
        return super().columns(job, inputs, logprobs) | more


@right
class NullOutputs(Server):
    """Some rows have no output."""

    account = staticmethod(
        lambda: [make(1, "SUCCEEDED", table=table(4, ["a", None, "", "NULL"])), make(2, "QUEUED")]
    )


@right
class ParquetColumnNamedAfterJob(Server):
    """Parquet names the outputs' column after the job, as CSV does."""

    def parquet_results(self, job: Job, columns: files.Columns) -> Response:
        named = {self.csv_name(job, name): values for name, values in columns.items()}
        return super().parquet_results(job, named)


@right
class ColumnsInAnotherOrder(Server):
    """Columns of files come in another order than those of JSON."""

    def parquet_results(self, job: Job, columns: files.Columns) -> Response:
        return super().parquet_results(job, dict(sorted(columns.items())))

    def csv_results(self, job: Job, columns: files.Columns) -> Response:
        return super().csv_results(job, dict(reversed(columns.items())))


@right
class ZstdParquet(Server):
    """Parquet is compressed with zstd."""

    def parquet_results(self, job: Job, columns: files.Columns) -> Response:
        body = files.to_parquet(columns, compression="zstd")
        return Response(200, body, {"content-type": files.PARQUET})


@right
class CsvForUnix(Server):
    """Lines of CSV end in a line feed alone, and all cells are quoted."""

    def csv_text(self, columns: files.Columns) -> str:
        return files.to_csv(columns, lineterminator="\n", quoting=1)


@right
class SinglePrecision(Server):
    """Parquet has log-probabilities in single precision."""

    def logprobs(self, job: Job) -> list[Any]:
        return [value if value is None else value - 0.1 for value in super().logprobs(job)]

    def parquet_results(self, job: Job, columns: files.Columns) -> Response:
        kinds = {name: pa.float32() for name in columns if "logprobs" in name}
        arrays: dict[str, Any] = {
            name: pa.array(values, kinds.get(name)) for name, values in columns.items()
        }
        return super().parquet_results(job, arrays)


@right
class NumbersAsOutputs(Server):
    """Outputs are numbers."""

    account = staticmethod(
        lambda: [make(1, "SUCCEEDED", table=table(4, [0.5, 1.25, -3.0, 2.0])), make(2, "RUNNING")]
    )


@right
class VectorsAsOutputs(Server):
    """Outputs are arrays of numbers, in CSV as JSON."""

    account = staticmethod(
        lambda: [make(1, "SUCCEEDED", table=table(3, [[0.5, 1.0], [0.25, 2.0], [0.125, 4.0]]))]
    )

    def csv_results(self, job: Job, columns: files.Columns) -> Response:
        texts = {"outputs": [encode(value).decode() for value in columns["outputs"]]}
        return super().csv_results(job, columns | texts)


@right
class StructuredReasoning(Server):
    """A reasoning model's outputs hold the structured one as their `content`."""

    account = staticmethod(
        lambda: [make(1, "SUCCEEDED", table=table(6), json_schema=accounts.SENTIMENT)]
    )

    def outputs(self, job: Job) -> list[Any]:
        contents = structured(len(job.table.outputs)).outputs
        texts = [{"content": text, "reasoning_content": "Because."} for text in contents]
        return [encode(text).decode() for text in texts]


@right
class CsvLinesBlank(Server):
    """A row without an output is a blank line in a CSV file of one column."""

    def outputs(self, job: Job) -> list[Any]:
        return [
            None if row % 3 == 1 and not job.values.get("json_schema") else output
            for row, output in enumerate(super().outputs(job))
        ]

    def csv_text(self, columns: files.Columns) -> str | bytes:
        text = super().csv_text(columns)
        assert isinstance(text, str)
        return text.replace('\n""\r', "\n\r")


@right
class IdColumnOfTimes(Server):
    """Ids of rows are times, which JSON, CSV and Parquet write as each of them does."""

    def id_columns(self, job: Job, inputs: bool) -> files.Columns:
        rows = range(len(job.table.outputs))
        return {"ts": [datetime(2024, 1, 1, 10) + timedelta(minutes=row) for row in rows]}

    def json_results(self, job: Job, columns: files.Columns) -> Response:
        texts = [moment.isoformat() for moment in columns["ts"]]
        return super().json_results(job, columns | {"ts": texts})
