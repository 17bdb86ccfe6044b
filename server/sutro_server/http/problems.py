"""Every failure as the contract's JSON."""

import sqlite3

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ..errors import StoreError

_ISSUE = ("loc", "msg", "type")


def install_handlers(app: FastAPI) -> None:
    """Let the application answer failures with `detail`, and with nothing of its insides."""
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _refused)  # type: ignore[arg-type]
    app.add_exception_handler(StoreError, _unusable)
    app.add_exception_handler(sqlite3.Error, _unusable)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _failed)


def problem(status: int, detail: object, headers: dict[str, str] | None = None) -> Response:
    """Return an answer whose body is `{"detail": ...}`."""
    return Response(
        msgspec.json.encode({"detail": detail}), status, headers, media_type="application/json"
    )


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    # Pydantic's issues echo the input; it may be huge or not even JSON, and the client knows it.
    return problem(422, [{name: issue[name] for name in _ISSUE} for issue in error.errors()])


async def _refused(_: Request, error: HTTPException) -> Response:
    return problem(error.status_code, error.detail, dict(error.headers or {}))


async def _unusable(_: Request, error: Exception) -> Response:
    if isinstance(error, StoreError):
        return problem(503, str(error))
    return problem(503, f"The store cannot be used: {error}.")


async def _gone(_: Request, __: Exception) -> Response:
    # Nobody reads it; it keeps the loss of a connection out of the log of failures.
    return problem(400, "The request ended before its body did.")


async def _failed(_: Request, __: Exception) -> Response:
    return problem(500, "Internal server error.")
