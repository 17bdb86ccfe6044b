"""Right servers that read and refuse keys in other ways."""

from ..catalogue import right
from ..messages import Request, Response, error
from ..server import Server


@right
class ForbiddenKeys(Server):
    """403 for a wrong key; 401 for a missing one."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        if self.key(request):
            return error(403, "Forbidden")
        return super().unauthorized(operation, request)


@right
class MissingKeyAs422(Server):
    """A missing header is answered with 422, as FastAPI does by itself."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        if request.header("authorization"):
            return super().unauthorized(operation, request)
        return error(
            422, [{"loc": ["header", "authorization"], "msg": "Missing", "type": "missing"}]
        )


@right
class SchemeCaseMatters(Server):
    """The scheme has to be written `Key`."""

    def key(self, request: Request) -> str | None:
        values = request.header("authorization")
        return super().key(request) if values and values[0].startswith("Key ") else None


@right
class LastHeaderWins(Server):
    """Of two `Authorization` headers the last one counts."""

    def key(self, request: Request) -> str | None:
        others = [(k, v) for k, v in request.headers if k != "authorization"]
        last = [("authorization", value) for value in request.header("authorization")[-1:]]
        return super().key(Request(request.method, "", "", [], others + last))
