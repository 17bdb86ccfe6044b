"""Wrong bodies and wrong names for their type."""

import gzip
import json

from ..catalogue import defect
from ..messages import Request, Response, encode
from ..server import ROUTES, Server


class Labelled(Server):
    """Names another content type at one operation."""

    operation = ""
    label = ""

    def rewrite(self, request: Request, response: Response) -> Response:
        path = request.path.removeprefix("/v1")
        if response.status == 200 and ROUTES[self.operation].fullmatch(path):
            response.headers["content-type"] = self.label
        return response


@defect("HTTP-02")
class ListAsText(Labelled):
    """The list is called plain text."""

    operation, label = "list", "text/plain; charset=utf-8"


@defect("HTTP-02")
class StatusAsHtml(Labelled):
    """The status is called HTML."""

    operation, label = "status", "text/html; charset=utf-8"


@defect("HTTP-02")
class CancelAsText(Labelled):
    """The answer to a cancellation is called plain text."""

    operation, label = "cancel", "text/plain"


@defect("HTTP-02")
class ListWithoutType(Labelled):
    """The list names no content type."""

    operation = "list"

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.status == 200 and request.path.endswith("/list-jobs"):
            del response.headers["content-type"]
        return response


class Body(Server):
    """Changes the bytes of JSON answers."""

    def change(self, body: bytes) -> bytes:
        raise NotImplementedError

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.type == "application/json":
            response.body = self.change(response.body)
        return response


@defect("LIST-01")
class BodyTwice(Body):
    """The status and the lists are JSON strings that hold JSON."""

    def change(self, body: bytes) -> bytes:
        return json.dumps(body.decode()).encode()


@defect("HTTP-02")
class BodyInLatin1(Body):
    """JSON is in Latin-1."""

    def change(self, body: bytes) -> bytes:
        return body.decode().encode("latin-1")


@defect("HTTP-02")
class BodyCut(Body):
    """Long JSON answers lack their last bytes."""

    def change(self, body: bytes) -> bytes:
        return body[:-9] if len(body) > 5000 else body


@defect("HTTP-10", "HTTP-02", "LIST-01")
class GzipClaimed(Body):
    """`Content-Encoding: gzip` is set although nothing is compressed."""

    def change(self, body: bytes) -> bytes:
        return body

    def rewrite(self, request: Request, response: Response) -> Response:
        response.headers["content-encoding"] = "gzip"
        return response


@defect("HTTP-14")
class GzipUnasked(Server):
    """JSON of status 200 is compressed with gzip, whatever `Accept-Encoding` asks for."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.status == 200 and response.type == "application/json":
            response.body = gzip.compress(response.body, mtime=0)
            response.headers["content-encoding"] = "gzip"
        return response


@defect("HTTP-15")
class MessageTwice(Body):
    """JSON objects with a `message` hold it twice, with the same value."""

    def change(self, body: bytes) -> bytes:
        value = json.loads(body)
        if not isinstance(value, dict) or "message" not in value:
            return body
        return b'{"message":' + encode(value["message"]) + b"," + body[1:]
