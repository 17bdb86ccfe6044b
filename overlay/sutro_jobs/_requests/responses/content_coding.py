"""Content codings, taken off a bounded piece at a time.

httpx's decoders return at once all that a piece of their input expands to, so that 64 kB of gzip
become 64 MiB of memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..._errors import DecodingError, TruncatedError
from ..bounds.size import BodyError

if TYPE_CHECKING:
    from zlib import _Decompress  # pyright: ignore[reportPrivateUsage] - typeshed has no other name

# All that is offered to servers. Another coding is left on, as browsers do: what such servers send
# is mostly not encoded at all.
ACCEPTED_CODINGS = "gzip, deflate"
_GZIP = frozenset({"gzip", "x-gzip"})
# Bytes: as much as httpcore reads at once.
_PIECE = 65_536
# Nobody encodes a body more than twice. Each layer could expand the one below it by a thousand.
_MOST_CODINGS = 3


class Decompressor:
    """Takes one coding, gzip or deflate, off a body."""

    def __init__(self, coding: str) -> None:
        self._is_gzip = coding in _GZIP
        self._inflate: _Decompress | None = None
        self._start = b""
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what a piece of the body becomes, 64 KiB at a time.

        Raises:
            BodyError: it is damaged.
        """
        while data:
            inflate = self._inflate or self._begin(data)
            if inflate is None:
                return
            data, self._start = self._start + data, b""
            data = yield from _inflated(inflate, data)
            if inflate.eof:
                self._inflate = None

    def finish(self) -> None:
        """Check that the body has ended where its coding says.

        Raises:
            BodyError: it was cut.
        """
        if self._inflate is not None or self._start:
            raise BodyError(TruncatedError, "the compressed body ended early")

    def _begin(self, data: bytes) -> _Decompress | None:
        """Find the format of what begins here, for which deflate needs two bytes."""
        start = (self._start + data[:2])[:2]
        if len(start) < 2:
            self._start = start
            return None
        if self._members and not (self._is_gzip and start == b"\x1f\x8b"):
            raise BodyError(DecodingError, "the body has something after its compressed end")
        self._members += 1
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16 if self._is_gzip else _bits(start))
        return self._inflate


def _bits(start: bytes) -> int:
    """Tell deflate in the format of zlib from raw deflate, which servers send as well."""
    is_zlib = start[0] & 0x0F == zlib.DEFLATED and int.from_bytes(start, "big") % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def _inflated(inflate: _Decompress, data: bytes) -> Generator[bytes, None, bytes]:
    """Yield what data becomes, and return what follows the end of the stream."""
    is_full = True
    while (data or is_full) and not inflate.eof:
        try:
            piece = inflate.decompress(data, _PIECE)
        except zlib.error as error:
            raise BodyError(DecodingError, f"the body cannot be decompressed ({error})") from error
        data, is_full = inflate.unconsumed_tail, len(piece) == _PIECE
        if piece:
            yield piece
    return inflate.unused_data


class BodyDecoder:
    """Takes all codings off a body, the last one first."""

    def __init__(self, codings: Sequence[str]) -> None:
        self._layers = [Decompressor(coding) for coding in reversed(codings)]

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what a piece of the body becomes, in pieces of bounded size.

        Raises:
            BodyError: it is damaged, or encoded too often.
        """
        if len(self._layers) > _MOST_CODINGS:
            raise BodyError(DecodingError, f"the body has {len(self._layers)} content codings")
        return _through(self._layers, data)

    def finish(self) -> None:
        """Check that the body is whole.

        Raises:
            BodyError: it was cut.
        """
        for layer in self._layers:
            layer.finish()


def _through(layers: Sequence[Decompressor], data: bytes) -> Iterator[bytes]:
    if not layers:
        yield data
        return
    for piece in layers[0].feed(data):
        yield from _through(layers[1:], piece)


def decoder_for(headers: Mapping[str, str]) -> BodyDecoder | None:
    """Return a decoder for the body of a response, None if it is not encoded."""
    if "content-encoding" not in headers:
        return None
    named = [coding.strip().lower() for coding in headers["content-encoding"].split(",")]
    codings = [coding for coding in named if coding in _GZIP or coding == "deflate"]
    return BodyDecoder(codings) if codings else None
