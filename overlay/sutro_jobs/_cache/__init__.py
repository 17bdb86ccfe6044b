"""Results on disk: kept between calls, or for as long as something reads them."""

from ._index import JobSchema
from ._places import default_root, open_cache, place_of
from ._slot import Slot
from ._store import CacheEntry, ResultsCache
from ._unkept import Unkept

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
