"""Files as answers: entity tags, ranges, conditions and large reads."""

import re
from typing import Protocol

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from ..store.results import Answer
from .problems import problem

_RANGES = re.compile(r"bytes=\s*(\d+-\d*|-\d+)(\s*,\s*(\d+-\d*|-\d+))*\s*")


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
        decided = self._decided(scope["method"], headers)
        if decided is not None:
            await decided(scope, receive, send)
            return
        # What is decided here need not be decided again, by the file's age for example.
        spent = {b"if-range"} if self._wants_ranges(headers) else {b"if-range", b"range"}
        kept = [pair for pair in scope["headers"] if pair[0] not in spent]
        await self._send_file({**scope, "headers": kept}, receive, send)

    def _decided(self, method: str, headers: Headers) -> Response | None:
        """Return the answer where conditions decide it without the file."""
        if method not in ("GET", "HEAD"):
            return None
        if not self._matches(headers.get("if-match", "*"), weak=False):
            return self._refuse(412, "The results are not the version that is asked for.")
        if self._matches(headers.get("if-none-match", ""), weak=True):
            shared = {name: self.headers[name] for name in ("etag", "cache-control")}
            return Response(status_code=304, headers=shared)
        return None

    async def _send_file(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused: Response | None = None

        async def sending(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == 416:
                given = {"Content-Range": Headers(raw=message["headers"])["content-range"]}
                refused = self._refuse(416, "The range starts after the end of the results.", given)
            elif refused is None:
                await send(message)

        await super().__call__(scope, receive, sending)
        if refused is not None:
            await refused(scope, receive, send)

    def _wants_ranges(self, headers: Headers) -> bool:
        # RFC 9110 says to ignore malformed ranges, and ranges of other versions.
        wanted = _RANGES.fullmatch(headers.get("range", ""))
        return wanted is not None and headers.get("if-range", self._etag) == self._etag

    def _matches(self, tags: str, *, weak: bool) -> bool:
        # RFC 9110: If-None-Match compares weakly, If-Match strongly.
        known = {tag.strip().removeprefix("W/" if weak else "") for tag in tags.split(",")}
        return self._etag in known or "*" in known
