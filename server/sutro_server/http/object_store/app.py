"""The ASGI application of the object store, which behaves as S3 does where clients can tell."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ...errors import StoreError
from ...store.render import MEDIA_TYPES
from ...store.results import Answer
from ...store.store import Store
from ...times import SECOND
from ..file_response import AnswerResponse
from .objects import parse_key
from .presigning import BUCKET, Presigner
from .refusals import refusal


class ObjectStore:
    """The Parquet files of a store's results, for whoever holds a presigned URL."""

    def __init__(self, store: Store, presigner: Presigner) -> None:
        self._store = store
        self._presigner = presigner

    async def get(self, request: Request) -> Response:
        """Answer with a file, or refuse: 400 for two credentials, 403 for a bad URL, 404."""
        # S3 refuses requests with a signature and a header, which finds clients that leak keys.
        if "authorization" in request.headers:
            raise HTTPException(400, "Only one way to authenticate is allowed.")
        self._check_signature(request)
        answer = await run_in_threadpool(self._answer, request.path_params["key"])
        return AnswerResponse(answer, MEDIA_TYPES["parquet"], refusal)

    def _check_signature(self, request: Request) -> None:
        path, query = request.scope["raw_path"], request.scope["query_string"]
        expires = self._presigner.expiry(request.method, path.decode(), query.decode("latin-1"))
        if expires is None:
            raise HTTPException(403, "The signature does not match the request.")
        if self._store.clock.now() >= expires * SECOND:
            raise HTTPException(403, "The URL has expired.")

    def _answer(self, key: str) -> Answer:
        results_id, selection = parse_key(key) or ("", None)
        job_id = self._store.jobs.of_results(results_id)
        if selection is None or job_id is None:
            raise HTTPException(404, "There is no such object.")
        return self._store.results.answer(results_id, job_id, selection)


def create_object_store(store: Store, presigner: Presigner) -> ASGIApp:
    """Return the application of the object store of a data directory."""
    objects = ObjectStore(store, presigner)
    path = f"/{BUCKET}/{{key:path}}"
    return Starlette(
        routes=[Route(path, objects.get, methods=["GET", "HEAD"])],
        exception_handlers={HTTPException: _refused, StoreError: _unusable, Exception: _failed},  # type: ignore[dict-item]
    )


async def _refused(_: Request, error: HTTPException) -> Response:
    return refusal(error.status_code, error.detail, dict(error.headers or {}))


async def _unusable(_: Request, error: Exception) -> Response:
    return refusal(503, error)


async def _failed(_: Request, __: Exception) -> Response:
    return refusal(500, "Internal server error.")
