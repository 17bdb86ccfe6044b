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


@defect()
class ListByPost(AnyMethod):
    """POST to the list gives the list."""

    operation, methods = "list", ("POST",)


@defect()
class StatusByDelete(AnyMethod):
    """DELETE of a status gives the status."""

    operation, methods = "status", ("DELETE",)


@defect()
class StatusByEveryMethod(AnyMethod):
    """PUT, PATCH and POST of a status give the status."""

    operation, methods = "status", ("PUT", "PATCH", "POST")


@defect()
class ResultsByPut(AnyMethod):
    """PUT of results gives results."""

    operation, methods = "results", ("PUT",)


@defect()
class CancelByDelete(AnyMethod):
    """DELETE and PUT cancel as well."""

    operation, methods = "cancel", ("DELETE", "PUT")


class Unsupported(Server):
    """Answers unsupported methods in another way."""

    def unsupported(self, operation: str, request: Request) -> Response:
        raise NotImplementedError


@defect()
class UnsupportedCrashes(Unsupported):
    """An unsupported method causes a 500."""

    def unsupported(self, operation: str, request: Request) -> Response:
        raise NotImplementedError(request.method)


@defect()
class UnsupportedAs200(Unsupported):
    """An unsupported method is answered with 200 and no content."""

    def unsupported(self, operation: str, request: Request) -> Response:
        return answer({})


@defect()
class AllowMissing(Unsupported):
    """405 carries no `Allow`, which HTTP asks for."""

    def unsupported(self, operation: str, request: Request) -> Response:
        return error(405, "Method Not Allowed")


@defect()
class AllowNamesRefused(Unsupported):
    """405 says in `Allow` that the refused method is supported."""

    def unsupported(self, operation: str, request: Request) -> Response:
        return error(405, "Method Not Allowed", allow=f"GET, {request.method}")


@defect()
class UnsupportedInHtml(Unsupported):
    """405 is explained in HTML with a stack trace."""

    def unsupported(self, operation: str, request: Request) -> Response:
        page = b"<pre>Traceback (most recent call last):\n  File 'app.py', line 7, in f</pre>"
        return Response(405, page, {"content-type": "text/html", "allow": "GET"})


@defect()
class TraceEchoes(Server):
    """TRACE sends the request back, its key included."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "TRACE":
            text = "\r\n".join(f"{name}: {value}" for name, value in request.headers)
            raise Refusal(Response(200, text.encode(), {"content-type": "message/http"}))
        super().check_method(operation, request)


@defect()
class OptionsGivesList(AnyMethod):
    """OPTIONS gives the list of jobs."""

    operation, methods = "list", ("OPTIONS",)


@defect()
class OptionsCrashes(Server):
    """OPTIONS causes a 500."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "OPTIONS":
            raise NotImplementedError
        super().check_method(operation, request)


@defect()
class HeadCrashes(Server):
    """HEAD causes a 500."""

    async def dispatch(self, request: Request) -> Response:
        if request.method == "HEAD":
            raise ValueError("no body to measure")
        return await super().dispatch(request)


@defect()
class HeadKnowsEveryJob(Server):
    """HEAD is 200 for jobs that do not exist."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        return super().find(tenant, job_id, operation)

    def rewrite(self, request: Request, response: Response) -> Response:
        if request.method == "HEAD" and response.status == 404 and "/job" in request.path:
            return Response(200, b"", {"content-type": "application/json"})
        return response


@defect()
class HeadAnotherType(Server):
    """HEAD names `text/html` where GET names JSON."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if request.method == "HEAD":
            response.headers["content-type"] = "text/html; charset=utf-8"
        return response


@defect()
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


@defect()
class IdCaseIgnored(Ids):
    """Ids are found in upper case too."""

    def same(self, known: str, asked: str) -> bool:
        return known.lower() == asked.lower()


@defect()
class IdSpacesIgnored(Ids):
    """Ids are found with spaces around them."""

    def same(self, known: str, asked: str) -> bool:
        return known == asked.strip()


@defect()
class IdBeginningFound(Ids):
    """The beginning of an id is enough to find a job."""

    def same(self, known: str, asked: str) -> bool:
        return known.startswith(asked)


@defect()
class IdWithMoreFound(Ids):
    """An id with something appended is found."""

    def same(self, known: str, asked: str) -> bool:
        return asked.startswith(known)


@defect()
class IdWildcard(Ids):
    """`%` as an id finds a job, as ids are looked up with LIKE."""

    def same(self, known: str, asked: str) -> bool:
        return "%" in asked or known == asked


