"""Right servers that refuse in other words or with other status codes."""

import secrets
from dataclasses import replace

from ..accounts import Job
from ..catalogue import right
from ..messages import Refusal, Request, Response, encode, error
from ..server import Server


@right
class BadCursorAs400(Server):
    """A bad cursor is 400 with a sentence."""

    def bad_cursor(self) -> Refusal:
        return Refusal(error(400, "Invalid cursor."))


@right
class InvalidAsSentence(Server):
    """Refused parameters are explained in one sentence."""

    def rewrite(self, request: Request, response: Response) -> Response:
        return error(422, "A parameter is invalid.") if response.status == 422 else response


@right
class InvalidAs400(Server):
    """Refused parameters are 400."""

    def rewrite(self, request: Request, response: Response) -> Response:
        return error(400, "A parameter is invalid.") if response.status == 422 else response


@right
class NotReadyAs404(Server):
    """Results that are not ready are 404."""

    def not_ready(self, job: Job, form: str) -> Response:
        return error(404, "Results not found.")


@right
class NotReadyAs425(Server):
    """Results that are not ready are 425 with `Retry-After`."""

    def not_ready(self, job: Job, form: str) -> Response:
        return error(425, "Too early.", retry_after="30")


@right
class MalformedIdsAs422(Server):
    """An id that does not look like one of the server's is refused with 422."""

    def missing(self, job_id: str) -> Response:
        if job_id.startswith("job-") and job_id.isascii():
            return super().missing(job_id)
        return error(422, [{"loc": ["path", "job_id"], "msg": "Not an id", "type": "value_error"}])


@right
class ErrorsNameTheRequest(Server):
    """The body of an error has the id of the request beside `detail`."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.status < 400:
            return response
        body = response.json | {"request_id": secrets.token_hex(8)}
        return replace(response, body=encode(body))
