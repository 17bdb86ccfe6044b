"""Wrong Parquet files."""

import base64
import io

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq

from .. import files
from ..accounts import Job
from ..catalogue import defect
from ..files import Columns
from ..messages import Response
from ..server import Server


@defect("FORMAT-06")
class ParquetIgnoresFlags(Server):
    """Parquet never has inputs or log-probabilities."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        return super().parquet_results(job, self.columns(job, False, False))


@defect("FORMAT-06", "FORMAT-04")
class ParquetHasEverything(Server):
    """Parquet always has inputs and log-probabilities: the stored file is sent as it is."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        return super().parquet_results(job, self.columns(job, True, True))


@defect("FORMAT-04")
class ParquetLacksIdColumn(Server):
    """Parquet lacks the ID column."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        kept = {k: v for k, v in columns.items() if k not in job.table.ids}
        return super().parquet_results(job, kept)


@defect("FORMAT-08")
class ParquetLogprobsAsText(Server):
    """Parquet has log-probabilities as strings."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        texts = {k: [v if v is None else str(v) for v in vs] for k, vs in columns.items()}
        return super().parquet_results(job, texts)


@defect("FORMAT-05", "FORMAT-06")
class ParquetNullAsZero(Server):
    """Parquet has 0 where a log-probability is missing."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        filled = {k: [0.0 if v is None else v for v in vs] for k, vs in columns.items()}
        return super().parquet_results(job, filled)


@defect("FORMAT-04")
class ParquetWithIndex(Server):
    """Parquet has a column `__index_level_0__`, as pandas writes it."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        index = list(range(len(columns["outputs"])))
        return super().parquet_results(job, columns | {"__index_level_0__": index})


@defect("FORMAT-05")
class ParquetReversed(Server):
    """Parquet has its rows in the opposite order."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        return super().parquet_results(job, {k: v[::-1] for k, v in columns.items()})


@defect("FORMAT-03")
class ParquetCut(Server):
    """Parquet ends before its footer."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        response = super().parquet_results(job, columns)
        return Response(200, response.body[:-20], response.headers)


@defect("FORMAT-03")
class ParquetInBase64(Server):
    """Parquet comes in Base64."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        response = super().parquet_results(job, columns)
        return Response(200, base64.b64encode(response.body), response.headers)


@defect("FORMAT-03")
class ParquetIsArrow(Server):
    """`parquet` gives an Arrow file."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        buffer = io.BytesIO()
        pyarrow.feather.write_feather(pa.table(columns), buffer)
        return Response(200, buffer.getvalue(), {"content-type": files.PARQUET})


@defect("FORMAT-04")
class ParquetOfThreeRows(Server):
    """Parquet holds the first row group only: three rows."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns).slice(0, 3), buffer)
        return Response(200, buffer.getvalue(), {"content-type": files.PARQUET})


@defect("FORMAT-05", "FORMAT-08", "FORMAT-04")
class ParquetIdsAsText(Server):
    """Parquet has an ID column of numbers as strings."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        texts = {k: [str(v) for v in columns[k]] for k in job.table.ids}
        return super().parquet_results(job, columns | texts)


@defect("FORMAT-05", "FORMAT-06")
class ParquetLogprobsMoveUp(Server):
    """In Parquet, rows without a log-probability get that of the next row."""

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        moved = {
            name: [v for v in values if v is not None] + [None] * values.count(None)
            for name, values in columns.items()
            if "logprobs" in name
        }
        return super().parquet_results(job, columns | moved)
