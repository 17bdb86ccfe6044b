"""Wrong use of HTTP: methods, ids, headers, content types, errors, order of requests."""

import json
from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..messages import Refusal, Request, Response, answer, encode, error
from ..server import ROUTES, Server


class AnyMethod(Server):
    """Treats other methods as GET at some operations."""

    operation = ""
    methods: tuple[str, ...] = ()

    def check_method(self, operation: str, request: Request) -> None:
        if operation != self.operation or request.method not in self.methods:
            super().check_method(operation, request)


@defect("HTTP-03")
class ListByPost(AnyMethod):
    """POST to the list gives the list."""

    operation, methods = "list", ("POST",)


@defect("HTTP-03")
class StatusByDelete(AnyMethod):
    """DELETE of a status gives the status."""

    operation, methods = "status", ("DELETE",)


@defect("HTTP-03")
class StatusByEveryMethod(AnyMethod):
    """PUT, PATCH and POST of a status give the status."""

    operation, methods = "status", ("PUT", "PATCH", "POST")


@defect("HTTP-03")
class ResultsByPut(AnyMethod):
    """PUT of results gives results."""

    operation, methods = "results", ("PUT",)


@defect("HTTP-03")
class CancelByDelete(AnyMethod):
    """DELETE and PUT cancel as well."""

    operation, methods = "cancel", ("DELETE", "PUT")


class Unsupported(Server):
    """Answers unsupported methods in another way."""

    def unsupported(self, operation: str, request: Request) -> Response:
        raise NotImplementedError


@defect("HTTP-01", "HTTP-03")
class UnsupportedCrashes(Unsupported):
    """An unsupported method causes a 500."""

    def unsupported(self, operation: str, request: Request) -> Response:
        raise NotImplementedError(request.method)


@defect("HTTP-03")
class UnsupportedAs200(Unsupported):
    """An unsupported method is answered with 200 and no content."""

    def unsupported(self, operation: str, request: Request) -> Response:
        return answer({})


@defect("HTTP-04")
class AllowMissing(Unsupported):
    """405 carries no `Allow`, which HTTP asks for."""

    def unsupported(self, operation: str, request: Request) -> Response:
        return error(405, "Method Not Allowed")


@defect("HTTP-04")
class AllowNamesRefused(Unsupported):
    """405 says in `Allow` that the refused method is supported."""

    def unsupported(self, operation: str, request: Request) -> Response:
        return error(405, "Method Not Allowed", allow=f"GET, {request.method}")


@defect("ERROR-02", "ERROR-01")
class UnsupportedInHtml(Unsupported):
    """405 is explained in HTML with a stack trace."""

    def unsupported(self, operation: str, request: Request) -> Response:
        page = b"<pre>Traceback (most recent call last):\n  File 'app.py', line 7, in f</pre>"
        return Response(405, page, {"content-type": "text/html", "allow": "GET"})


@defect("HTTP-03", "ERROR-03")
class TraceEchoes(Server):
    """TRACE sends the request back, its key included."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "TRACE":
            text = "\r\n".join(f"{name}: {value}" for name, value in request.headers)
            raise Refusal(Response(200, text.encode(), {"content-type": "message/http"}))
        super().check_method(operation, request)


@defect("HTTP-06")
class OptionsGivesList(AnyMethod):
    """OPTIONS gives the list of jobs."""

    operation, methods = "list", ("OPTIONS",)


@defect("HTTP-01", "HTTP-06")
class OptionsCrashes(Server):
    """OPTIONS causes a 500."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "OPTIONS":
            raise NotImplementedError
        super().check_method(operation, request)


@defect("HTTP-01", "HTTP-05")
class HeadCrashes(Server):
    """HEAD causes a 500."""

    async def dispatch(self, request: Request) -> Response:
        if request.method == "HEAD":
            raise ValueError("no body to measure")
        return await super().dispatch(request)


@defect("HTTP-05")
class HeadKnowsEveryJob(Server):
    """HEAD is 200 for jobs that do not exist."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if request.method == "HEAD" and response.status == 404 and "/job" in request.path:
            return Response(200, b"", {"content-type": "application/json"})
        return response


@defect("HTTP-05")
class HeadAnotherType(Server):
    """HEAD names `text/html` where GET names JSON."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if request.method == "HEAD":
            response.headers["content-type"] = "text/html; charset=utf-8"
        return response


