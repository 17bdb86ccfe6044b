"""Keys that are accepted and should not be."""

import re
from http.cookies import SimpleCookie

from ..accounts import KEY, KEYS
from ..catalogue import defect
from ..messages import Request, Response
from ..server import Server


class Open(Server):
    """Lets everyone in at one operation."""

    operations: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("GET", "HEAD", "POST")

    def tenant(self, operation: str, request: Request) -> str:
        if operation in self.operations and request.method in self.methods:
            return self.owner(self.key(request) or KEY) or "first"
        return super().tenant(operation, request)


@defect("AUTH-01")
class ListOpen(Open):
    """The list needs no key."""

    operations = ("list",)


@defect("AUTH-01")
class StatusOpen(Open):
    """The status needs no key."""

    operations = ("status",)


@defect("AUTH-01")
class ResultsOpen(Open):
    """Results need no key."""

    operations = ("results",)


@defect("AUTH-01", "CANCEL-10")
class CancelOpen(Open):
    """A cancellation needs no key."""

    operations = ("cancel",)


@defect("AUTH-01", "CANCEL-10", "CANCEL-13")
class CancelByPostOpen(Open):
    """A cancellation by POST needs no key; by GET it does."""

    operations = ("cancel",)
    methods = ("POST",)


@defect("HTTP-05")
class HeadOpen(Open):
    """HEAD needs no key."""

    operations = ("list", "status", "results")
    methods = ("HEAD",)


class AnyKey(Server):
    """Takes any key at some operations."""

    operations: tuple[str, ...] = ("list", "status", "results", "cancel")

    def tenant(self, operation: str, request: Request) -> str:
        key = self.key(request)
        if key and operation in self.operations:
            return self.owner(key) or "first"
        return super().tenant(operation, request)


@defect("AUTH-03")
class AnyKeyAccepted(AnyKey):
    """Any key is accepted."""


@defect("AUTH-03")
class AnyKeyForStatus(AnyKey):
    """Any key is accepted for the status."""

    operations = ("status",)


@defect("AUTH-03")
class AnyKeyForResults(AnyKey):
    """Any key is accepted for results."""

    operations = ("results",)


@defect("AUTH-03", "CANCEL-10")
class AnyKeyForCancel(AnyKey):
    """Any key is accepted for a cancellation."""

    operations = ("cancel",)


@defect("AUTH-04")
class BearerAccepted(Server):
    """The scheme `Bearer` is accepted as well as `Key`."""

    def key(self, request: Request) -> str | None:
        for value in request.header("authorization"):
            if value.startswith("Bearer "):
                return value.removeprefix("Bearer ")
        return super().key(request)


@defect("AUTH-04")
class AnySchemeAccepted(Server):
    """The scheme is not read: `Basic` and `Token` do as well, though `Bearer` does not."""

    def key(self, request: Request) -> str | None:
        scheme, _, key = "".join(request.header("authorization")).partition(" ")
        return key if scheme and scheme.lower() != "bearer" else None


@defect("AUTH-05")
class BareKeyAccepted(Server):
    """The key is accepted without a scheme."""

    def key(self, request: Request) -> str | None:
        values = request.header("authorization")
        return values[0] if values and values[0] in KEYS else super().key(request)


@defect("AUTH-05", "AUTH-04")
class SchemeGlued(Server):
    """The space after the scheme may be missing: `Keysk_live...` is accepted."""

    def key(self, request: Request) -> str | None:
        values = request.header("authorization")
        match = re.match(r"Key\s*(.*)", values[0], re.IGNORECASE) if values else None
        return match and match[1]


@defect("AUTH-03", "AUTH-04", "AUTH-05")
class KeySearchedInHeader(Server):
    """Any header that contains a right key is accepted."""

    def key(self, request: Request) -> str | None:
        header = " ".join(request.header("authorization"))
        return next((key for key in KEYS if key in header), None)


@defect("AUTH-03")
class KeyBeginningAccepted(Server):
    """The beginning of a key is accepted for the key."""

    def owner(self, key: str) -> str | None:
        return next(
            (t for known, t in KEYS.items() if len(key) > 7 and known.startswith(key)), None
        )


@defect("AUTH-03")
class LongerKeyAccepted(Server):
    """A key with something appended is accepted, as only its first characters are compared."""

    def owner(self, key: str) -> str | None:
        return next((tenant for known, tenant in KEYS.items() if key.startswith(known)), None)


@defect("AUTH-03")
class KeyCaseIgnored(Server):
    """Keys are compared without regard to case."""

    def owner(self, key: str) -> str | None:
        return next(
            (tenant for known, tenant in KEYS.items() if key.lower() == known.lower()), None
        )


@defect("AUTH-02")
class EmptyKeyAccepted(Server):
    """An empty key is accepted."""

    def owner(self, key: str) -> str | None:
        return super().owner(key) if key else "first"


@defect("AUTH-01")
class AddressRemembered(Server):
    """Once a right key was shown, requests without a key are let in."""

    known = False

    def tenant(self, operation: str, request: Request) -> str:
        if self.known and not request.header("authorization"):
            return "first"
        tenant = super().tenant(operation, request)
        self.known = True
        return tenant


@defect("AUTH-04")
class SchemeFirstLetterOnly(Server):
    """Every scheme that begins with K is accepted, `Keycloak` for one."""

    def key(self, request: Request) -> str | None:
        scheme, _, key = "".join(request.header("authorization")).partition(" ")
        return key if scheme.lower().startswith("k") else None


@defect("AUTH-11")
class CookieAccepted(Server):
    """The list sets a cookie `session`, which stands in for the key."""

    def list_jobs(self, request: Request, tenant: str) -> Response:
        response = super().list_jobs(request, tenant)
        response.headers["set-cookie"] = f"session={tenant}; Path=/"
        return response

    def tenant(self, operation: str, request: Request) -> str:
        session = SimpleCookie("; ".join(request.header("cookie"))).get("session")
        if not request.header("authorization") and session and session.value in KEYS.values():
            return session.value
        return super().tenant(operation, request)


@defect("AUTH-01", "AUTH-03")
class CursorNeedsNoKey(Server):
    """A page that is asked for by its cursor needs no right key."""

    def tenant(self, operation: str, request: Request) -> str:
        if request.parameter("cursor") and self.key(request) not in KEYS:
            return "first"
        return super().tenant(operation, request)


@defect("AUTH-01")
class CsvNeedsNoKey(Server):
    """Results as CSV need no key."""

    def tenant(self, operation: str, request: Request) -> str:
        if request.parameter("format") == "csv" and not request.header("authorization"):
            return "first"
        return super().tenant(operation, request)


@defect("AUTH-03")
class FirstWordIsKey(Server):
    """What follows the key in the header is ignored."""

    def key(self, request: Request) -> str | None:
        key = super().key(request)
        return key and key.split()[0]
