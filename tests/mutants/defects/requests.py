"""What a request carries beside its parameters, and what came before it."""

import json
from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..messages import Refusal, Request, Response, error
from ..server import Server


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


@defect("HTTP-08", "LIST-15")
class LanguageTranslatesStatus(Server):
    """`Accept-Language: de` translates the values of statuses."""

    def rewrite(self, request: Request, response: Response) -> Response:
        german = any("de" in value for value in request.header("accept-language"))
        if german and response.type == "application/json":
            response.body = response.body.replace(b'"SUCCEEDED"', b'"ERFOLGREICH"')
        return response


@defect("HTTP-01", "LIFE-04", "LIFE-07")
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


@defect("LIFE-04", "LIFE-07", "STATUS-02")
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


@defect("LIFE-05", "PAGE-04", "LIFE-04")
class RowsChangeOnRead(Server):
    """`num_rows` of each job is another number on every second read of a list."""

    reads = 0

    def list_jobs(self, request: Request, tenant: str) -> Response:
        self.reads += 1
        return super().list_jobs(request, tenant)

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        return fields | {"num_rows": fields["num_rows"] + self.reads % 2}


@defect("STATUS-07", "STATUS-01")
class SlashInIdGivesList(Server):
    """An id with an encoded slash gives the list of jobs."""

    def route(self, request: Request) -> tuple[str, str]:
        if "%2f" in request.raw_path.lower():
            return "list", ""
        return super().route(request)


@defect("HTTP-12")
class NeverModifiedSince(Server):
    """`If-Modified-Since` is always answered with 304, whatever time it names."""

    async def dispatch(self, request: Request) -> Response:
        response = await super().dispatch(request)
        if request.header("if-modified-since") and response.status == 200:
            return Response(304, b"")
        return response


@defect("LIFE-04", "LIFE-07")
class EmptyAfterRefusal(Server):
    """The first list after a request that was refused with 422 is empty."""

    refused = False

    async def dispatch(self, request: Request) -> Response:
        try:
            return await super().dispatch(request)
        except Refusal as refusal:
            self.refused |= refusal.response.status == 422
            raise

    def jobs_of(self, tenant: str) -> list[Job]:
        empty, self.refused = self.refused, False
        return [] if empty else super().jobs_of(tenant)
