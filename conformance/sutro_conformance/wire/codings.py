"""Takes content codings off a body, and no more of it than is worth reading."""

from __future__ import annotations

import zlib
from typing import Literal

import pyarrow as pa

_Codec = Literal["gzip", "zstd", "brotli"]
# Names of codings and of the codec that reads each.
CODECS: dict[str, _Codec] = {"gzip": "gzip", "x-gzip": "gzip", "zstd": "zstd", "br": "brotli"}
_CHUNK = 2**20


class CodingError(Exception):
    """The body is not what its `Content-Encoding` says."""


def decoded(body: bytes, codings: str, most: int) -> bytes:
    """Return a body without its content codings, the last applied first.

    Raises:
        CodingError: it is not so encoded, ends before it is whole, has bytes after its end, or is
            larger than `most` bytes once it is decoded.
    """
    for coding in reversed([each.strip().lower() for each in codings.split(",")]):
        if coding in ("identity", ""):
            continue
        if coding == "deflate":
            body = _inflated(body, most)
        elif coding in CODECS:
            body = _read(body, CODECS[coding], most)
        else:
            raise CodingError(f"the coding {coding!r} is not one that was asked for")
    return body


def _inflated(body: bytes, most: int) -> bytes:
    reader = zlib.decompressobj()
    try:
        plain = reader.decompress(body, most + 1)
    except zlib.error as error:
        raise CodingError(f"it is not deflate: {error}") from None
    if len(plain) > most:
        raise CodingError(f"it is larger than {most} bytes once it is decoded")
    if not reader.eof or reader.unused_data:
        raise CodingError("it is not one whole deflate stream")
    return plain


def _read(body: bytes, codec: _Codec, most: int) -> bytes:
    plain = bytearray()
    try:
        with pa.CompressedInputStream(pa.BufferReader(body), codec) as stream:
            while chunk := stream.read(_CHUNK):
                plain += chunk
                if len(plain) > most:
                    raise CodingError(f"it is larger than {most} bytes once it is decoded")
    except (OSError, pa.ArrowException) as error:
        raise CodingError(f"it is not {codec}: {str(error)[:80]}") from None
    return bytes(plain)
