"""Presigned URLs: who has one may read one file until it expires, and needs no key."""

import hashlib
import hmac

BUCKET = "sutro-results"


class Presigner:
    """Signs URLs of an origin, and checks what comes back, with a secret key of the store."""

    def __init__(self, key: bytes, origin: str) -> None:
        self._key = key
        self._origin = origin

    def url(self, method: str, key: str, expires: int) -> str:
        """Return the URL of an object for one method, until `expires`, in seconds since 1970."""
        path = f"/{BUCKET}/{key}"
        return f"{self._origin}{path}?{self._query(method, path, expires)}"

    def expiry(self, method: str, path: str, query: str) -> int | None:
        """Return when a URL expires, or None where it was not signed so."""
        text = query.removeprefix("expires=").partition("&")[0]
        # No more digits than a time has: `int` takes long for a million of them.
        if not (text.isascii() and text.isdecimal() and len(text) < 20):
            return None
        # The whole query is compared, so that nothing can be added to it either.
        wanted = self._query(method, path, int(text))
        return int(text) if hmac.compare_digest(wanted.encode(), query.encode()) else None

    def _query(self, method: str, path: str, expires: int) -> str:
        message = f"{method}\n{path}\n{expires}"
        signature = hmac.digest(self._key, message.encode(), hashlib.sha256).hex()
        return f"expires={expires}&signature={signature}"
