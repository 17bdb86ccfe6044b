"""Drivers of flows: the only places that do I/O and wait."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import TypeVar, cast

import httpx
from attrs import evolve

from .children import AsyncChildren, SyncChildren
from .flow import (
    Body,
    Close,
    Effect,
    Flow,
    Open,
    Read,
    Response,
    RunBlocking,
    Send,
    Sleep,
    Start,
    Stop,
    Stream,
    Wait,
)
from .transports.interruption import KEY, Interruption, StoppedError

T = TypeVar("T")
_MOST_OF_AN_ERROR = 65_536


class SyncDriver:
    """Runs flows in the calling thread; `interruption` lets another thread break them off."""

    def __init__(
        self, transport: httpx.BaseTransport, interruption: Interruption | None = None
    ) -> None:
        self.transport = transport
        self._interruption = interruption

    def run(self, flow: Flow[T]) -> T:
        """Run a flow to its end and return its result."""
        children = SyncChildren(self._run_beside)
        try:
            effect = next(flow)
            while True:
                try:
                    result = self._perform(effect, children)
                except BaseException as error:  # noqa: BLE001 - the flow decides, and cleans up
                    effect = flow.throw(self._reason(error))
                else:
                    effect = flow.send(result)
        except StopIteration as end:
            value: T = end.value
            return value
        finally:
            try:
                children.close()
            finally:
                # An exception of a signal handler can strike here, where the flow does not see it.
                flow.close()

    def _perform(self, effect: Effect, children: SyncChildren) -> object:
        match effect:
            case Send():
                return self._send(effect)
            case Stream():
                return self._stream(effect)
            case Open():
                return self._open(effect)
            case Read():
                return cast("SyncBody", effect.body).read()
            case RunBlocking():
                return effect.function()
            case Start():
                return children.start(effect.flow)
            case Sleep():
                self._pause(effect.seconds)
            case Wait():
                children.wait(effect.running)
            case Stop():
                children.stop(effect.running)
            case Close():
                cast("SyncBody", effect.body).close()
        return None

    def _run_beside(self, flow: Flow[T], interruption: Interruption) -> T:
        return SyncDriver(self.transport, interruption).run(flow)

    def _pause(self, seconds: float) -> None:
        if self._interruption is None:
            time.sleep(seconds)
        else:
            self._interruption.pause(seconds)

    def _reason(self, error: BaseException) -> BaseException:
        """Return why an effect failed: the error of a connection that was broken off is no news."""
        if self._interruption is not None and self._interruption.is_stopped:
            return StoppedError()
        return error

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if self._interruption is not None:
            request.extensions = {**request.extensions, KEY: self._interruption}
        return self.transport.handle_request(request)

    def _send(self, effect: Send) -> Response:
        response = self._handle(effect.request)
        try:
            return Response(
                response.status_code,
                response.headers,
                b"".join(_in_time(chunk, effect) for chunk in _chunks(response)),
            )
        finally:
            response.close()

    def _stream(self, effect: Stream) -> Response:
        response = self._handle(effect.request)
        try:
            head = Response(response.status_code, response.headers)
            chunks = _chunks(response)
            if not response.is_success:
                return _with_short_body(head, next(chunks, b""))
            effect.sink.begin(head)
            for chunk in chunks:
                effect.sink.write(chunk)
            return head
        finally:
            response.close()

    def _open(self, effect: Open) -> Response:
        response = self._handle(effect.request)
        head = Response(response.status_code, response.headers)
        if response.is_success:
            return evolve(head, body=SyncBody(response))
        try:
            return _with_short_body(head, next(_chunks(response), b""))
        finally:
            response.close()


class SyncBody(Body):
    """The body of an open response."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._pieces = _chunks(response)

    def read(self) -> bytes:
        """Return the next piece, no bytes at the end."""
        return next((piece for piece in self._pieces if piece), b"")

    def close(self) -> None:
        """Give up what was not read."""
        self._response.close()


