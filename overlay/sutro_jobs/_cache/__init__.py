"""Results on disk, in the cache or in temporary files."""

from .index import JobSchema
from .locations import default_root, open_cache, slot_for
from .null_slot import NullSlot
from .slot import Slot
from .store import CacheEntry, ResultsCache

__all__ = [
    "CacheEntry",
    "JobSchema",
    "NullSlot",
    "ResultsCache",
    "Slot",
    "default_root",
    "open_cache",
    "slot_for",
]
