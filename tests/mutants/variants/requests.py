"""Right servers that know more or fewer paths, methods and parameters."""

import secrets
import time
from typing import Any

from ..accounts import Job
from ..catalogue import right
from ..defects.ranges import Ranges
from ..messages import Refusal, Request, Response, answer, error
from ..server import METHODS, Server


@right
class Minimal(Server):
    """No HEAD, no request ids, no challenge, no `Allow`, and 404 for unsupported methods."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method not in METHODS[operation] or request.method == "HEAD":
            raise Refusal(error(404, "Not Found"))

    def unauthorized(self, operation: str, request: Request) -> Response:
        return error(401, "Unauthorized")

    def rewrite(self, request: Request, response: Response) -> Response:
        del response.headers["x-request-id"]
        return response


@right
class NoPost(Server):
    """Cancellation by GET only, and 405 for the older form."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "POST":
            raise Refusal(error(405, "Method Not Allowed", allow="GET, HEAD"))
        super().check_method(operation, request)


@right
class HeadRefused(Server):
    """HEAD is refused with 405, as FastAPI does by itself."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "HEAD":
            raise Refusal(error(405, "Method Not Allowed", allow="GET"))
        super().check_method(operation, request)


@right
class HeadOfCancelIsSafe(Server):
    """HEAD of a cancellation is answered with 200 and does nothing."""

    def check_method(self, operation: str, request: Request) -> None:
        if operation == "cancel" and request.method == "HEAD":
            raise Refusal(answer({}))
        super().check_method(operation, request)


@right
class OptionsAnswered(Server):
    """OPTIONS is answered with 204 and `Allow`, with no key asked, as browsers want it."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "OPTIONS":
            raise Refusal(Response(204, b"", {"allow": "GET, HEAD, OPTIONS"}))
        super().check_method(operation, request)


@right
class V1Only(Server):
    """Paths without `/v1` do not exist."""

    needs_network = True
    prefixes = ("/v1",)


@right
class BareOnly(Server):
    """Paths with `/v1` do not exist."""

    prefixes = ("",)


@right
class FastapiNumbers(Server):
    """`limit` is read as pydantic reads it: spaces, a sign and `.0` are taken."""

    def parse_limit(self, text: str) -> int:
        return super().parse_limit(text.strip().removeprefix("+").removesuffix(".0"))


@right
class FastapiBooleans(Server):
    """Flags are read as pydantic reads them: yes, on, t and y are true."""

    def flag(self, request: Request, name: str) -> bool:
        text = (request.parameter(name) or "").lower()
        words = {"yes": "true", "on": "true", "t": "true", "y": "true"}
        words |= {"no": "false", "off": "false", "f": "false", "n": "false"}
        if text in words:
            request.query = [*request.query, (name, words[text])]
        return super().flag(request, name)


@right
class FormatInAnyCase(Server):
    """`format=JSON` is read as `json`."""

    def form(self, request: Request) -> str:
        lower = [(name, text.lower() if name == "format" else text) for name, text in request.query]
        request.query = lower
        return super().form(request)


@right
class RefusesSurplus(Server):
    """Parameters that nobody knows are refused with 422."""

    async def dispatch(self, request: Request) -> Response:
        self.route(request)
        known = {"limit", "cursor", "format", "result_format", "include_inputs"}
        if {name for name, _ in request.query} - known - {"include_cumulative_logprobs"}:
            self.tenant("list", request)
            return error(422, "Unknown parameter.")
        return await super().dispatch(request)


@right
class AnswersNumbered(Server):
    """Statuses, jobs and errors carry a number that is new in each answer."""

    def status_body(self, job: Job) -> dict[str, Any]:
        return super().status_body(job) | {"request_id": secrets.token_hex(8)}

    def view(self, job: Job) -> dict[str, Any]:
        return super().view(job) | {"read_at": time.monotonic()}


@right
class OptionsOfCancelAnswered(Server):
    """OPTIONS of a cancellation is answered with 200 and no body, as Flask does by itself."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method == "OPTIONS":
            raise Refusal(Response(200, b"", {"allow": ", ".join(METHODS[operation])}))
        super().check_method(operation, request)


@right
class HeadIsGet(Server):
    """HEAD does what GET does, of a cancellation too, as Flask has it by itself."""

    def check_method(self, operation: str, request: Request) -> None:
        if request.method != "HEAD":
            super().check_method(operation, request)


@right
class RangesAnswered(Ranges):
    """Range requests for Parquet results are answered with parts, and results have tags."""
