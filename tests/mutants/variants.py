"""Right servers that differ from the first one in what the contract leaves open."""

import asyncio
import base64
import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

from . import accounts, files
from .accounts import TERMINAL, Job, make, structured, table
from .catalogue import right
from .defects.cursors import Busy
from .messages import Receive, Refusal, Request, Response, Scope, Send, answer, error
from .server import METHODS, Server


@right
class Plain(Server):
    """The right server as it is."""


@right
class Minimal(Server):
    """No HEAD, no request ids, no challenge, no `Allow`, and 404 for unsupported methods."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method not in METHODS[operation] or request.method == "HEAD":
            raise Refusal(error(404, "Not Found"))

    def unauthorized(self, operation: str, request: Request) -> Response:
        return error(401, "Unauthorized")

    def rewrite(self, request: Request, response: Response) -> Response:
        del response.headers["x-request-id"]
        return response


@right
class NoPost(Server):
    """Cancellation by GET only, and 405 for the older form."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "POST":
            raise Refusal(error(405, "Method Not Allowed", allow="GET, HEAD"))
        super().check_method(operation, request)


@right
class HeadOfCancelIsSafe(Server):
    """HEAD of a cancellation is answered with 200 and does nothing."""

    def check_method(self, operation: str, request: Request) -> None:
        if operation == "cancel" and request.method == "HEAD":
            raise Refusal(answer({}))
        super().check_method(operation, request)


@right
class OptionsAnswered(Server):
    """OPTIONS is answered with 204 and `Allow`, with no key asked, as browsers want it."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "OPTIONS":
            raise Refusal(Response(204, b"", {"allow": "GET, HEAD, OPTIONS"}))
        super().check_method(operation, request)


@right
class ForbiddenKeys(Server):
    """403 for a wrong key; 401 for a missing one."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        if self.key(request):
            return error(403, "Forbidden")
        return super().unauthorized(operation, request)


@right
class MissingKeyAs422(Server):
    """A missing header is answered with 422, as FastAPI does by itself."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        if request.header("authorization"):
            return super().unauthorized(operation, request)
        return error(
            422, [{"loc": ["header", "authorization"], "msg": "Missing", "type": "missing"}]
        )


@right
class SchemeCaseMatters(Server):
    """The scheme has to be written `Key`."""

    def key(self, request: Request) -> str | None:
        values = request.header("authorization")
        return super().key(request) if values and values[0].startswith("Key ") else None


@right
class LastHeaderWins(Server):
    """Of two `Authorization` headers the last one counts."""

    def key(self, request: Request) -> str | None:
        others = [(k, v) for k, v in request.headers if k != "authorization"]
        last = [("authorization", value) for value in request.header("authorization")[-1:]]
        return super().key(Request(request.method, "", "", [], others + last))


@right
class BadCursorAs400(Server):
    """A bad cursor is 400 with a sentence."""

    def bad_cursor(self) -> Refusal:
        return Refusal(error(400, "Invalid cursor."))


@right
class InvalidAsSentence(Server):
    """Refused parameters are explained in one sentence."""

    def rewrite(self, request: Request, response: Response) -> Response:
        return error(422, "A parameter is invalid.") if response.status == 422 else response


@right
class InvalidAs400(Server):
    """Refused parameters are 400."""

    def rewrite(self, request: Request, response: Response) -> Response:
        return error(400, "A parameter is invalid.") if response.status == 422 else response


@right
class NotReadyAs404(Server):
    """Results that are not ready are 404."""

    def not_ready(self, job: Job, form: str) -> Response:
        return error(404, "Results not found.")


@right
class NotReadyAs425(Server):
    """Results that are not ready are 425 with `Retry-After`."""

    def not_ready(self, job: Job, form: str) -> Response:
        return error(425, "Too early.", retry_after="30")


@right
class OctetStream(Server):
    """Files are `application/octet-stream`, with a name for the download."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.type in {files.ZIP, files.PARQUET}:
            response.headers["content-type"] = "application/octet-stream"
            response.headers["content-disposition"] = 'attachment; filename="results"'
        return response


