"""Results whose formats are wrong or disagree, and what is said about the format."""

import base64
import gzip
import io
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq

from .. import files
from ..accounts import Job
from ..catalogue import defect
from ..files import Columns
from ..messages import Refusal, Request, Response, answer, error
from ..server import Server

FORMS = {"json", "csv", "parquet"}


class Form(Server):
    """Reads `format` in another way."""

    def form(self, request: Request) -> str:
        form = request.parameter("format")
        return form if form in FORMS else self.other(form, request)

    def other(self, form: str | None, request: Request) -> str:
        return super().form(request)


@defect("FORMAT-01", "RESULTS-01", "FORMAT-07")
class FormatIgnored(Form):
    """`format` is ignored: results are always JSON."""

    def form(self, request: Request) -> str:
        super().form(request)
        return "json"


@defect("RESULTS-15")
class FormatOptional(Form):
    """`format` may be missing: then results are JSON."""

    def other(self, form: str | None, request: Request) -> str:
        return "json" if form is None else super().other(form, request)


@defect("RESULTS-16")
class UnknownFormatIsJson(Form):
    """A format that does not exist gives JSON."""

    def other(self, form: str | None, request: Request) -> str:
        return "json" if form else super().other(form, request)


@defect("HTTP-01", "RESULTS-16")
class UnknownFormatCrashes(Form):
    """A format that does not exist causes a 500."""

    def other(self, form: str | None, request: Request) -> str:
        return super().other(form, request) if form is None else {}[form]


@defect("HTTP-01", "RESULTS-15")
class MissingFormatCrashes(Form):
    """A missing format causes a 500."""

    def other(self, form: str | None, request: Request) -> str:
        return dict(request.query)["format"] and super().other(form, request)


@defect("RESULTS-16")
class FormatCaseIgnored(Form):
    """`format=JSON` is accepted."""

    def other(self, form: str | None, request: Request) -> str:
        return form.lower() if form and form.lower() in FORMS else super().other(form, request)


@defect("RESULTS-18")
class OlderNameWins(Form):
    """`result_format`, which is to be ignored, wins over `format`."""

    def form(self, request: Request) -> str:
        form = super().form(request)
        older = request.parameter("result_format")
        return older if older in FORMS else form


@defect("RESULTS-18")
class OlderNameRefused(Form):
    """A request with both `format` and `result_format` is refused."""

    def form(self, request: Request) -> str:
        if request.parameter("result_format") and request.parameter("format"):
            raise Refusal(error(422, "Give either format or result_format."))
        return super().form(request)


@defect("RESULTS-01", "RESULTS-15")
class OlderNameRequired(Form):
    """The format is read from `result_format` alone, as in an older edition."""

    def form(self, request: Request) -> str:
        form = request.parameter("result_format")
        return form if form in FORMS else self.other(None, Request("GET", "", "", [], []))


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
        return Response(200, gzip.compress(text.encode()), {"content-type": files.ZIP})


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


@defect("FORMAT-05")
class CsvRoundsNumbers(CsvCells):
    """CSV rounds numbers to one digit."""

    def cell(self, value: Any) -> Any:
        return round(value, 1) if isinstance(value, float) else value


@defect("FORMAT-05")
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


@defect("FORMAT-05")
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


class Typed(Server):
    """Names the wrong content type for one form of results."""

    form_name = ""
    wrong = ""

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        response = super().job_results(request, tenant, job_id)
        if response.status == 200 and self.form(request) == self.form_name:
            response.headers["content-type"] = self.wrong
        return response


@defect("FORMAT-07", "HTTP-02")
class JsonResultsAsText(Typed):
    """JSON results are called `text/plain`."""

    form_name, wrong = "json", "text/plain"


@defect("FORMAT-07")
class ZipAsCsv(Typed):
    """The ZIP is called `text/csv`."""

    form_name, wrong = "csv", "text/csv"


@defect("FORMAT-07", "HTTP-02")
class ParquetAsJson(Typed):
    """Parquet is called `application/json`."""

    form_name, wrong = "parquet", "application/json"


@defect("HTTP-02", "RESULTS-02")
class GzipMislabelled(Typed):
    """JSON results are compressed with gzip without saying so."""

    def json_results(self, job: Job, columns: Columns) -> Response:
        return Response(200, gzip.compress(files.to_json(columns)), {"content-type": files.JSON})


@defect("FORMAT-01")
class CsvAsLink(Server):
    """CSV is answered with a JSON object that holds an address for the download."""

    def csv_results(self, job: Job, columns: Columns) -> Response:
        return answer({"url": f"https://storage.example/{job.job_id}.zip"})
