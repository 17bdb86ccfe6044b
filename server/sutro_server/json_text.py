"""JSON from outside, decoded."""

from typing import TypeVar

import msgspec

T = TypeVar("T")


def decode_json(data: "bytes | bytearray | memoryview | msgspec.Raw", type_: type[T]) -> T:
    """Return the value of that type that a JSON document holds.

    Raises:
        ValueError: The document is not JSON of that type, not UTF-8, or nested too deeply.
    """
    try:
        return msgspec.json.decode(data, type=type_)
    except UnicodeDecodeError as error:
        raise ValueError(f"Text is not UTF-8: {error.reason}") from error
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("JSON is nested too deeply") from error
