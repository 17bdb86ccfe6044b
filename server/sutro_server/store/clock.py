"""The store's clock: real time plus whatever users advanced it by. It never runs backwards."""

import time
from datetime import UTC, datetime

from ..times import SECOND
from .database import Database

# Far enough from 9999, the last year of a date, for durations of up to a century to be added.
_LATEST = int(datetime(9000, 1, 1, tzinfo=UTC).timestamp()) * SECOND


class Clock:
    """Clock of a store, shared by all processes that use the store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest = 0

    def now(self) -> int:
        """Return the time in microseconds since 1970, never less than an earlier answer."""
        row = self._database.connection().execute("SELECT advance FROM clock").fetchone()
        advance: int = row[0] if row else 0
        # The system's clock may be set back; a job's state must not follow it.
        self._latest = max(self._latest, time.time_ns() // 1000 + advance)
        return self._latest

    def advance(self, duration: int) -> None:
        """Let the clock jump forward by so many microseconds, for good.

        Raises:
            ValueError: The jump leads backwards, or past the year 9000.
        """
        if duration < 0:
            raise ValueError("The clock never runs backwards; give a positive duration.")
        if self.now() + duration > _LATEST:
            raise ValueError("The clock cannot be advanced past the year 9000.")
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO clock VALUES (1, ?) "
                "ON CONFLICT DO UPDATE SET advance = advance + excluded.advance",
                (duration,),
            )
