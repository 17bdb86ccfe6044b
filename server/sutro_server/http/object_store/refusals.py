"""Refusals as object stores write them: XML, where the API writes JSON."""

from xml.sax.saxutils import escape

from starlette.responses import Response

_CODES = {
    400: "InvalidArgument",
    403: "AccessDenied",
    404: "NoSuchKey",
    405: "MethodNotAllowed",
    412: "PreconditionFailed",
    416: "InvalidRange",
    429: "TooManyRequests",
    500: "InternalError",
    503: "SlowDown",
}


def refusal(status: int, detail: object, headers: dict[str, str] | None = None) -> Response:
    """Return an answer with a `Code` and a `Message`."""
    code = _CODES.get(status, "InternalError")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{escape(str(detail))}</Message></Error>"
    )
    return Response(body, status, headers, media_type="application/xml")
