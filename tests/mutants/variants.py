"""Right servers that differ from the first one in what the contract leaves open."""

import asyncio
import base64
import secrets
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import formatdate
from typing import Any

import pyarrow as pa

from . import accounts, files
from .accounts import TERMINAL, Job, everything, make, structured, table
from .catalogue import right
from .defects.cursors import Busy
from .messages import Receive, Refusal, Request, Response, Scope, Send, answer, encode, error
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


@right
class HeadRefused(Server):
    """HEAD is refused with 405, as FastAPI does by itself."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "HEAD":
            raise Refusal(error(405, "Method Not Allowed", allow="GET"))
        super().check_method(operation, request)


@right
class CancelAtOnce(Server):
    """A cancelled job is CANCELLED at once."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "CANCELLED" if status == "CANCELLING" else status


@right
class CancelTakesEffectLater(Server):
    """A cancelled job runs on for a moment before it is CANCELLING."""

    def status_of(self, job: Job) -> str:
        asked = job.cancel_time
        if asked is not None and self.now() - asked < 0.15:
            return self.status_at(job, self.now())
        return super().status_of(job)


@right
class CancelTakesMinutes(Server):
    """A cancelled job is CANCELLING for minutes."""

    def status_of(self, job: Job) -> str:
        status = super().status_of(job)
        return "CANCELLING" if job.cancel_time is not None and status == "CANCELLED" else status


@right
class CreatedUnknown(Server):
    """Some jobs have no `datetime_created`."""

    def view(self, job: Job) -> dict[str, Any]:
        unknown = {"datetime_created": None} if job.job_id.endswith("7") else {}
        return super().view(job) | unknown


@right
class MetadataWhereNeeded(Server):
    """A status has `metadata` for failed jobs only."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return {k: v for k, v in super().status_body(job).items() if k != "metadata" or v}


@right
class NoRunType(Server):
    """Jobs have no `run_type`."""

    def view(self, job: Job) -> dict[str, Any]:
        return {name: value for name, value in super().view(job).items() if name != "run_type"}


@right
class RowsUnknown(Server):
    """`num_rows`, tokens and costs are null."""

    def view(self, job: Job) -> dict[str, Any]:
        names = ("num_rows", "input_tokens", "output_tokens", "job_cost", "cost_estimate")
        return super().view(job) | dict.fromkeys(names)


@right
class FailureWithCode(Server):
    """A failure's reason is a code and details, without a message."""

    def view(self, job: Job) -> dict[str, Any]:
        fields = super().view(job)
        return fields | {"failure_reason": fields["failure_reason"] and {"code": 17}}

    def status_body(self, job: Job) -> dict[str, Any]:
        body = super().status_body(job)
        return body | {"metadata": body["metadata"] and {"failure_reason": {"code": 17}}}


@right
class OddIds(Server):
    """Ids hold letters that have to be encoded in a URL."""

    account = staticmethod(
        lambda: [replace(job, job_id=f"Job №{n}: a+b & c?") for n, job in enumerate(everything())]
    )


@right
class SecondAccountEmpty(Server):
    """The other account has no jobs."""

    account = staticmethod(lambda: accounts.mixed("first"))


@right
class SinglePrecision(Server):
    """Parquet has log-probabilities in single precision."""

    def logprobs(self, job: Job) -> list[Any]:
        return [value if value is None else value - 0.1 for value in super().logprobs(job)]

    def parquet_results(self, job: Job, columns: files.Columns) -> Response:
        kinds = {name: pa.float32() for name in columns if "logprobs" in name}
        arrays = {name: pa.array(values, kinds.get(name)) for name, values in columns.items()}
        return super().parquet_results(job, arrays)


@right
class NumbersAsOutputs(Server):
    """Outputs are numbers."""

    account = staticmethod(
        lambda: [make(1, "SUCCEEDED", table=table(4, [0.5, 1.25, -3.0, 2.0])), make(2, "RUNNING")]
    )


@right
class VectorsAsOutputs(Server):
    """Outputs are arrays of numbers, in CSV as JSON."""

    account = staticmethod(
        lambda: [make(1, "SUCCEEDED", table=table(3, [[0.5, 1.0], [0.25, 2.0], [0.125, 4.0]]))]
    )

    def csv_results(self, job: Job, columns: files.Columns) -> Response:
        texts = {"outputs": [encode(value).decode() for value in columns["outputs"]]}
        return super().csv_results(job, columns | texts)


@right
class StructuredReasoning(Server):
    """A reasoning model's outputs hold the structured one as their `content`."""

    account = staticmethod(
        lambda: [make(1, "SUCCEEDED", table=table(6), json_schema=accounts.SENTIMENT)]
    )

    def outputs(self, job: Job) -> list[Any]:
        contents = structured(len(job.table.outputs)).outputs
        texts = [{"content": text, "reasoning_content": "Because."} for text in contents]
        return [encode(text).decode() for text in texts]


@right
class EmptyCursorIsNone(Server):
    """An empty `cursor` is read as none."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        return super().read_cursor(cursor, tenant) if cursor else None


@right
class FrontRefuses(Server):
    """What stands before the server refuses control characters and long URLs, in HTML."""

    async def dispatch(self, request: Request) -> Response:
        if len(request.raw_path) > 2000:
            return Response(414, b"<h1>Request-URI Too Large</h1>", {"content-type": "text/html"})
        if any(ord(letter) < 32 for letter in request.path):
            return Response(400, b"<h1>Bad Request</h1>", {"content-type": "text/html"})
        return await super().dispatch(request)


@right
class DateInRetryAfter(Counting):
    """One request in 97 is refused with 429, and `Retry-After` is a date."""

    every = 97

    def instead(self, request: Request) -> Response:
        return error(429, "Too many requests.", retry_after=formatdate(usegmt=True))


@right
class Chunked(Server):
    """Bodies come without a length, in chunks."""

    needs_network = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def without_length(message: MutableMapping[str, Any]) -> None:
            if "headers" in message:
                kept = [pair for pair in message["headers"] if pair[0] != b"content-length"]
                message["headers"] = kept
            await send(message)

        await super().__call__(scope, receive, without_length)
