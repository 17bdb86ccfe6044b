"""A right server over the contract, in bare ASGI, with a method for all that a defect changes."""

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from . import accounts, files
from .accounts import TERMINAL, Job
from .messages import (
    Receive,
    Refusal,
    Request,
    Response,
    Scope,
    Send,
    answer,
    error,
    invalid,
    send_response,
)

ROUTES = {
    "list": re.compile(r"/list-jobs"),
    "status": re.compile(r"/job-status/([^/]+)"),
    "results": re.compile(r"/jobs/([^/]+)/results"),
    "cancel": re.compile(r"/job-cancel/([^/]+)"),
}
METHODS = {
    "list": ("GET", "HEAD"),
    "status": ("GET", "HEAD"),
    "results": ("GET", "HEAD"),
    "cancel": ("GET", "POST"),
}
TRUE, FALSE = {"true", "1"}, {"false", "0"}
SECONDS_CANCELLING = 0.2


class Server:
    """The right server; every subclass differs from it in one thing."""

    account = staticmethod(accounts.everything)
    prefixes: tuple[str, ...] = ("/v1", "")
    secret = b"signs the cursors"
    needs_network = False

    def __init__(self) -> None:
        self.jobs: list[Job] = self.account()
        self.started = time.monotonic()
        self.epoch = datetime.now(UTC)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        request = Request.of(scope)
        response = await self.handle(request)
        await send_response(send, response, with_body=request.method != "HEAD")

    async def handle(self, request: Request) -> Response:
        try:
            response = await self.dispatch(request)
        except Refusal as refusal:
            response = refusal.response
        except Exception as problem:  # noqa: BLE001  a server answers, whatever happened
            response = self.crash(request, problem)
        response.headers.setdefault("x-request-id", secrets.token_hex(8))
        return self.rewrite(request, response)

    def rewrite(self, request: Request, response: Response) -> Response:
        """A layer around everything, where defects may change what the right server says."""
        return response

    def crash(self, request: Request, problem: Exception) -> Response:
        return error(500, "Internal server error.")

    async def dispatch(self, request: Request) -> Response:
        operation, job_id = self.route(request)
        self.check_method(operation, request)
        tenant = self.tenant(operation, request)
        return await self.operate(operation, request, tenant, job_id)

    async def operate(self, operation: str, request: Request, tenant: str, job_id: str) -> Response:
        if operation == "list":
            return self.list_jobs(request, tenant)
        if operation == "status":
            return self.job_status(request, tenant, job_id)
        if operation == "results":
            return self.job_results(request, tenant, job_id)
        return self.cancel_job(request, tenant, job_id)

    # Routes and methods

    def route(self, request: Request) -> tuple[str, str]:
        for prefix in self.prefixes:
            if not request.path.startswith(prefix + "/"):
                continue
            for operation, pattern in ROUTES.items():
                if match := pattern.fullmatch(request.path.removeprefix(prefix)):
                    return operation, "".join(match.groups())
        raise Refusal(error(404, "Not Found"))

    def check_method(self, operation: str, request: Request) -> None:
        if request.method not in METHODS[operation]:
            raise Refusal(self.unsupported(operation, request))

    def unsupported(self, operation: str, request: Request) -> Response:
        return error(405, "Method Not Allowed", allow=", ".join(METHODS[operation]))

    # Keys and tenants

    def tenant(self, operation: str, request: Request) -> str:
        key = self.key(request)
        tenant = None if key is None else self.owner(key)
        if tenant is None:
            raise Refusal(self.unauthorized(operation, request))
        return tenant

    def key(self, request: Request) -> str | None:
        values = request.header("authorization")
        scheme, _, key = values[0].partition(" ") if len(values) == 1 else ("", "", "")
        return key.strip() if scheme.lower() == "key" else None

    def owner(self, key: str) -> str | None:
        return accounts.KEYS.get(key)

    def unauthorized(self, operation: str, request: Request) -> Response:
        return error(401, "Invalid API key.", www_authenticate="Key")

    # Jobs

    def now(self) -> float:
        return time.monotonic() - self.started

    def status_of(self, job: Job) -> str:
        moment = self.now()
        if job.cancel_time is not None:
            asked = moment - job.cancel_time
            return "CANCELLING" if asked < SECONDS_CANCELLING else "CANCELLED"
        return self.status_at(job, moment)

    def status_at(self, job: Job, moment: float) -> str:
        return [status for start, status in job.course if start <= moment][-1]

    def view(self, job: Job) -> dict[str, Any]:
        """A job as the list shows it."""
        status = self.status_of(job)
        started, ended = self.times(job, status)
        rows = len(job.table.outputs)
        known = ended is not None and status == "SUCCEEDED"
        fields = {
            "job_id": job.job_id,
            "status": status,
            "model": "llama-3.1-8b",
            "system_prompt": None if rows % 2 else "Classify the review.",
            "job_priority": rows % 2,
            "datetime_created": self.time_text(job.created),
            "datetime_started": self.time_text(started),
            "datetime_completed": self.time_text(ended),
            "json_schema": None,
            "sampling_params": {"temperature": 0.7, "max_tokens": 2048},
            "name": None,
            "description": None,
            "dataset_id": None,
            "input_tokens": rows * 31 if known else None,
            "output_tokens": rows * 17 if known else None,
            "job_cost": rows * 0.0035 if known else None,
            "num_rows": rows,
            "failure_reason": None,
            "cost_estimate": rows * 0.004,
            "run_type": "FULL",
        } | job.values
        return fields if status == "FAILED" else fields | {"failure_reason": None}

    def times(self, job: Job, status: str) -> tuple[datetime | None, datetime | None]:
        """When processing began and when it ended."""
        if len(job.course) > 1:
            begin = next((s for s, state in job.course if state == "RUNNING"), 0.0)
            end = job.course[-1][0]
            started, ended = (
                self.epoch + timedelta(seconds=begin),
                self.epoch + timedelta(seconds=end),
            )
        else:
            started, ended = (
                job.created + timedelta(seconds=15),
                job.created + timedelta(seconds=135),
            )
        if job.cancel_time is not None:
            ended = self.epoch + timedelta(seconds=job.cancel_time + SECONDS_CANCELLING)
        reached = self.status_at(job, self.now() if job.cancel_time is None else job.cancel_time)
        return (
            None if reached in {"QUEUED", "STARTING"} else started,
            ended if status in TERMINAL else None,
        )

    def time_text(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def jobs_of(self, tenant: str) -> list[Job]:
        """All jobs of a tenant, newest first."""
        own = [job for job in list(self.jobs) if job.tenant == tenant]
        return sorted(own, key=self.rank, reverse=True)

    def rank(self, job: Job) -> Any:
        return (job.created, job.job_id)

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        for job in self.jobs:
            if job.job_id == job_id and job.tenant == tenant:
                return job
        raise Refusal(self.missing(job_id))

    def missing(self, job_id: str) -> Response:
        return error(404, "Job not found.")

    # List

    def list_jobs(self, request: Request, tenant: str) -> Response:
        limit = self.limit(request)
        jobs = self.jobs_of(tenant)
        if limit is None:
            return answer(self.whole(jobs))
        cursor = request.parameter("cursor")
        position = None if cursor is None else self.read_cursor(cursor, tenant)
        page, following = self.page(jobs, limit, position)
        token = None if following is None else self.write_cursor(following, tenant)
        return answer(self.paged(page, token))

    def limit(self, request: Request) -> int | None:
        text = request.parameter("limit")
        return None if text is None else self.parse_limit(text)

    def parse_limit(self, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]+", text, re.ASCII):
            raise invalid("limit", "Input should be a valid integer", "int_parsing")
        if len(text) > 9 or not 1 <= int(text) <= 100:
            raise invalid("limit", "Input should be from 1 to 100", "out_of_range")
        return int(text)

    def whole(self, jobs: list[Job]) -> Any:
        return {
            "message": "Jobs retrieved successfully.",
            "jobs": [self.view(job) for job in jobs],
        }

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return {"jobs": [self.view(job) for job in jobs], "next_cursor": token}

    def page(
        self, jobs: list[Job], limit: int, position: Any | None
    ) -> tuple[list[Job], Any | None]:
        """The page that follows a position, and the position after it (None at the end)."""
        rest = [job for job in jobs if position is None or self.after(job, position)]
        page = rest[:limit]
        return page, self.position(page[-1]) if len(rest) > limit else None

    def position(self, job: Job) -> Any:
        """Where a job stands in the list; a later one is more."""
        return [job.created.isoformat(), job.job_id]

    def after(self, job: Job, position: Any) -> bool:
        return bool(self.position(job) < position)

    def write_cursor(self, position: Any, tenant: str) -> str:
        body = json.dumps(position).encode()
        return base64.urlsafe_b64encode(self.sign(body, tenant) + body).decode()

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        try:
            raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        except ValueError:
            raise self.bad_cursor() from None
        canonical = base64.urlsafe_b64encode(raw).decode() == cursor
        if not canonical or not hmac.compare_digest(raw[:16], self.sign(raw[16:], tenant)):
            raise self.bad_cursor()
        return json.loads(raw[16:])

    def sign(self, body: bytes, tenant: str) -> bytes:
        return hmac.digest(self.secret, tenant.encode() + body, hashlib.sha256)[:16]

    def bad_cursor(self) -> Refusal:
        return invalid("cursor", "Not a cursor of this list", "cursor")

    # Status

    def job_status(self, request: Request, tenant: str, job_id: str) -> Response:
        return answer(self.status_body(self.find(tenant, job_id, "status")))

    def status_body(self, job: Job) -> dict[str, Any]:
        status = self.status_of(job)
        reason = {"failure_reason": job.values.get("failure_reason")}
        return {
            "message": "Job status retrieved.",
            "job_status": {job.job_id: status},
            "metadata": reason if status == "FAILED" else None,
        }

    # Results

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        form = self.form(request)
        inputs = self.flag(request, "include_inputs")
        logprobs = self.flag(request, "include_cumulative_logprobs")
        job = self.find(tenant, job_id, "results")
        if not self.ready(job):
            return self.not_ready(job, form)
        columns = self.columns(job, inputs, logprobs)
        respond: Callable[[Job, files.Columns], Response] = getattr(self, f"{form}_results")
        return respond(job, columns)

    def form(self, request: Request) -> str:
        form = request.parameter("format")
        if form not in {"json", "csv", "parquet"}:
            raise invalid("format", "Input should be 'json', 'csv' or 'parquet'", "enum")
        return form

    def flag(self, request: Request, name: str) -> bool:
        text = request.parameter(name)
        if text is not None and text.lower() not in TRUE | FALSE:
            raise invalid(name, "Input should be a valid boolean", "bool_parsing")
        return text is not None and text.lower() in TRUE

    def ready(self, job: Job) -> bool:
        return self.status_of(job) == "SUCCEEDED"

    def not_ready(self, job: Job, form: str) -> Response:
        status = self.status_of(job)
        return error(409, f"Results are available once the job has succeeded; it is {status}.")

    def columns(self, job: Job, inputs: bool, logprobs: bool) -> files.Columns:
        return {
            **(self.input_columns(job) if inputs else {}),
            **self.id_columns(job, inputs),
            "outputs": self.outputs(job),
            **({"cumulative_logprobs": self.logprobs(job)} if logprobs else {}),
        }

    def input_columns(self, job: Job) -> files.Columns:
        return {"inputs": job.table.inputs}

    def id_columns(self, job: Job, inputs: bool) -> files.Columns:
        return job.table.ids

    def outputs(self, job: Job) -> list[Any]:
        return job.table.outputs

    def logprobs(self, job: Job) -> list[Any]:
        return job.table.logprobs

    def json_results(self, job: Job, columns: files.Columns) -> Response:
        return Response(200, files.to_json(columns), {"content-type": files.JSON})

    def csv_results(self, job: Job, columns: files.Columns) -> Response:
        named = {self.csv_name(job, name): values for name, values in columns.items()}
        body = files.to_zip({f"{job.job_id}.csv": self.csv_text(named)})
        return Response(200, body, {"content-type": files.ZIP})

    def csv_name(self, job: Job, column: str) -> str:
        return job.job_id if column == "outputs" else column

    def csv_text(self, columns: files.Columns) -> str | bytes:
        return files.to_csv(columns)

    def parquet_results(self, job: Job, columns: files.Columns) -> Response:
        return Response(200, files.to_parquet(columns), {"content-type": files.PARQUET})

    # Cancel

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        job = self.find(tenant, job_id, "cancel")
        self.cancel(job)
        return answer(self.cancelled(job))

    def cancel(self, job: Job) -> None:
        if self.status_of(job) not in TERMINAL | {"CANCELLING"}:
            job.cancel_time = self.now()

    def cancelled(self, job: Job) -> dict[str, Any]:
        text = (
            f"Cancelling job with job_id: {job.job_id}. Check the job status endpoint for details."
        )
        return {"cancelled": True, "message": text}
