"""A store: everything that one data directory holds."""

from pathlib import Path

from .clock import Clock
from .cursors import Cursors
from .database import Database, secret
from .jobs import Jobs
from .results import Results
from .tenants import Tenants


class Store:
    """Tenants, jobs, results and clock of a data directory, which is made where there is none.

    Any number of processes may open the same directory.

    Raises:
        StoreError: A newer version wrote the directory.
    """

    def __init__(self, directory: Path) -> None:
        self.database = Database(directory)
        self.clock = Clock(self.database)
        self.tenants = Tenants(self.database)
        self.jobs = Jobs(self.database, self.clock)
        self.results = Results(directory)
        self.cursors = Cursors(secret(self.database, "cursors"))
        self.files_key = secret(self.database, "files")

    def sweep(self) -> None:
        """Remove files that killed imports left behind."""
        with self.database.write():
            self.results.sweep(self.jobs.of_results)

    def close(self) -> None:
        """Close the store's connections."""
        self.database.close()
