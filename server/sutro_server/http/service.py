"""What all editions share: who asks, which job, and how answers are built from stored bytes."""

from collections.abc import Callable, Iterator
from typing import Annotated, NoReturn

import attrs
import msgspec
from fastapi import Depends, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from ..settings import Settings
from ..store.jobs import NEWEST, Job
from ..store.lifecycle import SUCCEEDED
from ..store.render import MEDIA_TYPES, Compression, Selection
from ..store.results import Answer
from ..store.store import Store
from .file_response import AnswerResponse
from .object_store.presigning import Presigner

ToEdition = Callable[[bytes], bytes]


@attrs.frozen
class EditionForms:
    """How an edition writes what is stored: its Job objects as JSON, and its Parquet files."""

    job: ToEdition = bytes
    compression: Compression = "snappy"


# A hundred times what the only request with a body needs.
_MAX_BODY = 64 * 1024


class Service:
    """A store, and how it is served; one for each application."""

    def __init__(
        self, store: Store, settings: Settings, forms: EditionForms, presigner: Presigner
    ) -> None:
        self.store = store
        self.settings = settings
        self.forms = forms
        self.presigner = presigner

    def job(self, tenant: int, job_id: str) -> tuple[Job, int]:
        """Return a tenant's job and the moment of reading, or answer 404."""
        found = self.store.jobs.get(tenant, job_id)
        if found is None:
            _refuse_unknown_job()
        return found

    def list_jobs(self, tenant: int, limit: int | None, cursor: str | None) -> Response:
        """Return a page of a tenant's jobs, or all of them without a limit; or answer 422."""
        if limit is None:
            pages = self.store.jobs.pages(tenant)
            documents = ([self.forms.job(job.as_json(now)) for job in jobs] for jobs, now in pages)
            return StreamingResponse(_whole_list(documents), media_type="application/json")
        after = NEWEST if cursor is None else self.store.cursors.read(tenant, cursor)
        if after is None:
            refuse("query", "cursor", "Not a cursor of this account; pass next_cursor unchanged.")
        # One more than asked for tells whether another page follows.
        jobs, now = self.store.jobs.page(tenant, limit + 1, after)
        page = b",".join([self.forms.job(job.as_json(now)) for job in jobs[:limit]])
        more = len(jobs) > limit
        following = self.store.cursors.write(tenant, jobs[limit - 1].position) if more else None
        return encoded_response(
            b'{"jobs":[' + page + b'],"next_cursor":' + msgspec.json.encode(following) + b"}"
        )

    async def cancel(self, tenant: int, job_id: str) -> bool:
        """Cancel a tenant's job, or answer 404; return False if it had ended."""
        cancelled = await run_in_threadpool(self.store.jobs.cancel, tenant, job_id)
        if cancelled is None:
            _refuse_unknown_job()
        return cancelled

    async def results(self, tenant: int, job_id: str, selection: Selection) -> Response:
        """Return the results of a tenant's job, or answer 404 or 409."""
        _, answer = await self.answer(tenant, job_id, selection)
        return AnswerResponse(answer, MEDIA_TYPES[selection.format])

    async def answer(self, tenant: int, job_id: str, selection: Selection) -> tuple[str, Answer]:
        """Return the ID of a job's results and a file of them, or answer 404 or 409."""
        job, now = self.job(tenant, job_id)
        status, _ = job.outcome(now)
        # Imported Job objects keep the spelling that they came with.
        if status.upper() != SUCCEEDED:
            raise HTTPException(
                409, f"Results are available once the job has succeeded; its status is {status}."
            )
        if job.results_id is None:
            raise HTTPException(
                404, "The job succeeded elsewhere; this server has no results of it."
            )
        answer = await run_in_threadpool(
            self.store.results.answer, job.results_id, job.job_id, selection
        )
        return job.results_id, answer


def service(request: Request) -> Service:
    """Return the application's service."""
    found: Service = request.app.state.service
    return found


async def authenticate(request: Request) -> int:
    """Return the number of the tenant whose key the request carries, or answer 401."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "key" and key:
        tenant = service(request).store.tenants.find_by_key(key.strip().encode("latin-1"))
        if tenant is not None:
            request.scope["state"]["tenant"] = tenant
            return tenant
    raise HTTPException(401, "Invalid API key.", {"WWW-Authenticate": "Key"})


Tenant = Annotated[int, Depends(authenticate)]
"""Parameter of a route: the number of the tenant who asks."""


def refuse(location: str, name: str, message: str, kind: str = "value_error") -> NoReturn:
    """Answer 422 about one parameter."""
    raise RequestValidationError([{"loc": (location, name), "msg": message, "type": kind}])


async def limited_body(request: Request) -> bytes:
    """Return the body of a request, or answer 413 where it is longer than a request needs."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise HTTPException(413, f"The body is longer than {_MAX_BODY} bytes.")
    return bytes(body)


def encoded_response(body: bytes) -> Response:
    """Return an answer that is JSON already."""
    return Response(body, media_type="application/json")


def json_response(value: object) -> Response:
    """Return a value as a JSON answer."""
    return encoded_response(msgspec.json.encode(value))


def _whole_list(pages: Iterator[list[bytes]]) -> Iterator[bytes]:
    """Yield the complete list of jobs as JSON, page by page."""
    head = b'{"message":"Jobs retrieved successfully.","jobs":['
    for documents in pages:
        yield head + b",".join(documents)
        head = b","
    # The head is still to come where there was no page.
    yield (head if head != b"," else b"") + b"]}"


def _refuse_unknown_job() -> NoReturn:
    raise HTTPException(404, "Job not found.")
