"""Right servers whose accounts hold other jobs."""

from dataclasses import replace

from .. import accounts
from ..accounts import Job, everything, make, structured, table
from ..catalogue import right
from ..defects.cursors import Busy
from ..messages import invalid
from ..server import Server


@right
class Plain(Server):
    """The right server as it is."""


@right
class EmptyAccount(Server):
    """The account has no jobs."""

    account = staticmethod(accounts.nothing)


@right
class OneJob(Server):
    """The account has one job."""

    account = staticmethod(accounts.one)


@right
class FailedOnly(Server):
    """The account has failed jobs only."""

    account = staticmethod(accounts.failed_only)


@right
class Simultaneous(Server):
    """All jobs were made at the same instant."""

    account = staticmethod(accounts.simultaneous)


@right
class Large(Server):
    """The account has more jobs than fit on the largest page."""

    account = staticmethod(accounts.large)


@right
class NoStructured(Server):
    """No job has a schema or an ID column."""

    account = staticmethod(
        lambda: [j for j in accounts.everything() if not j.table.ids and not j.values]
    )


@right
class StructuredOnly(Server):
    """Every job has a schema."""

    account = staticmethod(
        lambda: [
            make(n, "SUCCEEDED", table=structured(5), json_schema=accounts.SENTIMENT)
            for n in range(1, 4)
        ]
    )


@right
class IdColumnOfNumbers(Server):
    """Ids of rows are numbers that fall, in an account of one job."""

    account = staticmethod(lambda: [make(1, "SUCCEEDED", table=table(5, row=[50, 40, 30, 20, 10]))])


@right
class EmptyResults(Server):
    """A job of no rows has empty results."""

    account = staticmethod(lambda: [make(1, "SUCCEEDED", table=table(0)), make(2, "RUNNING")])


@right
class SecondAccountEmpty(Server):
    """The other account has no jobs."""

    account = staticmethod(lambda: accounts.mixed("first"))


@right
class JobsArrive(Busy):
    """New jobs arrive during the run."""


@right
class JobsFinish(Server):
    """Jobs start, run and end during the run."""

    account = staticmethod(accounts.finishing)


@right
class OddIds(Server):
    """Ids hold letters that have to be encoded in a URL."""

    account = staticmethod(
        lambda: [replace(job, job_id=f"Job №{n}: a+b & c?") for n, job in enumerate(everything())]
    )


@right
class NumericIds(Server):
    """Ids are numbers, and what is none is refused with 422; the first account has no jobs."""

    account = staticmethod(
        lambda: [
            replace(make(1, "SUCCEEDED", table=table(8)), job_id="42843", tenant="second"),
            replace(make(2, "QUEUED"), job_id="42844", tenant="second"),
        ]
    )

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if not job_id.strip().isdecimal():
            raise invalid("job_id", "Input should be a valid integer", "int_parsing")
        return super().find(tenant, job_id.strip(), operation)
