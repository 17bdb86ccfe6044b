"""Values that one form of results alone changes."""

from typing import Any

from ..accounts import Job, make, table
from ..catalogue import defect
from ..files import Columns
from ..messages import Response
from ..server import Server
from .csvs import CsvCells

LARGE = [2**53 + 1, 2**54 + 3, 1_234_567_890_123_456_789, 2**62 + 1]


def large_ids() -> list[Job]:
    """A job with an ID column of integers that a double can't hold."""
    return [make(1, "SUCCEEDED", table=table(4, order_id=LARGE)), make(2, "QUEUED")]


def gaps() -> list[Job]:
    """A job with an output that is null and one that is empty."""
    return [make(1, "SUCCEEDED", table=table(4, ["a", None, "", "b"])), make(2, "QUEUED")]


def rounded(value: Any) -> Any:
    return int(float(value)) if isinstance(value, int) else value


@defect("FORMAT-05")
class CsvRoundsLargeIds(CsvCells):
    """CSV rounds integers above 2**53 in an ID column to doubles."""

    account = staticmethod(large_ids)

    def cell(self, value: Any) -> Any:
        return rounded(value)


@defect("FORMAT-05")
class JsonRoundsLargeIds(Server):
    """JSON rounds integers above 2**53 in an ID column to doubles."""

    account = staticmethod(large_ids)

    def json_results(self, job: Job, columns: Columns) -> Response:
        ids = {name: [rounded(value) for value in columns[name]] for name in job.table.ids}
        return super().json_results(job, columns | ids)


@defect("FORMAT-05")
class ParquetEmptyAsNull(Server):
    """Parquet has null where an output is empty."""

    account = staticmethod(gaps)

    def parquet_results(self, job: Job, columns: Columns) -> Response:
        outputs = [None if value == "" else value for value in columns["outputs"]]
        return super().parquet_results(job, columns | {"outputs": outputs})


@defect("FORMAT-05")
class JsonNullAsEmpty(Server):
    """JSON has an empty string where an output is null."""

    account = staticmethod(gaps)

    def json_results(self, job: Job, columns: Columns) -> Response:
        outputs = ["" if value is None else value for value in columns["outputs"]]
        return super().json_results(job, columns | {"outputs": outputs})


@defect("FORMAT-05")
class CsvLineBreaksOfWindows(CsvCells):
    """CSV has a carriage return before each line feed inside of outputs."""

    def cell(self, value: Any) -> Any:
        return value.replace("\n", "\r\n") if isinstance(value, str) else value


@defect("FORMAT-05")
class JsonReadsNumbers(Server):
    """Outputs that look like numbers are numbers in JSON."""

    account = staticmethod(
        lambda: [make(1, "SUCCEEDED", table=table(3, ["a", "42", "7"])), make(2, "QUEUED")]
    )

    def json_results(self, job: Job, columns: Columns) -> Response:
        outputs = [int(text) if text.isdecimal() else text for text in columns["outputs"]]
        return super().json_results(job, columns | {"outputs": outputs})
