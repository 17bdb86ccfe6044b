"""Wrong bounds of `limit`."""

from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..messages import Refusal, Request, Response, error, invalid
from ..server import Server


class OtherLimit(Server):
    """Reads `limit` wrongly, and then pages rightly."""

    def parse_limit(self, text: str) -> int:
        try:
            return super().parse_limit(text)
        except Refusal as refusal:
            return self.refused(text, refusal)

    def refused(self, text: str, refusal: Refusal) -> int:
        raise refusal


@defect("LIST-18")
class LimitZeroAccepted(OtherLimit):
    """`limit=0` is accepted, and read as the default."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text == "0":
            return 20
        raise refusal


@defect("LIST-18")
class LimitNegativeAccepted(OtherLimit):
    """`limit=-1` is accepted, and means all jobs."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text.startswith("-") and text[1:].isdecimal():
            return 10**9
        raise refusal


@defect("LIST-19")
class Limit101Accepted(OtherLimit):
    """`limit=101` is accepted: the bound is one too high."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text == "101":
            return 101
        raise refusal


@defect("LIST-19")
class LimitClamped(OtherLimit):
    """A `limit` over 100 is read as 100."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text.isdecimal() and int(text) > 100:
            return 100
        raise refusal


@defect("LIST-17")
class Limit100Refused(Server):
    """`limit=100` is refused: the bound is one too low."""

    def parse_limit(self, text: str) -> int:
        return super().parse_limit("101" if text == "100" else text)


@defect("LIST-17")
class Limit1Refused(Server):
    """`limit=1` is refused: the lower bound is one too high."""

    def parse_limit(self, text: str) -> int:
        return super().parse_limit("0" if text == "1" else text)


@defect("LIST-20")
class LimitTextIgnored(Server):
    """A `limit` that is no number is ignored."""

    def limit(self, request: Request) -> int | None:
        text = request.parameter("limit")
        return None if text and not text.lstrip("-").isdecimal() else super().limit(request)


@defect("HTTP-01", "LIST-20")
class LimitTextCrashes(OtherLimit):
    """A `limit` that is no number causes a 500."""

    def refused(self, text: str, refusal: Refusal) -> int:
        int(text)
        raise refusal


@defect("HTTP-01", "LIST-19")
class LimitHugeCrashes(OtherLimit):
    """A `limit` beyond 64 bits causes a 500, as the database refuses it."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text.lstrip("-").isdecimal() and abs(int(text)) > 2**63:
            raise OverflowError
        raise refusal


@defect("LIST-20")
class LimitFractionAccepted(OtherLimit):
    """`limit=1.5` is accepted and cut to 1."""

    def refused(self, text: str, refusal: Refusal) -> int:
        if text.replace(".", "", 1).isdecimal() and "." in text:
            return max(1, int(float(text)))
        raise refusal


@defect("ERROR-01")
class LimitErrorAs400Html(Server):
    """A refused `limit` is explained in HTML."""

    def parse_limit(self, text: str) -> int:
        try:
            return super().parse_limit(text)
        except Refusal:
            page = b"<html><h1>Bad Request</h1></html>"
            raise Refusal(Response(400, page, {"content-type": "text/html"})) from None


@defect("PAGE-01", "LIST-19", "LIST-21")
class RepeatedLimitUnchecked(Server):
    """Of a repeated `limit` the first is checked and the last is used."""

    def limit(self, request: Request) -> int | None:
        values = [value for name, value in request.query if name == "limit"]
        if len(values) < 2 or not values[-1].isdecimal():
            return super().limit(request)
        self.parse_limit(values[0])
        return int(values[-1])


@defect("LIFE-04", "PAGE-03")
class LimitSticks(Server):
    """Once a page was read, the unpaginated list is cut to the same `limit`."""

    last = 10**6

    def limit(self, request: Request) -> int | None:
        limit = super().limit(request)
        self.last = self.last if limit is None else limit
        return limit

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs[: self.last])


@defect("LIST-17")
class LimitBeyondAccountRefused(Server):
    """A `limit` larger than the account is refused with 416."""

    def page(
        self, jobs: list[Job], limit: int, position: Any | None
    ) -> tuple[list[Job], Any | None]:
        if limit > len(jobs):
            raise Refusal(error(416, "Page out of range."))
        return super().page(jobs, limit, position)


@defect("LIST-01")
class LimitRequired(Server):
    """A list without `limit` is refused with 422."""

    def limit(self, request: Request) -> int | None:
        limit = super().limit(request)
        if limit is None:
            raise invalid("limit", "Field required", "missing")
        return limit