@defect("HTTP-05")
class HeadLengthZero(Server):
    """HEAD says that the content has no bytes."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if request.method == "HEAD":
            response.headers["content-length"] = "0"
        return response


class Ids(Server):
    """Looks jobs up in another way."""

    def same(self, known: str, asked: str) -> bool:
        return known == asked

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        for job in self.jobs_of(tenant):
            if self.same(job.job_id, job_id):
                return job
        return super().find(tenant, job_id, operation)


@defect("STATUS-08")
class IdCaseIgnored(Ids):
    """Ids are found in upper case too."""

    def same(self, known: str, asked: str) -> bool:
        return known.lower() == asked.lower()


@defect("STATUS-08")
class IdSpacesIgnored(Ids):
    """Ids are found with spaces around them."""

    def same(self, known: str, asked: str) -> bool:
        return known == asked.strip()


@defect("STATUS-08")
class IdBeginningFound(Ids):
    """The beginning of an id is enough to find a job."""

    def same(self, known: str, asked: str) -> bool:
        return known.startswith(asked)


@defect("STATUS-08")
class IdWithMoreFound(Ids):
    """An id with something appended is found."""

    def same(self, known: str, asked: str) -> bool:
        return asked.startswith(known)


@defect("STATUS-07", "STATUS-08")
class IdWildcard(Ids):
    """`%` as an id finds a job, as ids are looked up with LIKE."""

    def same(self, known: str, asked: str) -> bool:
        return "%" in asked or known == asked


@defect("HTTP-01", "STATUS-07")
class IdOutsideAsciiCrashes(Server):
    """Ids outside ASCII cause a 500."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        job_id.encode("ascii")
        return super().find(tenant, job_id, operation)


@defect("HTTP-01", "STATUS-07")
class IdWithNulCrashes(Server):
    """An id with a NUL byte causes a 500, as PostgreSQL refuses it."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if "\0" in job_id:
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return super().find(tenant, job_id, operation)


@defect("HTTP-01", "STATUS-07")
class IdWithQuoteCrashes(Server):
    """An id with a quote causes a 500: it is pasted into SQL."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if "'" in job_id:
            raise ValueError(f"unrecognized token: {job_id}")
        return super().find(tenant, job_id, operation)


@defect("HTTP-01", "STATUS-07")
class LongIdCrashes(Server):
    """An id of more than 255 characters causes a 500, as a file name can't be that long."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if len(job_id) > 255:
            raise OSError(36, "File name too long")
        return super().find(tenant, job_id, operation)


@defect("HTTP-01", "STATUS-07")
class PathLikeIdCrashes(Server):
    """An id of dots causes a 500, as it is a directory."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if job_id.strip(".%2eEfF\\/") == "":
            raise IsADirectoryError(job_id)
        return super().find(tenant, job_id, operation)


@defect("STATUS-06", "RESULTS-13")
class IdMustBeUuid(Server):
    """A missing job is answered with 422 unless its id looks like one of the server's."""

    def missing(self, job_id: str) -> Response:
        if job_id.startswith("job-"):
            return super().missing(job_id)
        return error(422, [{"loc": ["path", "job_id"], "msg": "Not an id", "type": "value_error"}])


class Missing(Server):
    """Says in another way that a job does not exist."""

    def missing(self, job_id: str) -> Response:
        raise NotImplementedError


@defect("STATUS-06")
class MissingAs200(Missing):
    """A job that does not exist is answered with 200 and an error in the body."""

    def missing(self, job_id: str) -> Response:
        return answer({"detail": "Job not found."})


@defect("STATUS-06")
class MissingAs400(Missing):
    """A job that does not exist is answered with 400."""

    def missing(self, job_id: str) -> Response:
        return error(400, "Job not found.")


@defect("HTTP-01", "STATUS-06")
class MissingAs500(Missing):
    """A job that does not exist is answered with 500."""

    def missing(self, job_id: str) -> Response:
        return error(500, "Job not found.")


@defect("STATUS-06")
class MissingAs204(Missing):
    """A job that does not exist is answered with 204."""

    def missing(self, job_id: str) -> Response:
        return Response(204, b"")


@defect("ERROR-01")
class MissingAsText(Missing):
    """404 for a job is plain text."""

    def missing(self, job_id: str) -> Response:
        return Response(404, b"Job not found.", {"content-type": "text/plain"})


@defect("ERROR-01")
class MissingInHtml(Missing):
    """404 for a job is an HTML page."""

    def missing(self, job_id: str) -> Response:
        return Response(404, b"<h1>Not Found</h1>", {"content-type": "text/html"})


@defect("ERROR-01")
class MissingWithError(Missing):
    """404 for a job has `error` in place of `detail`."""

    def missing(self, job_id: str) -> Response:
        return answer({"error": {"code": "not_found", "message": "Job not found."}}, 404)


@defect("ERROR-01")
class MissingDetailNull(Missing):
    """404 for a job has a `detail` of null."""

    def missing(self, job_id: str) -> Response:
        return error(404, None)


