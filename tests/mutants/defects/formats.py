"""`format` read wrongly, and wrong content types of results."""

import gzip

from .. import files
from ..accounts import Job
from ..catalogue import defect
from ..files import Columns
from ..messages import Refusal, Request, Response, error
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
        writers: dict[str, str] = {}
        return super().other(form, request) if form is None else writers[form]


@defect("HTTP-01", "RESULTS-15")
class MissingFormatCrashes(Form):
    """A missing format causes a 500."""

    def other(self, form: str | None, request: Request) -> str:
        return dict(request.query)["format"] and super().other(form, request)


@defect("RESULTS-18", "FORMAT-07")
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
        return Response(
            200, gzip.compress(files.to_json(columns), mtime=0), {"content-type": files.JSON}
        )
