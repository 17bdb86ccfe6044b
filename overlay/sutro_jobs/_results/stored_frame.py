"""Unpacked frames in the cache: reading one takes a fraction of the time of unpacking again."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import msgspec
import polars as pl

from .read import Results

if TYPE_CHECKING:
    from .._cache import NullSlot, Slot
    from .options import ResultsOptions

# Part of each key: raise it when the same options build another frame.
_FRAME_VERSION = 1
# As fast to read as any, and faster to write than most.
_COMPRESSION: Literal["lz4"] = "lz4"


def load_frame(slot: Slot | NullSlot, options: ResultsOptions) -> Results | None:
    """Return the cached frame for these options, None if there is none."""
    found = slot.frame(_key(options))
    if found is None:
        return None
    path, carried = found
    try:
        return Results(pl.read_parquet(path, glob=False), carried)
    except (pl.exceptions.PolarsError, OSError):
        slot.discard(path)
        return None


def store_frame(slot: Slot | NullSlot, options: ResultsOptions, results: Results) -> None:
    """Store the frame for these options."""
    if not slot.stores:
        return
    with slot.part() as part:
        try:
            results.frame.write_parquet(part, compression=_COMPRESSION, statistics=False)
        except (pl.exceptions.PolarsError, OSError):
            return
        slot.store_frame(part, _key(options), results.carried)


def _key(options: ResultsOptions) -> str:
    recipe = msgspec.json.encode([_FRAME_VERSION, options], order="deterministic")
    return sha256(recipe).hexdigest()[:32]
