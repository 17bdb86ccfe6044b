"""The JSON Schema of a job, looked up while its results are on their way."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from .._cache import JobSchema
from .._errors import NotFoundError
from .._jobs.lookup import get_job
from .._requests.flow import Running, join, sleep, start, stop
from .unpack.json_schema import fields_of_schema

if TYPE_CHECKING:
    from .._cache import NullSlot, Slot
    from .._requests.flow import Flow
    from .._requests.requester import Requester
    from .options import ResultsOptions
    from .unpack.dtypes import Fields

_log = logging.getLogger("sutro_jobs")
# In seconds. Results that are there by then come from so near that a request costs next to nothing,
# and most jobs turn out to have no schema; from afar it is a fraction of a round trip.
_HEAD_START = 0.02


class SchemaLookup:
    """Finds out which columns the outputs of a job have, at most once, and remembers it."""

    def __init__(
        self, requester: Requester, job_id: str, options: ResultsOptions, slot: Slot | NullSlot
    ) -> None:
        self._requester = requester
        self._job_id = job_id
        self._options = options
        self._slot = slot
        self._running: Running[JobSchema] | None = None
        self._has_asked = False

    def begin(self) -> Flow[None]:
        """Look the schema up beside what follows, if it may be wanted and is not known."""
        given = self._options.json_schema is not None
        if self._options.unpack_json and not given and self._slot.schema() is None:
            self._running = yield from start(self._ask_soon())

    def fields(self) -> Flow[Fields]:
        """Return the columns that the schema declares; none if the job has no such schema."""
        if self._options.json_schema is not None:
            return fields_of_schema(dict(self._options.json_schema))
        known = self._slot.schema()
        if known is None:
            known = yield from self._answer()
            self._slot.store_schema(known)
        return fields_of_schema(known.json_schema)

    def _answer(self) -> Flow[JobSchema]:
        if self._running is None:
            return (yield from self._ask())
        if self._has_asked:
            return (yield from join(self._running))
        yield from stop(self._running)
        return (yield from self._ask())

    def _ask_soon(self) -> Flow[JobSchema]:
        yield from sleep(_HEAD_START)
        self._has_asked = True
        return (yield from self._ask())

    def _ask(self) -> Flow[JobSchema]:
        _log.info("looking up the JSON Schema of %s", self._job_id)
        try:
            job = yield from get_job(self._requester, self._job_id)
        except NotFoundError:
            # The results are there, so the job was one; its outputs say what they are.
            return JobSchema(None)
        return JobSchema(job.json_schema)