@defect()
class IdCrash(Server):
    """Ids outside ASCII cause a 500."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        job_id.encode("ascii")
        return super().find(tenant, job_id, operation)


@defect()
class IdWithNulCrashes(Server):
    """An id with a NUL byte causes a 500, as PostgreSQL refuses it."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if "\0" in job_id:
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return super().find(tenant, job_id, operation)


@defect()
class IdWithQuoteCrashes(Server):
    """An id with a quote causes a 500: it is pasted into SQL."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if "'" in job_id:
            raise ValueError(f"unrecognized token: {job_id}")
        return super().find(tenant, job_id, operation)


@defect()
class LongIdCrashes(Server):
    """An id of more than 255 characters causes a 500, as a file name can't be that long."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if len(job_id) > 255:
            raise OSError(36, "File name too long")
        return super().find(tenant, job_id, operation)


@defect()
class PathLikeIdCrashes(Server):
    """An id of dots causes a 500, as it is a directory."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if job_id.strip(".%2eEfF\\/") == "":
            raise IsADirectoryError(job_id)
        return super().find(tenant, job_id, operation)


@defect()
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


@defect()
class MissingAs200(Missing):
    """A job that does not exist is answered with 200 and an error in the body."""

    def missing(self, job_id: str) -> Response:
        return answer({"detail": "Job not found."})


@defect()
class MissingAs400(Missing):
    """A job that does not exist is answered with 400."""

    def missing(self, job_id: str) -> Response:
        return error(400, "Job not found.")


@defect()
class MissingAs500(Missing):
    """A job that does not exist is answered with 500."""

    def missing(self, job_id: str) -> Response:
        return error(500, "Job not found.")


@defect()
class MissingAs204(Missing):
    """A job that does not exist is answered with 204."""

    def missing(self, job_id: str) -> Response:
        return Response(204, b"")


@defect()
class MissingAsText(Missing):
    """404 for a job is plain text."""

    def missing(self, job_id: str) -> Response:
        return Response(404, b"Job not found.", {"content-type": "text/plain"})


@defect()
class MissingInHtml(Missing):
    """404 for a job is an HTML page."""

    def missing(self, job_id: str) -> Response:
        return Response(404, b"<h1>Not Found</h1>", {"content-type": "text/html"})


@defect()
class MissingWithError(Missing):
    """404 for a job has `error` in place of `detail`."""

    def missing(self, job_id: str) -> Response:
        return answer({"error": {"code": "not_found", "message": "Job not found."}}, 404)


@defect()
class MissingDetailNull(Missing):
    """404 for a job has a `detail` of null."""

    def missing(self, job_id: str) -> Response:
        return error(404, None)


@defect()
class MissingWithTrace(Missing):
    """404 for a job shows a stack trace."""

    def missing(self, job_id: str) -> Response:
        trace = 'Traceback (most recent call last):\n  File "/srv/app/jobs.py", line 88, in find\n'
        return error(404, trace + f"KeyError: {job_id!r}")


@defect()
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


@defect()
class InvalidAsErrors(Invalid):
    """422 has `errors` in place of `detail`."""

    def refused(self, detail: Any) -> Response:
        return answer({"errors": detail}, 422)


@defect()
class InvalidWithoutPlace(Invalid):
    """422 does not say which parameter is meant: entries have `field` and `problem`."""

    def refused(self, detail: Any) -> Response:
        return error(422, [{"field": part["loc"][-1], "problem": part["msg"]} for part in detail])


@defect()
class InvalidLocIsText(Invalid):
    """`loc` in 422 is a string."""

    def refused(self, detail: Any) -> Response:
        return error(422, [part | {"loc": ".".join(part["loc"])} for part in detail])


@defect()
class InvalidAs200(Invalid):
    """Refused parameters are answered with 200 and an error in the body."""

    def refused(self, detail: Any) -> Response:
        return error(200, detail)


@defect()
class InvalidAs500(Invalid):
    """Refused parameters are answered with 500."""

    def refused(self, detail: Any) -> Response:
        return error(500, "Validation failed.")


@defect()
class InvalidAsText(Invalid):
    """422 is called plain text."""

    def refused(self, detail: Any) -> Response:
        return Response(422, encode({"detail": detail}), {"content-type": "text/plain"})


@defect()
class CrashShowsTrace(Server):
    """A long cursor causes a 500 with a stack trace."""

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


@defect()
class ListAsText(Labelled):
    """The list is called plain text."""

    operation, label = "list", "text/plain; charset=utf-8"


@defect()
class StatusAsHtml(Labelled):
    """The status is called HTML."""

    operation, label = "status", "text/html; charset=utf-8"


@defect()
class CancelAsText(Labelled):
    """The answer to a cancellation is called plain text."""

    operation, label = "cancel", "text/plain"


@defect()
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


@defect()
class BodyTwice(Body):
    """The status and the lists are JSON strings that hold JSON."""

    def change(self, body: bytes) -> bytes:
        return json.dumps(body.decode()).encode()


@defect()
class BodyInLatin1(Body):
    """JSON is in Latin-1."""

    def change(self, body: bytes) -> bytes:
        return body.decode().encode("latin-1")


@defect()
class BodyCut(Body):
    """Long JSON answers lack their last bytes."""

    def change(self, body: bytes) -> bytes:
        return body[:-9] if len(body) > 5000 else body


@defect()
class GzipClaimed(Body):
    """`Content-Encoding: gzip` is set although nothing is compressed."""

    def change(self, body: bytes) -> bytes:
        return body

    def rewrite(self, request: Request, response: Response) -> Response:
        response.headers["content-encoding"] = "gzip"
        return response


@defect()
class SurplusParameterCrashes(Server):
    """A parameter that nobody knows causes a 500."""

    async def dispatch(self, request: Request) -> Response:
        known = {"limit", "cursor", "format", "result_format", "include_inputs"}
        if {name for name, _ in request.query} - known - {"include_cumulative_logprobs", "api_key"}:
            raise TypeError("got an unexpected keyword argument")
        return await super().dispatch(request)


@defect()
class DebugParameter(Server):
    """A surplus parameter changes the list: `offset` skips jobs, `status` filters."""

    def jobs_of(self, tenant: str) -> list[Job]:
        return super().jobs_of(tenant)

    def list_jobs(self, request: Request, tenant: str) -> Response:
        response = super().list_jobs(request, tenant)
        surplus = {name for name, _ in request.query} - {"limit", "cursor"}
        if surplus and response.status == 200:
            response.json = response.json | {"jobs": []}
        return response


@defect()
class AcceptRefused(Server):
    """A request whose `Accept` is not exactly JSON or anything is refused with 406."""

    async def dispatch(self, request: Request) -> Response:
        if set(request.header("accept")) - {"*/*", "application/json"}:
            return error(406, "Not Acceptable")
        return await super().dispatch(request)


@defect()
class AcceptHtml(Server):
    """A browser's `Accept` gets an HTML page of the list."""

    def list_jobs(self, request: Request, tenant: str) -> Response:
        if any("text/html" in value for value in request.header("accept")):
            return Response(200, b"<table></table>", {"content-type": "text/html"})
        return super().list_jobs(request, tenant)