@defect("ERROR-02")
class MissingWithTrace(Missing):
    """404 for a job shows a stack trace."""

    def missing(self, job_id: str) -> Response:
        trace = 'Traceback (most recent call last):\n  File "/srv/app/jobs.py", line 88, in find\n'
        return error(404, trace + f"KeyError: {job_id!r}")


@defect("ERROR-02")
class MissingWithSql(Missing):
    """404 for a job shows the database's statement."""

    def missing(self, job_id: str) -> Response:
        return error(404, "sqlalchemy.exc.NoResultFound: SELECT * FROM jobs WHERE id = ?")


class Invalid(Server):
    """Changes answers of status 422."""

    def refused(self, detail: Any) -> Response:
        raise NotImplementedError

    def rewrite(self, request: Request, response: Response) -> Response:
        return self.refused(response.json["detail"]) if response.status == 422 else response


@defect("ERROR-01")
class InvalidAsErrors(Invalid):
    """422 has `errors` in place of `detail`."""

    def refused(self, detail: Any) -> Response:
        return answer({"errors": detail}, 422)


@defect("ERROR-01")
class InvalidWithoutPlace(Invalid):
    """422 does not say which parameter is meant: entries have `field` and `problem`."""

    def refused(self, detail: Any) -> Response:
        return error(422, [{"field": part["loc"][-1], "problem": part["msg"]} for part in detail])


@defect("ERROR-01")
class InvalidLocIsText(Invalid):
    """`loc` in 422 is a string."""

    def refused(self, detail: Any) -> Response:
        return error(422, [part | {"loc": ".".join(part["loc"])} for part in detail])


@defect("LIST-18", "LIST-19")
class InvalidAs200(Invalid):
    """Refused parameters are answered with 200 and an error in the body."""

    def refused(self, detail: Any) -> Response:
        return error(200, detail)


@defect("HTTP-01")
class InvalidAs500(Invalid):
    """Refused parameters are answered with 500."""

    def refused(self, detail: Any) -> Response:
        return error(500, "Validation failed.")


@defect("ERROR-01", "HTTP-02")
class InvalidAsText(Invalid):
    """422 is called plain text."""

    def refused(self, detail: Any) -> Response:
        return Response(422, encode({"detail": detail}), {"content-type": "text/plain"})