class AsyncDriver:
    """Runs flows in a task of asyncio."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.transport = transport

    async def run(self, flow: Flow[T]) -> T:
        """Run a flow to its end and return its result."""
        children = AsyncChildren(self.run)
        try:
            effect = next(flow)
            while True:
                try:
                    result = await self._perform(effect, children)
                except BaseException as error:  # noqa: BLE001 - the flow decides, and cleans up
                    effect = flow.throw(error)
                else:
                    effect = flow.send(result)
        except StopIteration as end:
            value: T = end.value
            return value
        finally:
            await children.close()

    async def _perform(self, effect: Effect, children: AsyncChildren) -> object:
        match effect:
            case Send():
                return await self._send(effect)
            case Stream():
                return await self._stream(effect)
            case Open():
                return await self._open(effect)
            case Read():
                return await cast("AsyncBody", effect.body).read()
            case RunBlocking():
                return await _run_blocking(effect)
            case Start():
                return children.start(effect.flow)
            case Sleep():
                await asyncio.sleep(effect.seconds)
            case Wait():
                await children.wait(effect.running)
            case Stop():
                await children.stop(effect.running)
            case Close():
                await cast("AsyncBody", effect.body).close()
        return None

    async def _send(self, effect: Send) -> Response:
        response = await self.transport.handle_async_request(effect.request)
        try:
            chunks = [_in_time(chunk, effect) async for chunk in _async_chunks(response)]
            return Response(response.status_code, response.headers, b"".join(chunks))
        finally:
            await response.aclose()

    async def _stream(self, effect: Stream) -> Response:
        response = await self.transport.handle_async_request(effect.request)
        try:
            head = Response(response.status_code, response.headers)
            chunks = _async_chunks(response)
            if not response.is_success:
                return _with_short_body(head, await anext(chunks, b""))
            effect.sink.begin(head)
            async for chunk in chunks:
                effect.sink.write(chunk)
            return head
        finally:
            await response.aclose()

    async def _open(self, effect: Open) -> Response:
        response = await self.transport.handle_async_request(effect.request)
        head = Response(response.status_code, response.headers)
        if response.is_success:
            return evolve(head, body=AsyncBody(response))
        try:
            return _with_short_body(head, await anext(_async_chunks(response), b""))
        finally:
            await response.aclose()


class AsyncBody(Body):
    """The body of an open response, for asyncio."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._pieces = _async_chunks(response)

    async def read(self) -> bytes:
        """Return the next piece, no bytes at the end."""
        async for piece in self._pieces:
            if piece:
                return piece
        return b""

    async def close(self) -> None:
        """Give up what was not read."""
        await self._response.aclose()


async def _run_blocking(effect: RunBlocking) -> object:
    """Call a function in a thread; once it began, even a task that is cancelled waits for it."""
    begun, wanted = False, True

    def run() -> object:
        nonlocal begun
        begun = True
        return effect.function() if wanted else None

    context = contextvars.copy_context()
    # A future and not a task, since the end of an event loop cancels all tasks.
    running = asyncio.get_running_loop().run_in_executor(None, context.run, run)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        # Both sides write before they read, so either the thread sees this or it is waited for.
        wanted = False
        while begun and not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        raise


def _chunks(response: httpx.Response) -> Iterator[bytes]:
    """Iterate over a body; only one that is compressed needs httpx's decoders."""
    if "content-encoding" in response.headers:
        return response.iter_bytes()
    return iter(cast("httpx.SyncByteStream", response.stream))


def _async_chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    if "content-encoding" in response.headers:
        return response.aiter_bytes()
    return aiter(cast("httpx.AsyncByteStream", response.stream))


def _with_short_body(head: Response, start: bytes) -> Response:
    return Response(head.status_code, head.headers, start[:_MOST_OF_AN_ERROR])


def _in_time(chunk: bytes, effect: Send) -> bytes:
    if effect.deadline is not None and time.monotonic() > effect.deadline:
        raise httpx.ReadTimeout("the total timeout is over", request=effect.request)
    return chunk
