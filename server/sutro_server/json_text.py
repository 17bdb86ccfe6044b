"""JSON from outside, decoded."""

import re
from mmap import mmap
from typing import TypeVar

import msgspec

T = TypeVar("T")

_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
# Deeper than anything that is meant; what can be decoded depends on the stack.
_DEEP = 200


def decode_json(data: bytes | mmap | msgspec.Raw, type_: type[T] | msgspec.json.Decoder[T]) -> T:
    """Return the value of a type, or of a decoder's type, that a JSON document holds.

    Raises:
        ValueError: The document is not JSON of that type, not UTF-8, or nested too deeply.
    """
    try:
        if isinstance(type_, msgspec.json.Decoder):
            return type_.decode(data)
        return msgspec.json.decode(data, type=type_)
    except UnicodeDecodeError as error:
        raise ValueError(f"Text is not UTF-8: {error.reason}") from error
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError(f"JSON is nested too deeply, at byte {_deep_byte(data)}") from error


def _deep_byte(data: bytes | mmap | msgspec.Raw) -> int:
    depth = 0
    for token in _TOKENS.finditer(memoryview(data)):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token[0], 0)
        if depth == _DEEP:
            return token.start() + 1
    return 0
