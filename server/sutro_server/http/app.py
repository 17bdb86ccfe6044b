"""The ASGI application: routes of one edition over a store, and the object store beside them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from ..settings import Settings
from ..store.store import Store
from ..times import parse_duration, to_text
from . import companions, edition_3, older_editions
from .access_log import AccessLog
from .compression import Compression
from .documents import document_routes
from .faults.injector import FaultInjector
from .object_store.app import create_object_store
from .object_store.presigning import Presigner
from .problems import install_handlers
from .service import EditionForms, Service, Tenant, json_response, refuse, service
from .status_page import status_page

_ROUTERS = {
    "e1": (older_editions.first_edition,),
    "e2": (older_editions.second_edition,),
    "e3": (edition_3.router, older_editions.beside_current),
}
_FORMS = {
    "e1": EditionForms(older_editions.first_job),
    "e2": EditionForms(older_editions.second_job, "zstd"),
    "e3": EditionForms(),
}


def create_app(settings: Settings) -> ASGIApp:
    """Return the application that serves a data directory as the settings say.

    Requests that arrive at the port `files_port` are for the object store, which the same
    application serves.

    Raises:
        StoreError: The data directory cannot be used.
        ValueError: A fault of the settings is not one.
    """
    store = Store(settings.directory, settings.answers_limit)
    presigner = Presigner(store.files_key, settings.files_url or "")
    api = Compression(_create_api(store, settings, presigner))
    origins = _Origins(api, create_object_store(store, presigner), settings.files_port)
    faulty = FaultInjector(origins, store, settings.faults, by_header=settings.control)
    # The log tells what was answered in the end, faults included.
    return AccessLog(faulty, write=settings.access_log)


def _create_api(store: Store, settings: Settings, presigner: Presigner) -> ASGIApp:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    # Redirects for a slash at the end would answer for job IDs that end in one.
    app = FastAPI(openapi_url=None, redirect_slashes=False, lifespan=lifespan)
    install_handlers(app)
    app.add_api_route("/", status_page, methods=["GET", "HEAD"])
    app.add_api_route("/health", _health, methods=["GET", "HEAD"])
    if settings.control:
        app.add_api_route("/control/clock", _advance_clock, methods=["POST"])
    if settings.documents:
        app.include_router(document_routes(Path(settings.documents), settings.edition))
    app.state.service = Service(store, settings, _FORMS[settings.edition], presigner)
    for router in (*_ROUTERS[settings.edition], *_companions(settings)):
        for prefix in ("", "/v1"):
            app.include_router(router, prefix=prefix)
    return app


def _companions(settings: Settings) -> Iterator[APIRouter]:
    """Yield the routes beside the four endpoints, the one that takes any path last."""
    if settings.offers_results_url and settings.files_url is not None:
        yield companions.results_url_router
    if settings.companions:
        yield companions.job_router


class _Origins:
    """Two applications behind one process: what arrives at the second one's port is for it."""

    def __init__(self, api: ASGIApp, files: ASGIApp, files_port: int | None) -> None:
        self._api = api
        self._files = files
        self._files_port = files_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the application of its port."""
        # The port of the connection, not the one that the field `Host` claims.
        _, port = scope.get("server") or (None, None)
        at_files = scope["type"] == "http" and port is not None and port == self._files_port
        await (self._files if at_files else self._api)(scope, receive, send)


async def _health(request: Request) -> Response:
    service(request).store.clock.now()
    return json_response({"status": "ok"})


async def _advance_clock(request: Request, _: Tenant, advance: str) -> Response:
    clock = service(request).store.clock
    try:
        await run_in_threadpool(clock.advance, parse_duration(advance))
    except ValueError as error:
        refuse("query", "advance", str(error))
    return json_response({"now": to_text(clock.now())})


def from_environment() -> ASGIApp:
    """Return the application of a worker process."""
    return create_app(Settings.from_environment())
