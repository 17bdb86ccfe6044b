"""Files as answers: validators, ranges and large reads."""

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from ._results import Answer


class AnswerResponse(FileResponse):
    """A results file with a strong entity tag, sent whole, in ranges or as not modified."""

    chunk_size = 1 << 20

    def __init__(self, answer: Answer, media_type: str) -> None:
        self._etag = f'"{answer.etag}"'
        super().__init__(
            answer.path,
            headers={"ETag": self._etag, "Cache-Control": "private, no-cache"},
            media_type=media_type,
            stat_result=answer.path.stat(),
        )
        # The file's age says when it was first asked for, which is nobody's business.
        del self.headers["last-modified"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, the part of it that is asked for, or 304."""
        await super().__call__(scope, receive, send)