@right
class CharsetNamed(Server):
    """JSON is `application/json; charset=utf-8`, in capitals."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.type == "application/json":
            response.headers["content-type"] = "Application/JSON; charset=UTF-8"
        return response


@right
class MoreFields(Server):
    """Jobs, lists, statuses and answers have fields that nobody knows yet."""

    def view(self, job: Job) -> dict[str, Any]:
        return super().view(job) | {"labels": ["a"], "region": "eu", "retries": 0}

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged(jobs, token) | {"total": 99}

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs) | {"count": len(jobs)}

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(job) | {"progress": 0.5}

    def cancelled(self, job: Job) -> dict[str, Any]:
        return super().cancelled(job) | {"previous": "RUNNING"}


@right
class MoreHeaders(Server):
    """Each response has headers of its own."""

    def rewrite(self, request: Request, response: Response) -> Response:
        response.headers |= {
            "cache-control": "no-store",
            "strict-transport-security": "max-age=31536000",
            "server-timing": f"total;dur={secrets.randbelow(90)}",
            "vary": "Accept-Encoding, Authorization",
        }
        return response


@right
class EmptyAccount(Server):
    """The account has no jobs."""

    account = staticmethod(accounts.nothing)


@right
class OneJob(Server):
    """The account has one job."""

    account = staticmethod(accounts.one)


@right
class FailedOnly(Server):
    """The account has failed jobs only."""

    account = staticmethod(accounts.failed_only)


@right
class Simultaneous(Server):
    """All jobs were made at the same instant."""

    account = staticmethod(accounts.simultaneous)


@right
class Large(Server):
    """The account has more jobs than fit on the largest page."""

    account = staticmethod(accounts.large)


@right
class NoStructured(Server):
    """No job has a schema or an ID column."""

    account = staticmethod(
        lambda: [j for j in accounts.everything() if not j.table.ids and not j.values]
    )


@right
class JobsArrive(Busy):
    """New jobs arrive during the run."""


@right
class JobsFinish(Server):
    """Jobs start, run and end during the run."""

    account = staticmethod(accounts.finishing)


@right
class Slow(Server):
    """Each answer takes 30 ms."""

    async def dispatch(self, request: Request) -> Response:
        await asyncio.sleep(0.03)
        return await super().dispatch(request)


class Counting(Server):
    """Does something else once in a while."""

    every = 37
    count = 0

    async def handle(self, request: Request) -> Response:
        self.count += 1
        if self.count % self.every == 0:
            return self.instead(request)
        return await super().handle(request)

    def instead(self, request: Request) -> Response:
        raise NotImplementedError


@right
class Limited(Counting):
    """One request in 37 is refused with 429 and `Retry-After`."""

    def instead(self, request: Request) -> Response:
        return error(429, "Too many requests.", retry_after="0")


@right
class Proxied(Counting):
    """One request in 211 is answered by the proxy: 524 with an HTML page."""

    every = 211

    def instead(self, request: Request) -> Response:
        page = b"<html><title>524: A timeout occurred</title></html>"
        return Response(524, page, {"content-type": "text/html; charset=UTF-8"})


@right
class Resetting(Server):
    """One request in 53 is cut off in the midst of its answer."""

    needs_network = True
    count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        if self.count % 53:
            await super().__call__(scope, receive, send)
            return
        length = [(b"content-length", b"999")]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        raise ConnectionResetError


@right
class TimesWithOffset(Server):
    """Times have an offset in place of Z."""

    def time_text(self, moment: datetime | None) -> str | None:
        return moment and moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


@right
class TimesWithFractions(Server):
    """Times have three digits of a second, except on whole minutes."""

    def time_text(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        text = moment.strftime("%Y-%m-%dT%H:%M:%S")
        return text + ("Z" if moment.second == 0 else ".250000Z")


@right
class TimesInAnotherZone(Server):
    """Times are given in the zone of New Delhi."""

    def time_text(self, moment: datetime | None) -> str | None:
        zone = timezone(timedelta(hours=5, minutes=30))
        return moment and moment.astimezone(zone).isoformat()


@right
class ConfidenceScore(Server):
    """Results have a column `confidence_score` if log-probabilities are wanted."""

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> files.Columns:
        rows = len(job.table.outputs)
        more = {"confidence_score": [0.5] * rows} if logprobs else {}
        return super().columns(job, inputs, logprobs) | more


@right
class IdColumnOfNumbers(Server):
    """Ids of rows are numbers that fall, in an account of one job."""

    account = staticmethod(lambda: [make(1, "SUCCEEDED", table=table(5, row=[50, 40, 30, 20, 10]))])


@right
class EmptyResults(Server):
    """A job of no rows has empty results."""

    account = staticmethod(lambda: [make(1, "SUCCEEDED", table=table(0)), make(2, "RUNNING")])


@right
class NullOutputs(Server):
    """Some rows have no output."""

    account = staticmethod(
        lambda: [make(1, "SUCCEEDED", table=table(4, ["a", None, "", "NULL"])), make(2, "QUEUED")]
    )


@right
class StructuredOnly(Server):
    """Every job has a schema."""

    account = staticmethod(
        lambda: [
            make(n, "SUCCEEDED", table=structured(5), json_schema=accounts.SENTIMENT)
            for n in range(1, 4)
        ]
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
class CancelledFalseForFinished(Server):
    """Cancelling a finished job answers `cancelled` false."""

    def cancelled(self, job: Job) -> dict[str, Any]:
        if self.status_of(job) in TERMINAL:
            return {"cancelled": False, "message": "The job has already completed."}
        return super().cancelled(job)


@right
class CancelLosesRace(Server):
    """A cancelled job may end as SUCCEEDED, when its last row was done before."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "SUCCEEDED" if status == "CANCELLED" and job.cancel_time is not None else status


