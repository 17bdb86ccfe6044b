"""Results on disk: kept between calls, or for as long as something reads them."""

from .index import JobSchema
from .locations import default_root, open_cache, place_of
from .null_slot import Unkept
from .slot import Slot
from .store import CacheEntry, ResultsCache

__all__ = [
    "CacheEntry",
    "JobSchema",
    "ResultsCache",
    "Slot",
    "Unkept",
    "default_root",
    "open_cache",
    "place_of",
]
