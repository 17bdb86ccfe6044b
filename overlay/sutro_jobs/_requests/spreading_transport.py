"""An asynchronous transport that stays fast with many requests at a time.

httpcore's connection pool looks at every connection, and polls the idle ones, whenever a request
starts or ends, and closes connections above its keep-alive limit only to open them again. Pools of
one connection each have nothing to look through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from heapq import heappop, heappush

import httpx


class SpreadingTransport(httpx.AsyncBaseTransport):
    """Spreads requests over up to `size` transports of one connection each.

    A request takes the first transport that is free, so requests one after the other share a single
    connection. Once all are busy, it waits for the one with the fewest requests.
    """

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport], size: int) -> None:
        self._make = make
        self._size = size
        self._transports: list[httpx.AsyncBaseTransport] = []
        self._in_use: list[int] = []
        self._free: list[int] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request on a free connection, opening one where there is none."""
        index = self._take()
        try:
            response = await self._transports[index].handle_async_request(request)
        except BaseException:
            self._give_back(index)
            raise
        if not isinstance(response.stream, httpx.AsyncByteStream):
            raise TypeError("The transport answered with a stream that is not asynchronous.")
        response.stream = _Taken(response.stream, lambda: self._give_back(index))
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._transports:
            await transport.aclose()

    def _take(self) -> int:
        if self._free:
            index = heappop(self._free)
        elif len(self._transports) < self._size:
            index = len(self._transports)
            self._transports.append(self._make())
            self._in_use.append(0)
        else:
            index = self._in_use.index(min(self._in_use))
        self._in_use[index] += 1
        return index

    def _give_back(self, index: int) -> None:
        self._in_use[index] -= 1
        if not self._in_use[index]:
            heappush(self._free, index)


class _Taken(httpx.AsyncByteStream):
    """The body of a response, which gives its connection back when it is closed."""

    def __init__(self, stream: httpx.AsyncByteStream, give_back: Callable[[], None]) -> None:
        self._stream = stream
        self._give_back: Callable[[], None] | None = give_back

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()

    async def aclose(self) -> None:
        give_back, self._give_back = self._give_back, None
        try:
            await self._stream.aclose()
        finally:
            if give_back:
                give_back()
