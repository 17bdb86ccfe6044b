"""The ASGI application: routes of one edition over a store."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from ..settings import Settings
from ..store.store import Store
from ..times import parse_duration, to_text
from . import edition_3, older_editions
from .access_log import AccessLog
from .faults import FaultInjector
from .problems import install_handlers
from .service import Service, json_response, refuse, service
from .status_page import status_page

_ROUTERS = {
    "e1": (older_editions.first_edition,),
    "e2": (older_editions.second_edition,),
    "e3": (edition_3.router, older_editions.beside_current),
}


def create_app(settings: Settings) -> ASGIApp:
    """Return the application that serves a data directory as the settings say.

    Raises:
        StoreError: The data directory cannot be used.
        ValueError: A fault of the settings is not one.
    """
    store = Store(settings.directory)

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
    app.state.service = Service(store, settings)
    for router in _ROUTERS[settings.edition]:
        for prefix in ("", "/v1"):
            app.include_router(router, prefix=prefix)
    # The log tells what was answered in the end, faults included.
    faulty = FaultInjector(app, store, settings.faults, by_header=settings.control)
    return AccessLog(faulty, write=settings.access_log)


async def _health(request: Request) -> Response:
    service(request).store.clock.now()
    return json_response({"status": "ok"})


async def _advance_clock(request: Request, advance: str) -> Response:
    clock = service(request).store.clock
    try:
        await run_in_threadpool(clock.advance, parse_duration(advance))
    except ValueError as error:
        refuse("query", "advance", str(error))
    return json_response({"now": to_text(clock.now())})


def from_environment() -> ASGIApp:
    """Return the application of a worker process."""
    return create_app(Settings.from_environment())
