"""What caches are told: tags, and how long and for whom an answer may be kept."""

from ..catalogue import defect
from ..messages import Request, Response
from ..server import Server


@defect("HTTP-13")
class TagOfIdAlone(Server):
    """The `ETag` of a status is made from the id alone, and stays when the status changes."""

    def job_status(self, request: Request, tenant: str, job_id: str) -> Response:
        response = super().job_status(request, tenant, job_id)
        response.headers["etag"] = f'"{job_id}"'
        return response


@defect("HTTP-13")
class TagOfListConstant(Server):
    """The `ETag` of the list is always the same."""

    def list_jobs(self, request: Request, tenant: str) -> Response:
        response = super().list_jobs(request, tenant)
        response.headers["etag"] = '"list-jobs"'
        return response


@defect("HTTP-16")
class CachedInPublic(Server):
    """Each answer may be kept for an hour by every cache on the way."""

    def rewrite(self, request: Request, response: Response) -> Response:
        response.headers["cache-control"] = "public, max-age=3600"
        return response


@defect("HTTP-16")
class ResultsInSharedCaches(Server):
    """Results may be kept for a minute by shared caches: `s-maxage=60`."""

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        response = super().job_results(request, tenant, job_id)
        if response.status == 200:
            response.headers["cache-control"] = "s-maxage=60"
        return response
