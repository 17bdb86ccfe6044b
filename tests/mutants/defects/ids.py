"""Job ids of any bytes, and ids that are nearly right."""

from ..accounts import Job
from ..catalogue import defect
from ..messages import Request
from ..server import Server


class Ids(Server):
    """Looks jobs up in another way."""

    def same(self, known: str, asked: str) -> bool:
        return known == asked

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        for job in self.jobs_of(tenant):
            if self.same(job.job_id, job_id):
                return job
        return super().find(tenant, job_id, operation)


@defect("STATUS-08", "STATUS-10", "STATUS-02")
class IdCaseIgnored(Ids):
    """Ids are found in upper case too."""

    def same(self, known: str, asked: str) -> bool:
        return known.lower() == asked.lower()


@defect("STATUS-08", "STATUS-10", "STATUS-02")
class IdSpacesIgnored(Ids):
    """Ids are found with spaces around them."""

    def same(self, known: str, asked: str) -> bool:
        return known == asked.strip()


@defect("STATUS-08", "STATUS-02")
class IdBeginningFound(Ids):
    """The beginning of an id is enough to find a job."""

    def same(self, known: str, asked: str) -> bool:
        return known.startswith(asked)


@defect("STATUS-08", "STATUS-02")
class IdWithMoreFound(Ids):
    """An id with something appended is found."""

    def same(self, known: str, asked: str) -> bool:
        return asked.startswith(known)


@defect("STATUS-07", "STATUS-08", "STATUS-02")
class IdWildcard(Ids):
    """`%` as an id finds a job, as ids are looked up with LIKE."""

    def same(self, known: str, asked: str) -> bool:
        return "%" in asked or known == asked


@defect("HTTP-01", "STATUS-07")
class IdOutsideAsciiCrashes(Server):
    """Ids outside ASCII cause a 500."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        job_id.encode("ascii")
        return super().find(tenant, job_id, operation)


@defect("HTTP-01", "STATUS-07")
class IdWithNulCrashes(Server):
    """An id with a NUL byte causes a 500, as PostgreSQL refuses it."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if "\0" in job_id:
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return super().find(tenant, job_id, operation)


@defect("HTTP-01", "STATUS-07")
class IdWithQuoteCrashes(Server):
    """An id with a quote causes a 500: it is pasted into SQL."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if "'" in job_id:
            raise ValueError(f"unrecognized token: {job_id}")
        return super().find(tenant, job_id, operation)


@defect("HTTP-01", "STATUS-07")
class LongIdCrashes(Server):
    """An id of more than 255 characters causes a 500, as a file name can't be that long."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if len(job_id) > 255:
            raise OSError(36, "File name too long")
        return super().find(tenant, job_id, operation)


@defect("HTTP-01", "STATUS-07")
class PathLikeIdCrashes(Server):
    """An id of dots causes a 500, as it is a directory."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if job_id.strip(".%2eEfF\\/") == "":
            raise IsADirectoryError(job_id)
        return super().find(tenant, job_id, operation)


@defect("STATUS-08")
class IdCutAtNul(Ids):
    """An id is cut at a NUL, as C does it: what follows does not count."""

    def same(self, known: str, asked: str) -> bool:
        return known == asked.partition("\0")[0]


@defect("STATUS-10")
class IdWithExtensionFound(Ids):
    """`.json` after an id is cut off."""

    def same(self, known: str, asked: str) -> bool:
        return known == asked.removesuffix(".json")


@defect("STATUS-10")
class IdWithPathParameterFound(Ids):
    """A semicolon after an id is cut off with all that follows it, as servlets do it."""

    def same(self, known: str, asked: str) -> bool:
        return known == asked.partition(";")[0]


@defect("STATUS-10")
class IdWithLineFeedFound(Ids):
    """A line feed at the end of an id is cut off, as `$` in a pattern does it."""

    def same(self, known: str, asked: str) -> bool:
        return known == asked.removesuffix("\n")


@defect("STATUS-08")
class IdIsLastStep(Server):
    """Of an ID with a slash in it the part behind the slash is taken."""

    def route(self, request: Request) -> tuple[str, str]:
        if "/job-status/" in request.path:
            return "status", request.path.rpartition("/")[2]
        return super().route(request)
