"""Wrong answers to a wrong key."""

from ..catalogue import defect
from ..messages import Request, Response, answer, error
from ..server import Server


class Unauthorized(Server):
    """Refuses a wrong key in another way."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        raise NotImplementedError


@defect("HTTP-01", "AUTH-06", "AUTH-01")
class MissingKeyCrashes(Unauthorized):
    """A missing header causes a 500."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        if not request.header("authorization"):
            raise KeyError("authorization")
        return super(Unauthorized, self).unauthorized(operation, request)


@defect("HTTP-01", "AUTH-06", "AUTH-05", "AUTH-02")
class HeaderWithoutSpaceCrashes(Unauthorized):
    """A header of one word causes a 500."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        for value in request.header("authorization"):
            _scheme, _key = value.split(" ", 1)
        return super(Unauthorized, self).unauthorized(operation, request)


@defect("HTTP-01", "AUTH-03")
class KeyOutsideAsciiCrashes(Unauthorized):
    """A key with letters outside ASCII causes a 500, as `hmac.compare_digest` refuses it."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        "".join(request.header("authorization")).encode("ascii")
        return super(Unauthorized, self).unauthorized(operation, request)


@defect("HTTP-01", "AUTH-07")
class TwoHeadersCrash(Unauthorized):
    """Two `Authorization` headers cause a 500."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        if len(request.header("authorization")) > 1:
            raise ValueError("too many values to unpack")
        return super(Unauthorized, self).unauthorized(operation, request)


@defect("AUTH-03", "AUTH-02")
class WrongKeyEmptyAccount(Server):
    """A wrong key gets an empty account instead of 401."""

    def owner(self, key: str) -> str | None:
        return super().owner(key) or "nobody"


@defect("AUTH-06")
class WrongKeyAs404(Unauthorized):
    """A wrong key is answered with 404."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        return error(404, "Not Found")


@defect("AUTH-06", "AUTH-01")
class WrongKeyRedirects(Unauthorized):
    """A wrong key is sent to a page for signing in."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        return Response(302, b"", {"location": "/login", "content-type": "text/html"})


@defect("AUTH-03", "AUTH-01")
class WrongKeyAs200(Unauthorized):
    """A wrong key is answered with 200 and an error in the body."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        return answer({"detail": "Invalid API key."})


@defect("HTTP-01", "AUTH-06", "AUTH-03", "AUTH-01")
class WrongKeyAs500(Unauthorized):
    """A wrong key is answered with 500."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        return error(500, "Authentication failed.")


@defect("ERROR-01")
class UnauthorizedInHtml(Unauthorized):
    """401 comes with an HTML page."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        page = b"<html><h1>401 Authorization Required</h1></html>"
        return Response(401, page, {"content-type": "text/html", "www-authenticate": "Key"})


@defect("ERROR-01")
class UnauthorizedWithError(Unauthorized):
    """401 has `error` in place of `detail`."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        return answer({"error": "Invalid API key."}, 401, www_authenticate="Key")


@defect("AUTH-09")
class ChallengeMissing(Unauthorized):
    """401 carries no `WWW-Authenticate`, which HTTP asks for."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        return error(401, "Invalid API key.")


@defect("AUTH-09")
class ChallengeNamesBearer(Unauthorized):
    """401 asks for the scheme `Bearer`, which the server does not accept."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        return error(401, "Invalid API key.", www_authenticate="Bearer")


@defect("ERROR-03")
class KeyEchoed(Unauthorized):
    """The error repeats the key that was sent."""

    def unauthorized(self, operation: str, request: Request) -> Response:
        return error(401, f"Invalid API key: {self.key(request)}", www_authenticate="Key")


@defect("ERROR-03")
class HeadersEchoed(Server):
    """An error about parameters repeats the request's headers, the key among them."""

    def rewrite(self, request: Request, response: Response) -> Response:
        if response.status == 422:
            response.json = response.json | {"headers": dict(request.headers)}
        return response


@defect("ERROR-03")
class KeyInResponseHeader(Server):
    """A header of each response repeats the key."""

    def rewrite(self, request: Request, response: Response) -> Response:
        response.headers["x-authenticated-as"] = self.key(request) or "nobody"
        return response


@defect("AUTH-03", "AUTH-06", "AUTH-10")
class MissingJobBeforeKey(Server):
    """Whether a job exists is said before the key is checked: 404 for some, 401 for others."""

    def tenant(self, operation: str, request: Request) -> str:
        _, job_id = self.route(request)
        if job_id and all(job.job_id != job_id for job in self.jobs):
            return "first"
        return super().tenant(operation, request)
