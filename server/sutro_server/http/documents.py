"""Documents that the server hands out beside its API: what describes it, and the page of that."""

from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from ..settings import Edition


def document_routes(folder: Path, edition: Edition) -> APIRouter:
    """Return the routes of a folder: `/openapi.json`, and `/docs` for its page `index.html`.

    An older edition has a description of its own, `openapi-e2.json`, and the page is not of it.
    """
    routes = APIRouter()
    name = "openapi.json" if edition == "e3" else f"openapi-{edition}.json"
    _add(routes, "/openapi.json", folder / name, "application/json")
    if edition == "e3":
        _add(routes, "/docs", folder / "index.html", "text/html")
    return routes


def _add(routes: APIRouter, path: str, file: Path, media_type: str) -> None:
    async def document(_: Request) -> Response:
        return FileResponse(file, media_type=media_type)

    if file.is_file():
        routes.add_api_route(path, document, methods=["GET", "HEAD"], response_model=None)
