"""Parts of Parquet results, by `Range`."""

import hashlib
import re

from ..catalogue import defect
from ..messages import Request, Response, error
from ..server import Server


class Ranges(Server):
    """Gives parts of Parquet results rightly, one at a time, with an `ETag`."""

    def job_results(self, request: Request, tenant: str, job_id: str) -> Response:
        whole = super().job_results(request, tenant, job_id)
        if whole.status != 200 or self.form(request) != "parquet":
            return whole
        tag = hashlib.sha256(whole.body).hexdigest()[:16]
        whole.headers |= {"accept-ranges": "bytes", "etag": f'"{tag}"'}
        asked = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", "".join(request.header("range")))
        if not asked or request.method != "GET" or not self.unchanged(request, whole):
            return whole
        return self.part(whole, *asked.groups())

    def unchanged(self, request: Request, whole: Response) -> bool:
        """Whether `If-Range` is absent or names this document."""
        return request.header("if-range") in ([], [whole.headers["etag"]])

    def part(self, whole: Response, first: str, last: str) -> Response:
        size = len(whole.body)
        if first:
            start, end = int(first), min(int(last or size), size - 1)
        else:
            start, end = max(0, size - int(last or 0)), size - 1
        if (first and last and int(first) > int(last)) or not (first or last):
            return whole  # no range at all, and so ignored
        if start >= size:
            return self.beyond(size)
        place = {"content-range": f"bytes {start}-{end}/{size}"}
        return Response(206, whole.body[start : end + 1], whole.headers | place)

    def beyond(self, size: int) -> Response:
        return error(416, "Range Not Satisfiable", content_range=f"bytes */{size}")


@defect("HTTP-11")
class RangeOpen(Ranges):
    """A part of results needs no key; the whole does."""

    def tenant(self, operation: str, request: Request) -> str:
        if operation == "results" and request.header("range") and self.key(request) is None:
            _, job_id = self.route(request)
            return next((job.tenant for job in self.jobs if job.job_id == job_id), "")
        return super().tenant(operation, request)


@defect("HTTP-11")
class IfRangeIgnored(Ranges):
    """`If-Range` is ignored: a part is given, whatever tag it names."""

    def unchanged(self, request: Request, whole: Response) -> bool:
        return True


@defect("HTTP-11", "HTTP-01")
class RangeBeyondEndCrashes(Ranges):
    """A range beyond the end of results causes a 500."""

    def beyond(self, size: int) -> Response:
        raise ValueError("seek beyond the end of the file")