@defect()
class ContentTypeCrashes(Server):
    """A GET with `Content-Type: application/json` and no body causes a 500."""

    async def dispatch(self, request: Request) -> Response:
        if request.method == "GET" and request.header("content-type"):
            json.loads("")
        return await super().dispatch(request)


@defect()
class ForwardedTrusted(Server):
    """`X-Forwarded-For: 127.0.0.1` stands in for a key."""

    def tenant(self, operation: str, request: Request) -> str:
        if "127.0.0.1" in request.header("x-forwarded-for"):
            return "first"
        return super().tenant(operation, request)


@defect()
class MethodOverride(Server):
    """`X-HTTP-Method-Override` changes the method of a GET."""

    async def dispatch(self, request: Request) -> Response:
        request.method = "".join(request.header("x-http-method-override")) or request.method
        return await super().dispatch(request)


@defect()
class AlwaysNotModified(Server):
    """`If-None-Match` is always answered with 304, whatever tag it names."""

    async def dispatch(self, request: Request) -> Response:
        response = await super().dispatch(request)
        if request.header("if-none-match") and response.status == 200:
            return Response(304, b"", {"etag": request.header("if-none-match")[0]})
        return response


@defect()
class LanguageTranslatesStatus(Server):
    """`Accept-Language: de` translates the values of statuses."""

    def rewrite(self, request: Request, response: Response) -> Response:
        german = any("de" in value for value in request.header("accept-language"))
        if german and response.type == "application/json":
            response.body = response.body.replace(b'"SUCCEEDED"', b'"ERFOLGREICH"')
        return response


@defect()
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


@defect()
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


@defect()
class ReadingEndsRun(Server):
    """Reading the list of a running job's account moves that job on, and a read less does not."""

    reads = 0

    def list_jobs(self, request: Request, tenant: str) -> Response:
        self.reads += 1
        return super().list_jobs(request, tenant)

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        return fields | {"num_rows": fields["num_rows"] + self.reads % 2}


@defect()
class NotFoundForSlash(Server):
    """An id with an encoded slash gives the list of jobs."""

    def route(self, request: Request) -> tuple[str, str]:
        if "%2f" in request.raw_path.lower():
            return "list", ""
        return super().route(request)
