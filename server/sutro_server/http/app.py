"""The ASGI application: routes of one edition over a store."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from ..settings import Settings
from ..store.store import Store
from ..times import parse_duration, to_text
from . import edition_3 as _current
from . import older_editions as _older
from . import problems as _problems
from .access_log import AccessLog
from .faults import FaultInjector
from .service import Service, encoded, refuse, service
from .status_page import status_page

_ROUTERS = {
    "e1": (_older.first_edition,),
    "e2": (_older.second_edition,),
    "e3": (_current.router, _older.beside_current),
}


def create_app(settings: Settings) -> ASGIApp:
    """Return the application that serves a data directory as the settings say."""
    store = Store(settings.directory)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    app = FastAPI(openapi_url=None, redirect_slashes=False, lifespan=lifespan)
    _problems.install(app)
    app.add_api_route("/", status_page, methods=["GET", "HEAD"])
    app.add_api_route("/health", _health, methods=["GET", "HEAD"])
    if settings.control:
        app.add_api_route("/control/clock", _advance_clock, methods=["POST"])
    app.state.service = Service(store, settings)
    for router in _ROUTERS[settings.edition]:
        for prefix in ("", "/v1"):
            app.include_router(router, prefix=prefix)
    faulty = FaultInjector(app, store, settings.faults, by_header=settings.control)
    return AccessLog(faulty, write=settings.access_log)


async def _health(request: Request) -> Response:
    service(request).store.clock.now()
    return encoded({"status": "ok"})


async def _advance_clock(request: Request, advance: str) -> Response:
    clock = service(request).store.clock
    try:
        await run_in_threadpool(clock.advance, parse_duration(advance))
    except ValueError as error:
        refuse("query", "advance", str(error))
    return encoded({"now": to_text(clock.now())})


def from_environment() -> ASGIApp:
    """Return the application of a worker process."""
    return create_app(Settings.from_environment())
