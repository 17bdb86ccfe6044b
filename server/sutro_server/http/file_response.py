"""Files as answers: entity tags, ranges, conditions and large reads."""

from typing import Protocol

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from ..store.results import Answer
from .problems import problem
from .ranges import Range, parse_ranges


class Refuse(Protocol):
    """Makes the answer that refuses a request, as JSON or as XML."""

    def __call__(
        self, status: int, detail: object, headers: dict[str, str] | None = None
    ) -> Response:
        """Return the answer."""


class AnswerResponse(FileResponse):
    """A results file with a strong entity tag, sent whole, in ranges or as not modified."""

    # Starlette's own 64 KiB take a round through the event loop for each.
    chunk_size = 1 << 20

    def __init__(self, answer: Answer, media_type: str, refuse: Refuse = problem) -> None:
        self._etag = f'"{answer.etag}"'
        self._refuse = refuse
        super().__init__(
            answer.path,
            headers={"ETag": self._etag, "Cache-Control": "private, no-cache"},
            media_type=media_type,
            stat_result=answer.path.stat(),
        )
        # The file's age says when the answer was first asked for, not when the results changed.
        del self.headers["last-modified"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, the parts of it that are asked for, or that it is not modified."""
        headers = Headers(scope=scope)
        reads = scope["method"] in ("GET", "HEAD")
        ranges = self._ranges(headers) if reads else None
        decided = self._decided(headers, ranges) if reads else None
        if decided is not None:
            await decided(scope, receive, send)
            return
        # Starlette refuses ranges that RFC 9110 says to ignore or to cut, so it gets decided ones.
        kept = [pair for pair in scope["headers"] if pair[0] not in (b"if-range", b"range")]
        if ranges:
            wanted = ",".join(f"{first}-{last}" for first, last in ranges)
            kept.append((b"range", f"bytes={wanted}".encode()))
        await super().__call__({**scope, "headers": kept}, receive, send)

    def _decided(self, headers: Headers, ranges: list[Range] | None) -> Response | None:
        """Return the answer where conditions decide it without the file."""
        if not self._matches(headers.get("if-match", "*"), weak=False):
            return self._refuse(412, "The results are not the version that is asked for.")
        if self._matches(headers.get("if-none-match", ""), weak=True):
            shared = {name: self.headers[name] for name in ("etag", "cache-control")}
            return Response(status_code=304, headers=shared)
        if ranges == []:
            length = {"Content-Range": f"bytes */{self.headers['content-length']}"}
            return self._refuse(416, "The range starts after the end of the results.", length)
        return None

    def _ranges(self, headers: Headers) -> list[Range] | None:
        """Return the parts of this version that are asked for, or None for all of it."""
        if headers.get("if-range", self._etag) != self._etag or "range" not in headers:
            return None
        return parse_ranges(headers["range"], int(self.headers["content-length"]))

    def _matches(self, tags: str, *, weak: bool) -> bool:
        # RFC 9110: If-None-Match compares weakly, If-Match strongly.
        known = {tag.strip().removeprefix("W/" if weak else "") for tag in tags.split(",")}
        return self._etag in known or "*" in known
