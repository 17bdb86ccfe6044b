"""Which folder the cache is in, and which slot of it a job has."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from .null_slot import NullSlot
from .slot import Slot
from .store import ResultsCache

if TYPE_CHECKING:
    from .._configuration.account import Account
    from .._configuration.options import Options

_log = logging.getLogger("sutro_jobs")


def default_root() -> Path:
    """Return the folder that `SUTRO_CACHE_DIR` names, `~/.sutro/cache` where it is not set."""
    return Path(os.environ.get("SUTRO_CACHE_DIR") or "~/.sutro/cache").expanduser()


def open_cache(options: Options) -> ResultsCache:
    """Return the cache that the options of a client name."""
    root = default_root() if options.cache_dir is None else Path(options.cache_dir).expanduser()
    return ResultsCache(root, options.cache_size)


def slot_for(job_id: str, account: Account, options: Options, *, disabled: bool) -> Slot | NullSlot:
    """Return the slot of a job: in the cache, or a null one if that is off or cannot be written."""
    if disabled:
        return NullSlot()
    cache = open_cache(options)
    try:
        folder = cache.make_folder(account.base_url, account.api_key.reveal(), job_id)
    # A folder that cannot be written, as in a container, must not fail a call that only reads.
    except OSError as error:
        _log.warning("results are not cached: %s cannot be written (%s)", cache.root, error)
        return NullSlot()
    return Slot(cache, folder, account.base_url, job_id)
