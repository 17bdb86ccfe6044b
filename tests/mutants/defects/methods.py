"""Wrong methods: what is not supported, HEAD and OPTIONS."""

from ..catalogue import defect
from ..messages import Refusal, Request, Response, answer, error
from ..server import Server


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


@defect("HTTP-03", "HTTP-04")
class StatusByDelete(AnyMethod):
    """DELETE of a status gives the status."""

    operation, methods = "status", ("DELETE",)


@defect("HTTP-03", "HTTP-04")
class StatusByEveryMethod(AnyMethod):
    """PUT, PATCH and POST of a status give the status."""

    operation, methods = "status", ("PUT", "PATCH", "POST")


@defect("HTTP-03", "HTTP-04")
class ResultsByPut(AnyMethod):
    """PUT of results gives results."""

    operation, methods = "results", ("PUT",)


@defect("HTTP-03", "HTTP-04", "CANCEL-14")
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


@defect("HTTP-05", "TENANT-02")
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