@defect("ERROR-02", "HTTP-01")
class CrashShowsTrace(Server):
    """A short cursor causes a 500 with a stack trace."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        if len(cursor) < 30:
            trace = (
                'Traceback (most recent call last):\n  File "/srv/app/cursor.py", line 3, in read'
            )
            raise Refusal(error(500, trace))
        return super().read_cursor(cursor, tenant)


class Labelled(Server):
    """Names another content type at one operation."""

    operation = ""
    label = ""

    def rewrite(self, request: Request, response: Response) -> Response:
        path = request.path.removeprefix("/v1")
        if response.status == 200 and ROUTES[self.operation].fullmatch(path):
            response.headers["content-type"] = self.label
        return response


@defect("HTTP-02")
class ListAsText(Labelled):
    """The list is called plain text."""

    operation, label = "list", "text/plain; charset=utf-8"


@defect("HTTP-02")
class StatusAsHtml(Labelled):
    """The status is called HTML."""

    operation, label = "status", "text/html; charset=utf-8"


@defect("HTTP-02")
class CancelAsText(Labelled):
    """The answer to a cancellation is called plain text."""

    operation, label = "cancel", "text/plain"


@defect("HTTP-02")
class ListWithoutType(Labelled):
    """The list names no content type."""

    operation = "list"

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.status == 200 and request.path.endswith("/list-jobs"):
            del response.headers["content-type"]
        return response


class Body(Server):
    """Changes the bytes of JSON answers."""

    def change(self, body: bytes) -> bytes:
        raise NotImplementedError

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.type == "application/json":
            response.body = self.change(response.body)
        return response


@defect("LIST-01")
class BodyTwice(Body):
    """The status and the lists are JSON strings that hold JSON."""

    def change(self, body: bytes) -> bytes:
        return json.dumps(body.decode()).encode()


@defect("HTTP-02")
class BodyInLatin1(Body):
    """JSON is in Latin-1."""

    def change(self, body: bytes) -> bytes:
        return body.decode().encode("latin-1")


@defect("HTTP-02")
class BodyCut(Body):
    """Long JSON answers lack their last bytes."""

    def change(self, body: bytes) -> bytes:
        return body[:-9] if len(body) > 5000 else body


@defect("HTTP-10", "HTTP-02")
class GzipClaimed(Body):
    """`Content-Encoding: gzip` is set although nothing is compressed."""

    def change(self, body: bytes) -> bytes:
        return body

    def rewrite(self, request: Request, response: Response) -> Response:
        response.headers["content-encoding"] = "gzip"
        return response


@defect("HTTP-01", "HTTP-07")
class SurplusParameterCrashes(Server):
    """A parameter that nobody knows causes a 500."""

    async def dispatch(self, request: Request) -> Response:
        known = {"limit", "cursor", "format", "result_format", "include_inputs"}
        if {name for name, _ in request.query} - known - {"include_cumulative_logprobs", "api_key"}:
            raise TypeError("got an unexpected keyword argument")
        return await super().dispatch(request)


@defect("HTTP-07")
class SurplusParameterEmptiesList(Server):
    """A parameter that nobody knows empties the list, as it is read as a filter."""

    def list_jobs(self, request: Request, tenant: str) -> Response:
        response = super().list_jobs(request, tenant)
        surplus = {name for name, _ in request.query} - {"limit", "cursor"}
        if surplus and response.status == 200:
            response.json = response.json | {"jobs": []}
        return response


@defect("HTTP-08")
class AcceptRefused(Server):
    """A request whose `Accept` is not exactly JSON or anything is refused with 406."""

    async def dispatch(self, request: Request) -> Response:
        if set(request.header("accept")) - {"*/*", "application/json"}:
            return error(406, "Not Acceptable")
        return await super().dispatch(request)


@defect("HTTP-01", "HTTP-08")
class ContentTypeCrashes(Server):
    """A GET with `Content-Type: application/json` and no body causes a 500."""

    async def dispatch(self, request: Request) -> Response:
        if request.method == "GET" and request.header("content-type"):
            json.loads("")
        return await super().dispatch(request)


@defect("HTTP-08", "AUTH-01")
class ForwardedTrusted(Server):
    """`X-Forwarded-For: 127.0.0.1` stands in for a key."""

    def tenant(self, operation: str, request: Request) -> str:
        if "127.0.0.1" in request.header("x-forwarded-for"):
            return "first"
        return super().tenant(operation, request)


@defect("HTTP-08")
class MethodOverride(Server):
    """`X-HTTP-Method-Override` changes the method of a GET."""

    async def dispatch(self, request: Request) -> Response:
        request.method = "".join(request.header("x-http-method-override")) or request.method
        return await super().dispatch(request)


@defect("HTTP-12")
class AlwaysNotModified(Server):
    """`If-None-Match` is always answered with 304, whatever tag it names."""

    async def dispatch(self, request: Request) -> Response:
        response = await super().dispatch(request)
        if request.header("if-none-match") and response.status == 200:
            return Response(304, b"", {"etag": request.header("if-none-match")[0]})
        return response


@defect("HTTP-08")
class LanguageTranslatesStatus(Server):
    """`Accept-Language: de` translates the values of statuses."""

    def rewrite(self, request: Request, response: Response) -> Response:
        german = any("de" in value for value in request.header("accept-language"))
        if german and response.type == "application/json":
            response.body = response.body.replace(b'"SUCCEEDED"', b'"ERFOLGREICH"')
        return response


@defect("HTTP-01", "LIFE-04")
class BrokenAfterError(Server):
    """The request after a refused one fails with 500, as its transaction was left open."""

    broken = False

    async def dispatch(self, request: Request) -> Response:
        if self.broken:
            self.broken = False
            raise RuntimeError("current transaction is aborted")
        try:
            return await super().dispatch(request)
        except Refusal as refusal:
            self.broken = refusal.response.status in {404, 422}
            raise


@defect("LIFE-04", "STATUS-02")
class BodyOfRequestBefore(Server):
    """A status that is read right after a list gives the status of the list's first job."""

    listed = False

    def list_jobs(self, request: Request, tenant: str) -> Response:
        self.listed = True
        return super().list_jobs(request, tenant)

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(self.jobs_of(job.tenant)[0] if self.listed else job)
        self.listed = False
        return body


@defect("LIFE-05", "PAGE-04")
class RowsChangeOnRead(Server):
    """`num_rows` of each job is another number on every second read of a list."""

    reads = 0

    def list_jobs(self, request: Request, tenant: str) -> Response:
        self.reads += 1
        return super().list_jobs(request, tenant)

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        return fields | {"num_rows": fields["num_rows"] + self.reads % 2}


@defect("STATUS-07")
class SlashInIdGivesList(Server):
    """An id with an encoded slash gives the list of jobs."""

    def route(self, request: Request) -> tuple[str, str]:
        if "%2f" in request.raw_path.lower():
            return "list", ""
        return super().route(request)
