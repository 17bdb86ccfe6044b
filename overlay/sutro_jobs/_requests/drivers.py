"""Drivers of flows: the only places that do I/O and wait."""

from __future__ import annotations

import asyncio
import contextvars
import time
from contextlib import suppress
from typing import TypeVar, cast

import httpx
from attrs import evolve

from .bounds.clock import ExchangeClock
from .bounds.size import SizeLimit
from .children import AsyncChildren, SyncChildren
from .flow import (
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
from .responses.body import AsyncBody, SyncBody
from .transports.interruption import KEY, Interruption, StoppedError

T = TypeVar("T")


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

    def _handle(
        self, request: httpx.Request, clock: ExchangeClock, limit: SizeLimit | None = None
    ) -> SyncBody:
        if self._interruption is not None:
            request.extensions = {**request.extensions, KEY: self._interruption}
        return SyncBody(self.transport.handle_request(request), clock, limit)

    def _send(self, effect: Send) -> Response:
        body = self._handle(effect.request, effect.clock, effect.limit)
        try:
            return body.whole() if body.begin() else body.start()
        finally:
            body.close()

    def _stream(self, effect: Stream) -> Response:
        body = self._handle(effect.request, effect.clock)
        try:
            if not body.begin():
                return body.start()
            effect.sink.begin(body.head)
            while piece := body.read():
                effect.sink.write(piece)
            return body.head
        finally:
            body.close()

    def _open(self, effect: Open) -> Response:
        body = self._handle(effect.request, effect.clock, effect.limit)
        if body.begin():
            return evolve(body.head, body=body)
        try:
            return body.start()
        finally:
            body.close()


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
        body = await self._handle(effect.request, effect.clock, effect.limit)
        try:
            return await (body.whole() if body.begin() else body.start())
        finally:
            await body.close()

    async def _stream(self, effect: Stream) -> Response:
        body = await self._handle(effect.request, effect.clock)
        try:
            if not body.begin():
                return await body.start()
            effect.sink.begin(body.head)
            while piece := await body.read():
                effect.sink.write(piece)
            return body.head
        finally:
            await body.close()

    async def _open(self, effect: Open) -> Response:
        body = await self._handle(effect.request, effect.clock, effect.limit)
        if body.begin():
            return evolve(body.head, body=body)
        try:
            return await body.start()
        finally:
            await body.close()

    async def _handle(
        self, request: httpx.Request, clock: ExchangeClock, limit: SizeLimit | None = None
    ) -> AsyncBody:
        return AsyncBody(await self.transport.handle_async_request(request), clock, limit)


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
