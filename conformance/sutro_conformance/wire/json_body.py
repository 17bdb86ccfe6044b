"""Reads JSON bodies, of which long ones must not fill the memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, SupportsIndex

import attrs
import msgspec

# The jobs of a body of this size take some ten times as much memory.
_LONG = 512 * 1024
_FIELD = "jobs"


@attrs.frozen
class JsonBody:
    """A body read as JSON, and what strict readers would not take.

    `constants` are NaN and infinities, `repeated` names that an object has twice.
    """

    value: Any
    constants: list[str]
    repeated: list[str]


class LongList(list[Any]):
    """A list whose items are kept as text, and read anew whenever they are used."""

    def __iter__(self) -> Iterator[Any]:
        return map(msgspec.json.decode, super().__iter__())

    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        if isinstance(index, slice):
            return [msgspec.json.decode(item) for item in super().__getitem__(index)]
        return msgspec.json.decode(super().__getitem__(index))


def read_json(body: bytes) -> JsonBody | None:
    """Return a body read as JSON, or None where it is not JSON."""
    try:
        is_long = len(body) > _LONG
        read = _strictly(body, keep=not is_long)
        return attrs.evolve(read, value=_long(body)) if is_long else read
    except (ValueError, RecursionError):
        return None


def _strictly(body: bytes, *, keep: bool) -> JsonBody:
    constants: list[str] = []
    repeated: list[str] = []

    def constant(name: str) -> float:
        constants.append(name)
        return float(name)

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        whole = dict(pairs)
        if len(whole) < len(pairs):
            names = [name for name, _ in pairs]
            repeated.append(next(name for name in names if names.count(name) > 1))
        return whole if keep else {}

    value = json.loads(body, parse_constant=constant, object_pairs_hook=collect)
    return JsonBody(value, constants, repeated)


def _long(body: bytes) -> Any:
    """Return a long body with its jobs as texts, or all of it where it has none."""
    try:
        parts = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        jobs = LongList(msgspec.json.decode(parts.pop(_FIELD), type=list[msgspec.Raw]))
        return {name: msgspec.json.decode(part) for name, part in parts.items()} | {_FIELD: jobs}
    except (msgspec.MsgspecError, KeyError):
        return json.loads(body)
