"""A store: everything that one data directory holds."""

import hashlib
import hmac
from pathlib import Path

from .clock import Clock
from .cursors import Cursors
from .database import Database, secret
from .jobs import Jobs
from .results import ANSWERS_LIMIT, Results
from .tenants import Tenants


class Store:
    """Tenants, jobs, results and clock of a data directory, which is made where there is none.

    Any number of processes may open the same directory. Answers made from results take up to
    `answers_limit` bytes. Where nothing can be written, the store can be read.

    Raises:
        StoreError: The directory cannot be used, or a newer version wrote it.
    """

    def __init__(self, directory: Path, answers_limit: int = ANSWERS_LIMIT) -> None:
        self.database = Database(directory)
        self.clock = Clock(self.database)
        self.tenants = Tenants(self.database)
        self.jobs = Jobs(self.database, self.clock)
        self.results = Results(directory, answers_limit)
        signing = secret(self.database, "cursors")
        self.cursors = Cursors(signing)
        # Derived, as a store that cannot be written could not get another secret.
        self.files_key = hmac.digest(signing, b"presigned URLs", hashlib.sha256)

    def sweep(self) -> None:
        """Remove files that killed imports left behind."""
        if self.database.read_only:
            return
        with self.database.write():
            self.results.sweep(self.jobs.of_results)

    def close(self) -> None:
        """Close the store's connections."""
        self.database.close()