@right
class V1Only(Server):
    """Paths without `/v1` do not exist."""

    needs_network = True
    prefixes = ("/v1",)


@right
class BareOnly(Server):
    """Paths with `/v1` do not exist."""

    prefixes = ("",)


@right
class FreshCursors(Server):
    """A cursor for the same place is another text each time."""

    def write_cursor(self, position: Any, tenant: str) -> str:
        return super().write_cursor([secrets.token_hex(4), *position], tenant)

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        return super().read_cursor(cursor, tenant)[1:]


@right
class IdsAsCursors(Server):
    """A cursor is the id of the last job on a page."""

    def write_cursor(self, position: Any, tenant: str) -> str:
        return str(position[1])

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        for job in self.jobs_of(tenant):
            if job.job_id == cursor:
                return self.position(job)
        raise self.bad_cursor()


@right
class LenientCursors(Server):
    """Cursors are read leniently: padding and unused bits are not checked."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        try:
            raw = base64.urlsafe_b64decode(cursor.rstrip("=") + "==")
        except ValueError:
            raise self.bad_cursor() from None
        return super().read_cursor(base64.urlsafe_b64encode(raw).decode(), tenant)


@right
class FastapiNumbers(Server):
    """`limit` is read as pydantic reads it: spaces, a sign and `.0` are taken."""

    def parse_limit(self, text: str) -> int:
        return super().parse_limit(text.strip().removeprefix("+").removesuffix(".0"))


@right
class FastapiBooleans(Server):
    """Flags are read as pydantic reads them: yes, on, t and y are true."""

    def flag(self, request: Request, name: str) -> bool:
        text = (request.parameter(name) or "").lower()
        words = {"yes": "true", "on": "true", "t": "true", "y": "true"}
        words |= {"no": "false", "off": "false", "f": "false", "n": "false"}
        if text in words:
            request.query = [*request.query, (name, words[text])]
        return super().flag(request, name)


@right
class FormatInAnyCase(Server):
    """`format=JSON` is read as `json`."""

    def form(self, request: Request) -> str:
        lower = [(name, text.lower() if name == "format" else text) for name, text in request.query]
        request.query = lower
        return super().form(request)


@right
class MalformedIdsAs422(Server):
    """An id that does not look like one of the server's is refused with 422."""

    def missing(self, job_id: str) -> Response:
        if job_id.startswith("job-") and job_id.isascii():
            return super().missing(job_id)
        return error(422, [{"loc": ["path", "job_id"], "msg": "Not an id", "type": "value_error"}])


@right
class RefusesSurplus(Server):
    """Parameters that nobody knows are refused with 422."""

    async def dispatch(self, request: Request) -> Response:
        self.route(request)
        known = {"limit", "cursor", "format", "result_format", "include_inputs"}
        if {name for name, _ in request.query} - known - {"include_cumulative_logprobs"}:
            self.tenant("list", request)
            return error(422, "Unknown parameter.")
        return await super().dispatch(request)


@right
class CursorNeedsLimit(Server):
    """`cursor` without `limit` is refused with 422."""

    def limit(self, request: Request) -> int | None:
        limit = super().limit(request)
        if limit is None and request.parameter("cursor") is not None:
            raise self.bad_cursor()
        return limit
