"""Transports that call an ASGI or WSGI application in this process."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Coroutine
from typing import Any, cast

import httpx

from .connections import Answer, Headers, Transport, readable
from .errors import BrokenOffError, DisturbedError


def transport_for(app: Any) -> Transport:
    """Return a transport that calls an application, whichever of ASGI and WSGI it speaks."""
    if inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(type(app).__call__):
        return ASGITransport(app)
    return WSGITransport(app)


class WSGITransport:
    """Calls a WSGI application in the thread that asks."""

    def __init__(self, app: Any) -> None:
        self._transport = httpx.WSGITransport(app, raise_app_exceptions=False)

    def ask(self, method: str, url: httpx.URL, headers: Headers, *, within: float) -> Answer:
        """Call the application, see `Transport`; nothing can end its call before it does."""
        request = httpx.Request(method, url, headers=headers)
        try:
            response = self._transport.handle_request(request)
            body = b"".join(cast(httpx.SyncByteStream, response.stream))
        except Exception as error:
            raise BrokenOffError(f"the application raised {type(error).__name__}") from error
        return Answer(response.status_code, readable(response.headers.raw), body)

    def close(self) -> None:
        """Do nothing: there is no connection."""


class ASGITransport:
    """Calls an ASGI application on an event loop of its own, between its startup and shutdown."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._stop = self._wait_for(_begun(app))

    def ask(self, method: str, url: httpx.URL, headers: Headers, *, within: float) -> Answer:
        """Call the application and read its whole answer, see `Transport`."""
        request = httpx.Request(method, url, headers=headers)
        limit = None if within == float("inf") else within
        try:
            answer: Answer = self._wait_for(asyncio.wait_for(self._answer(request), limit))
        except TimeoutError:
            raise DisturbedError("the whole exchange took too long") from None
        except Exception as error:
            raise BrokenOffError(f"the application raised {type(error).__name__}") from error
        return answer

    def close(self) -> None:
        """Shut the application down and end the event loop."""
        self._wait_for(_ended(*self._stop))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _answer(self, request: httpx.Request) -> Answer:
        response = await self._transport.handle_async_request(request)
        # As it was sent: whoever reads the answer decodes it.
        body = b"".join([chunk async for chunk in response.aiter_raw()])
        return Answer(response.status_code, readable(response.headers.raw), body)

    def _wait_for(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


async def _begun(app: Any) -> tuple[asyncio.Task[None], asyncio.Event]:
    """Start the application's lifespan and return once it has started, or does without one."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, str]:
        if not started.is_set():
            return {"type": "lifespan.startup"}
        await stop.wait()
        return {"type": "lifespan.shutdown"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"].startswith("lifespan.startup"):
            started.set()

    async def lifespan() -> None:
        await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)

    task = asyncio.ensure_future(lifespan())
    started_or_over = [task, asyncio.ensure_future(started.wait())]
    await asyncio.wait(started_or_over, return_when=asyncio.FIRST_COMPLETED)
    return task, stop


async def _ended(task: asyncio.Task[None], stop: asyncio.Event) -> None:
    stop.set()
    # An application without a lifespan raises on it; that is how it says so.
    await asyncio.gather(task, return_exceptions=True)
