"""Accounts that see or touch each other's jobs."""

from ..accounts import Job
from ..catalogue import defect
from ..messages import Refusal, Request, Response, answer, error
from ..server import Server


class Leaky(Server):
    """Finds every tenant's jobs for some operations."""

    operations: tuple[str, ...] = ()

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if operation in self.operations:
            for job in self.jobs:
                if job.job_id == job_id:
                    return job
        return super().find(tenant, job_id, operation)


@defect("TENANT-02")
class StatusOfAnyTenant(Leaky):
    """Another tenant's job has a status that can be read."""

    operations = ("status",)


@defect("TENANT-03")
class ResultsOfAnyTenant(Leaky):
    """Another tenant's results can be read."""

    operations = ("results",)


@defect("TENANT-06")
class CancelOfAnyTenant(Leaky):
    """Another tenant's job can be cancelled."""

    operations = ("cancel",)


@defect("TENANT-03")
class ParquetOfAnyTenant(Server):
    """Another tenant's results can be read as Parquet; JSON and CSV are refused."""

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        if self.form(request) == "parquet":
            tenant = next((job.tenant for job in self.jobs if job.job_id == job_id), tenant)
        return super().job_results(request, tenant, job_id)


@defect("TENANT-01")
class ListOfAllTenants(Server):
    """Both lists show the jobs of all tenants."""

    def jobs_of(self, tenant: str) -> list[Job]:
        return sorted(self.jobs, key=self.rank, reverse=True)


@defect("TENANT-01")
class WholeListOfAllTenants(Server):
    """The unpaginated list shows the jobs of all tenants."""

    def whole(self, jobs: list[Job]) -> object:
        return super().whole(sorted(self.jobs, key=self.rank, reverse=True))


@defect("TENANT-01", "PAGE-03")
class LaterPagesOfAllTenants(Server):
    """The filter by tenant is missing once a cursor is given."""

    def page(
        self, jobs: list[Job], limit: int, position: object | None
    ) -> tuple[list[Job], object | None]:
        jobs = sorted(self.jobs, key=self.rank, reverse=True) if position else jobs
        return super().page(jobs, limit, position)


@defect("TENANT-01")
class ListCachedForAll(Server):
    """The unpaginated list is cached without regard to who asks."""

    cached: Response | None = None

    def list_jobs(self, request: Request, tenant: str) -> Response:
        if request.parameter("limit") is not None:
            return super().list_jobs(request, tenant)
        self.cached = self.cached or super().list_jobs(request, tenant)
        return self.cached


@defect("TENANT-03")
class ResultsCachedForAll(Server):
    """Results that their owner has read are served from a cache to everyone."""

    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[object, Response] = {}

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        key = (job_id, *sorted(request.query))
        if key not in self.cache:
            response = super().job_results(request, tenant, job_id)
            if response.status != 200:
                return response
            self.cache[key] = response
        return self.cache[key]


@defect("TENANT-02")
class StatusCachedForAll(Server):
    """A status that its owner has read just before is served from a cache to everyone."""

    def __init__(self) -> None:
        super().__init__()
        self.recent: dict[str, float] = {}

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if operation == "status" and self.now() - self.recent.get(job_id, -9) < 5:
            return next(job for job in self.jobs if job.job_id == job_id)
        job = super().find(tenant, job_id, operation)
        self.recent[job_id] = self.now()
        return job


class Revealing(Server):
    """Says in another way that a job is another tenant's."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        for job in self.jobs:
            if job.job_id == job_id and job.tenant != tenant:
                raise Refusal(self.foreign(job))
        return super().find(tenant, job_id, operation)

    def foreign(self, job: Job) -> Response:
        raise NotImplementedError


@defect("TENANT-02")
class ForeignAs403(Revealing):
    """Another tenant's job is answered with 403, a missing one with 404."""

    def foreign(self, job: Job) -> Response:
        return error(403, "Forbidden")


@defect("TENANT-05")
class ForeignHasOtherText(Revealing):
    """The 404 for another tenant's job says that it exists."""

    def foreign(self, job: Job) -> Response:
        return error(404, "Job belongs to another account.")


@defect("HTTP-01", "TENANT-02", "TENANT-05")
class ForeignAs500(Revealing):
    """Another tenant's job causes a 500."""

    def foreign(self, job: Job) -> Response:
        raise PermissionError(job.job_id)


@defect("TENANT-05")
class ForeignTellsOwner(Revealing):
    """The 404 for another tenant's job has a header that names its owner."""

    def foreign(self, job: Job) -> Response:
        return error(404, "Job not found.", x_owner=job.tenant)


@defect("TENANT-06")
class ForeignCancelledSilently(Server):
    """Another tenant's job is cancelled although the answer is 404."""

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        for job in self.jobs:
            if job.job_id == job_id:
                self.cancel(job)
        return super().cancel_job(request, tenant, job_id)


@defect("TENANT-05")
class ForeignReadinessShown(Server):
    """Whether results are ready is checked before who owns them: 409 for another's running job."""

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        for job in self.jobs:
            if job.job_id == job_id and not self.ready(job):
                return self.not_ready(job, "json")
        return super().job_results(request, tenant, job_id)


@defect("TENANT-06")
class ForeignCancelAs200(Server):
    """Cancelling another tenant's job is answered with 200, though nothing happens to it."""

    def cancel_job(self, request: Request, tenant: str, job_id: str) -> Response:
        for job in self.jobs:
            if job.job_id == job_id and job.tenant != tenant:
                return answer(self.cancelled(job))
        return super().cancel_job(request, tenant, job_id)


@defect("TENANT-02")
class HeadOfAnyTenant(Server):
    """HEAD of the status of another tenant's job is answered with 200; GET is refused."""

    def job_status(self, request: Request, tenant: str, job_id: str) -> Response:
        if request.method == "HEAD":
            tenant = next((job.tenant for job in self.jobs if job.job_id == job_id), tenant)
        return super().job_status(request, tenant, job_id)
