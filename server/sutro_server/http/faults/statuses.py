"""Faults that answer with a status instead of what was asked for."""

import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from starlette.responses import Response

from .call import Call

_HTML = "<!DOCTYPE html><html><head><title>524</title></head><body>A timeout occurred</body></html>"


def status(
    code: int, detail: str, headers: Callable[[], dict[str, str]] = dict
) -> Callable[[Call, str], Awaitable[None]]:
    """Return the fault that refuses with a status."""

    async def run(call: Call, _: str) -> None:
        await call.respond(call.refuse(code, detail, headers()))

    return run


def retry_after_date() -> dict[str, str]:
    """Return the field `Retry-After` as a date that is at least a second ahead."""
    # Dates have whole seconds: two ahead is at least one to wait.
    return {"Retry-After": formatdate(time.time() + 2, usegmt=True)}


async def origin_timeout(call: Call, _: str) -> None:
    """Answer as the proxy before the service does where the service takes too long."""
    await call.respond(Response(_HTML, 524, {"Content-Type": "text/html"}))


async def redirect(call: Call, _: str) -> None:
    """Answer with a redirect to a path where nothing is."""
    await call.respond(Response(status_code=307, headers={"Location": "/redirected"}))
