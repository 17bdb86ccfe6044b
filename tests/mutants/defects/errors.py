"""Wrong errors: status, shape and what they give away."""

from typing import Any

from ..catalogue import defect
from ..messages import Refusal, Request, Response, answer, encode, error
from ..server import Server


class Missing(Server):
    """Says in another way that a job does not exist."""

    def missing(self, job_id: str) -> Response:
        raise NotImplementedError


@defect("STATUS-06", "STATUS-01")
class MissingAs200(Missing):
    """A job that does not exist is answered with 200 and an error in the body."""

    def missing(self, job_id: str) -> Response:
        return answer({"detail": "Job not found."})


@defect("STATUS-06")
class MissingAs400(Missing):
    """A job that does not exist is answered with 400."""

    def missing(self, job_id: str) -> Response:
        return error(400, "Job not found.")


@defect("HTTP-01", "STATUS-06")
class MissingAs500(Missing):
    """A job that does not exist is answered with 500."""

    def missing(self, job_id: str) -> Response:
        return error(500, "Job not found.")


@defect("STATUS-06")
class MissingAs204(Missing):
    """A job that does not exist is answered with 204."""

    def missing(self, job_id: str) -> Response:
        return Response(204, b"")


@defect("ERROR-01")
class MissingAsText(Missing):
    """404 for a job is plain text."""

    def missing(self, job_id: str) -> Response:
        return Response(404, b"Job not found.", {"content-type": "text/plain"})


@defect("ERROR-01")
class MissingInHtml(Missing):
    """404 for a job is an HTML page."""

    def missing(self, job_id: str) -> Response:
        return Response(404, b"<h1>Not Found</h1>", {"content-type": "text/html"})


@defect("ERROR-01")
class MissingWithError(Missing):
    """404 for a job has `error` in place of `detail`."""

    def missing(self, job_id: str) -> Response:
        return answer({"error": {"code": "not_found", "message": "Job not found."}}, 404)


@defect("ERROR-01")
class MissingDetailNull(Missing):
    """404 for a job has a `detail` of null."""

    def missing(self, job_id: str) -> Response:
        return error(404, None)


@defect("ERROR-02")
class MissingWithTrace(Missing):
    """404 for a job shows a stack trace."""

    def missing(self, job_id: str) -> Response:
        trace = 'Traceback (most recent call last):\n  File "/srv/app/jobs.py", line 88, in find\n'
        return error(404, trace + f"KeyError: {job_id!r}")


@defect("ERROR-02")
class MissingWithSql(Missing):
    """404 for a job shows the database's statement."""

    def missing(self, job_id: str) -> Response:
        return error(404, "sqlalchemy.exc.NoResultFound: SELECT * FROM jobs WHERE id = ?")


class Invalid(Server):
    """Changes answers of status 422."""

    def refused(self, detail: Any) -> Response:
        raise NotImplementedError

    def rewrite(self, request: Request, response: Response) -> Response:
        return self.refused(response.json["detail"]) if response.status == 422 else response


@defect("ERROR-01")
class InvalidAsErrors(Invalid):
    """422 has `errors` in place of `detail`."""

    def refused(self, detail: Any) -> Response:
        return answer({"errors": detail}, 422)


@defect("ERROR-01")
class InvalidWithoutPlace(Invalid):
    """422 does not say which parameter is meant: entries have `field` and `problem`."""

    def refused(self, detail: Any) -> Response:
        return error(422, [{"field": part["loc"][-1], "problem": part["msg"]} for part in detail])


@defect("ERROR-01")
class InvalidLocIsText(Invalid):
    """`loc` in 422 is a string."""

    def refused(self, detail: Any) -> Response:
        return error(422, [part | {"loc": ".".join(part["loc"])} for part in detail])


@defect("LIST-18", "LIST-19", "LIST-02")
class InvalidAs200(Invalid):
    """Refused parameters are answered with 200 and an error in the body."""

    def refused(self, detail: Any) -> Response:
        return error(200, detail)


@defect("HTTP-01")
class InvalidAs500(Invalid):
    """Refused parameters are answered with 500."""

    def refused(self, detail: Any) -> Response:
        return error(500, "Validation failed.")


@defect("ERROR-01", "HTTP-02")
class InvalidAsText(Invalid):
    """422 is called plain text."""

    def refused(self, detail: Any) -> Response:
        return Response(422, encode({"detail": detail}), {"content-type": "text/plain"})


@defect("ERROR-02", "HTTP-01")
class CrashShowsTrace(Server):
    """A short cursor causes a 500 with a stack trace."""

    def read_cursor(self, cursor: str, tenant: str) -> Any:
        if len(cursor) < 30:
            trace = (
                'Traceback (most recent call last):\n  File "/srv/app/cursor.py", line 3, in read'
            )
            raise Refusal(error(500, trace))
        return super().read_cursor(cursor, tenant)
