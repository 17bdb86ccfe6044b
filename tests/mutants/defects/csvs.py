"""Wrong ZIP archives and CSV files."""

import gzip
from typing import Any

from .. import files
from ..accounts import Job
from ..catalogue import defect
from ..files import Columns
from ..messages import Response, answer
from ..server import Server


@defect("FORMAT-01")
class CsvNotZipped(Server):
    """CSV comes without a ZIP around it."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        named = {self.csv_name(job, name): values for name, values in columns.items()}
        return Response(200, files.to_csv(named).encode(), {"content-type": "text/csv"})


@defect("FORMAT-01")
class CsvGzipped(Server):
    """CSV comes in gzip and is called a ZIP."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        text = files.to_csv({self.csv_name(job, k): v for k, v in columns.items()})
        return Response(200, gzip.compress(text.encode(), mtime=0), {"content-type": files.ZIP})


@defect("FORMAT-01")
class ZipOfTwoFiles(Server):
    """The ZIP holds a second file, a manifest."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        named = {self.csv_name(job, name): values for name, values in columns.items()}
        body = files.to_zip({"results.csv": files.to_csv(named), "manifest.json": "{}"})
        return Response(200, body, {"content-type": files.ZIP})


@defect("FORMAT-01")
class ZipEmpty(Server):
    """The ZIP holds no file."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        return Response(200, files.to_zip({}), {"content-type": files.ZIP})


@defect("FORMAT-01")
class ZipCut(Server):
    """The ZIP ends before its directory."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        response = super().csv_results(job, columns)
        return Response(200, response.body[:-30], response.headers)


@defect("FORMAT-01")
class ZipOfParquet(Server):
    """The file in the ZIP is Parquet."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        body = files.to_zip({"results.parquet": files.to_parquet(columns)})
        return Response(200, body, {"content-type": files.ZIP})


class Csv(Server):
    """Writes the CSV file in another way."""

    delimiter = ","
    encoding = "utf-8"

    def csv_text(self, columns: Columns) -> str | bytes:
        return files.to_csv(columns, delimiter=self.delimiter).encode(self.encoding)


@defect("FORMAT-02")
class CsvColumnCalledOutputs(Server):
    """The outputs' column in CSV is called `outputs` and not after the job."""

    def csv_name(self, job: Job, column: str) -> str:
        return column


@defect("FORMAT-01", "FORMAT-02")
class CsvWithoutHeader(Csv):
    """CSV has no header line."""

    def csv_text(self, columns: Columns) -> str | bytes:
        return files.to_csv(columns).partition("\r\n")[2]


@defect("FORMAT-04")
class CsvWithIndex(Csv):
    """CSV has a column of row numbers without a name, as pandas writes it."""

    def csv_text(self, columns: Columns) -> str | bytes:
        rows = len(next(iter(columns.values())))
        return super().csv_text({"": list(range(rows))} | columns)


@defect("FORMAT-02", "FORMAT-04", "FORMAT-01")
class CsvWithSemicolons(Csv):
    """CSV is separated by semicolons."""

    delimiter = ";"


@defect("FORMAT-01", "FORMAT-05")
class CsvInLatin1(Csv):
    """CSV is in Latin-1."""

    encoding = "latin-1"


@defect("FORMAT-01")
class CsvInUtf16(Csv):
    """CSV is in UTF-16."""

    encoding = "utf-16"


@defect("FORMAT-04", "FORMAT-01", "FORMAT-05")
class CsvUnquoted(Csv):
    """CSV joins cells with commas and quotes nothing."""

    def csv_text(self, columns: Columns) -> str | bytes:
        rows = zip(*columns.values(), strict=True)
        lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
        return "\r\n".join(lines) + "\r\n"


class CsvCells(Csv):
    """Changes the cells of the CSV file."""

    def cell(self, value: Any) -> Any:
        raise NotImplementedError

    def csv_text(self, columns: Columns) -> str | bytes:
        return super().csv_text({k: [self.cell(v) for v in vs] for k, vs in columns.items()})


@defect("FORMAT-05")
class CsvLosesZeros(CsvCells):
    """CSV loses leading zeros, as a reader that guesses types makes it: `007` is 7."""

    def cell(self, value: Any) -> Any:
        return int(value) if isinstance(value, str) and value.isdecimal() else value


@defect("FORMAT-05")
class CsvFlattensLines(CsvCells):
    """CSV has spaces in place of line breaks inside of outputs."""

    def cell(self, value: Any) -> Any:
        return value.replace("\n", " ") if isinstance(value, str) else value


@defect("FORMAT-05", "FORMAT-06")
class CsvRoundsNumbers(CsvCells):
    """CSV rounds numbers to one digit."""

    def cell(self, value: Any) -> Any:
        return round(value, 1) if isinstance(value, float) else value


@defect("FORMAT-05", "FORMAT-06")
class CsvNullAsNone(CsvCells):
    """CSV writes a missing number as `None`."""

    def cell(self, value: Any) -> Any:
        return "None" if value is None else value


@defect("FORMAT-04")
class CsvOneRowShort(Csv):
    """CSV lacks the first row, read as a header on the way."""

    def csv_text(self, columns: Columns) -> str | bytes:
        return super().csv_text({name: values[1:] for name, values in columns.items()})


@defect("FORMAT-05")
class CsvSorted(Csv):
    """CSV has its rows sorted."""

    def csv_text(self, columns: Columns) -> str | bytes:
        rows = sorted(zip(*columns.values(), strict=True), key=str)
        return super().csv_text(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))


@defect("FORMAT-06")
class CsvIgnoresFlags(Server):
    """CSV never has inputs or log-probabilities."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        return super().csv_results(job, self.columns(job, False, False))


@defect("FORMAT-04")
class CsvLacksIdColumn(Server):
    """CSV lacks the ID column."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        return super().csv_results(
            job, {k: v for k, v in columns.items() if k not in job.table.ids}
        )


@defect("FORMAT-01")
class CsvAsLink(Server):
    """CSV is answered with a JSON object that holds an address for the download."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        return answer({"url": f"https://storage.example/{job.job_id}.zip"})


@defect("FORMAT-05", "FORMAT-06")
class CsvCutsLongCells(CsvCells):
    """CSV cuts cells after 12 characters."""

    def cell(self, value: Any) -> Any:
        return value[:12] if isinstance(value, str) else value


@defect("FORMAT-05", "FORMAT-06")
class CsvInputsShifted(Csv):
    """CSV has each input one row too low."""

    def csv_text(self, columns: Columns) -> str | bytes:
        shifted = {k: [*v[-1:], *v[:-1]] for k, v in columns.items() if k == "inputs"}
        return super().csv_text(columns | shifted)


class Zip(Server):
    """Gives the file in the ZIP another name."""

    member = ""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        named = {self.csv_name(job, name): values for name, values in columns.items()}
        body = files.to_zip({self.member: self.csv_text(named)})
        return Response(200, body, {"content-type": files.ZIP})


@defect("FORMAT-01")
class ZipClimbs(Zip):
    """The file in the ZIP is called `../../results.csv`."""

    member = "../../results.csv"


@defect("FORMAT-01")
class ZipFromRoot(Zip):
    """The file in the ZIP is called `/tmp/results.csv`."""

    member = "/tmp/results.csv"  # noqa: S108
