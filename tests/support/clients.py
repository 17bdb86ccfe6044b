"""Both clients behind the methods of one."""

import asyncio
import inspect
import itertools
import ssl
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol, Unpack, cast

import httpx

from sutro_jobs import AsyncSutro, Sutro
from sutro_jobs._client.base import OptionChanges


class Options(OptionChanges, total=False):
    """Options of a client, its URL and its key excepted."""

    proxy: str | httpx.Proxy
    verify: bool | str | ssl.SSLContext
    limits: httpx.Limits


class Connect(Protocol):
    """Makes clients that are closed after the test: `connect(url, key, max_retries=0)`.

    `fault="unavailable", times=2` lets a server with `--control` fail at the first two requests,
    and at all of them without `times`.
    """

    def __call__(
        self,
        url: str,
        key: str = "demo-key",
        *,
        fault: str = "",
        times: int | None = None,
        **options: Unpack[Options],
    ) -> Sutro: ...


@contextmanager
def sync_clients() -> Iterator[Connect]:
    """Make clients of the kind `Sutro` while the block lasts."""
    with ExitStack() as stack:

        def connect(
            url: str,
            key: str = "demo-key",
            *,
            fault: str = "",
            times: int | None = None,
            **options: Unpack[Options],
        ) -> Sutro:
            hooks = {"request": [fault_hook(fault, times)]}
            own = stack.enter_context(httpx.Client(event_hooks=hooks)) if fault else None
            client = Sutro(api_url=url, api_key=key, http_client=own, **options)
            return stack.enter_context(client)

        yield connect


@contextmanager
def async_clients() -> Iterator[Connect]:
    """Make clients of the kind `AsyncSutro`, of which methods return what they would await."""
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())

        def connect(
            url: str,
            key: str = "demo-key",
            *,
            fault: str = "",
            times: int | None = None,
            **options: Unpack[Options],
        ) -> Sutro:
            mark = fault_hook(fault, times)

            async def hook(outgoing: httpx.Request) -> None:
                mark(outgoing)

            own = httpx.AsyncClient(event_hooks={"request": [hook]}) if fault else None
            if own:
                stack.callback(lambda: runner.run(own.aclose()))
            client = AsyncSutro(api_url=url, api_key=key, http_client=own, **options)
            stack.callback(lambda: runner.run(client.close()))
            return cast("Sutro", Awaited(client, runner))

        yield connect


def fault_hook(fault: str, times: int | None) -> Callable[[httpx.Request], None]:
    """Return an event hook of httpx that asks the reference server for a fault, so many times."""
    numbers = itertools.count()

    def mark(outgoing: httpx.Request) -> None:
        if times is None or next(numbers) < times:
            outgoing.headers["X-Sutro-Fault"] = fault

    return mark


class Awaited:
    """An object whose coroutines run when they are called and whose async iterators are lists."""

    def __init__(self, target: Any, runner: asyncio.Runner) -> None:
        self._target = target
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        return self._called(value) if callable(value) else value

    def __iter__(self) -> Iterator[Any]:
        async def collect() -> list[Any]:
            return [item async for item in self._target]

        return iter(self._runner.run(collect()))

    def _called(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            result = method(*args, **kwargs)
            if inspect.iscoroutine(result):
                return self._runner.run(result)
            is_async = isinstance(result, AsyncSutro | AsyncIterable)
            return Awaited(result, self._runner) if is_async else result

        return call
