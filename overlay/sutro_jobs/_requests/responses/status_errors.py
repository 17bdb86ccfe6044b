"""The error for a response whose status is not a success."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ..._errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InvalidParametersError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    StatusError,
)
from ..retry import parse_retry_after

if TYPE_CHECKING:
    from ..flow import Response

_CLASSES: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: InvalidParametersError,
    429: RateLimitError,
}
_NEXT_STEPS = {
    401: "Check that the API key belongs to this deployment (api_key, SUTRO_API_KEY).",
    403: "Ask the owner of the deployment for access.",
    404: "Check the job ID, and that api_url is the deployment of this job.",
    409: "Wait until the job has succeeded: wait_for_job(job_id).",
    422: "Correct the parameters named above.",
    429: "Send fewer requests at a time, or raise max_retries.",
}
# Bytes: longer than any error of the service, short enough for a log.
_SHORT_BODY = 2_000


class _Issue(msgspec.Struct):
    loc: list[str | int] = []
    msg: str = ""

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.loc))}: {self.msg}"


class _Problem(msgspec.Struct):
    """Details of an error from the service: a text, or a list of invalid parameters."""

    detail: str | list[_Issue]

    def __str__(self) -> str:
        return self.detail if isinstance(self.detail, str) else "; ".join(map(str, self.detail))


_PROBLEM = msgspec.json.Decoder(_Problem)


def status_error(what: str, response: Response, secret: str) -> StatusError:
    """Return the error for a response. `what` names the request; `secret` is cut from the body."""
    status = response.status_code
    content = response.content.replace(secret.encode(), b"...")
    fallback = ServerError if status >= 500 else StatusError
    return _CLASSES.get(status, fallback)(
        " ".join(filter(None, _sentences(what, response, content))),
        status_code=status,
        request_id=response.request_id,
        retry_after=parse_retry_after(response.headers.get("retry-after")),
        body=content[:_SHORT_BODY].decode("utf-8", "replace"),
    )


def _sentences(what: str, response: Response, content: bytes) -> list[str]:
    status = response.status_code
    detail = _detail(content)
    return [
        f"{what} was answered with status {status}{f': {detail}' if detail else ''}".rstrip(".")
        + ".",
        _NEXT_STEPS.get(status, "Try again later." if status >= 500 else ""),
        f"(request id {response.request_id})" if response.request_id else "",
    ]


def _detail(content: bytes) -> str:
    try:
        return str(_PROBLEM.decode(content))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
