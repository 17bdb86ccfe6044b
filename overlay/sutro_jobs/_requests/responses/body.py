"""The body of a response, decoded while it arrives, within bounds of time and size."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from ..bounds.size import BodyError
from ..flow import Body, Response
from .content_coding import decoder_for

if TYPE_CHECKING:
    import httpx

    from ..bounds.clock import ExchangeClock
    from ..bounds.size import SizeLimit

# Bytes: longer than any error of the service, and than what is shown of one.
_MOST_OF_AN_ERROR = 65_536


class _BoundedBody(Body):
    """What bodies of synchronous and of asynchronous responses have in common."""

    def __init__(
        self, response: httpx.Response, clock: ExchangeClock, limit: SizeLimit | None
    ) -> None:
        self.head = Response(response.status_code, response.headers)
        self._response = response
        self._clock = clock
        self._limit = limit
        self._decoder = decoder_for(response.headers)
        self._pieces: Iterator[bytes] = iter(())

    def begin(self) -> bool:
        """Tell whether the response is a success, whose body is to be read whole."""
        if self._response.is_success:
            self._clock.begin_body()
        return self._response.is_success

    def _feed(self, chunk: bytes) -> None:
        self._pieces = iter((chunk,)) if self._decoder is None else self._decoder.feed(chunk)

    def _next(self) -> bytes:
        """Return the next piece of what was received, no bytes if more is needed for one."""
        return next(filter(None, self._pieces), b"")

    def _finish(self) -> None:
        if self._decoder is not None:
            self._decoder.finish()

    def _account(self, piece: bytes) -> bytes:
        self._clock.receive(len(piece))
        if self._limit is not None:
            self._limit.add(len(piece))
        return piece

    def _with(self, pieces: Iterable[bytes]) -> Response:
        return Response(self.head.status_code, self.head.headers, b"".join(pieces))


class SyncBody(_BoundedBody):
    """The body of a response that a thread reads."""

    def __init__(
        self, response: httpx.Response, clock: ExchangeClock, limit: SizeLimit | None = None
    ) -> None:
        super().__init__(response, clock, limit)
        self._chunks = iter(cast("Iterable[bytes]", response.stream))

    def read(self) -> bytes:
        """Return the next piece, no bytes at the end."""
        self._clock.resume()
        while not (piece := self._next()):
            chunk = next(self._chunks, None)
            if chunk is None:
                self._finish()
                break
            self._feed(chunk)
        return self._account(piece)

    def whole(self) -> Response:
        """Return the response with its whole body."""
        return self._with(iter(self.read, b""))

    def start(self) -> Response:
        """Return the response with as much of its body as is worth showing, damaged or not."""
        start = bytearray()
        with suppress(BodyError):
            while len(start) < _MOST_OF_AN_ERROR and (piece := self.read()):
                start += piece
        return self._with([bytes(start[:_MOST_OF_AN_ERROR])])

    def close(self) -> None:
        """Give up what was not read."""
        self._response.close()


class AsyncBody(_BoundedBody):
    """The body of a response that a task reads."""

    def __init__(
        self, response: httpx.Response, clock: ExchangeClock, limit: SizeLimit | None = None
    ) -> None:
        super().__init__(response, clock, limit)
        self._chunks: AsyncIterator[bytes] = aiter(cast("httpx.AsyncByteStream", response.stream))

    async def read(self) -> bytes:
        """Return the next piece, no bytes at the end."""
        self._clock.resume()
        while not (piece := self._next()):
            chunk = await anext(self._chunks, None)
            if chunk is None:
                self._finish()
                break
            self._feed(chunk)
        return self._account(piece)

    async def whole(self) -> Response:
        """Return the response with its whole body."""
        pieces: list[bytes] = []
        while piece := await self.read():
            pieces.append(piece)
        return self._with(pieces)

    async def start(self) -> Response:
        """Return the response with as much of its body as is worth showing, damaged or not."""
        start = bytearray()
        with suppress(BodyError):
            while len(start) < _MOST_OF_AN_ERROR and (piece := await self.read()):
                start += piece
        return self._with([bytes(start[:_MOST_OF_AN_ERROR])])

    async def close(self) -> None:
        """Give up what was not read."""
        await self._response.aclose()
