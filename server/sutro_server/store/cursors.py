"""Opaque cursors: a place in one tenant's list, signed so that nobody can make or change one."""

import base64
import binascii
import hashlib
import hmac
import struct

_PLACE = struct.Struct(">qq")
_SIGNATURE_BYTES = 16


class Cursors:
    """Writes and reads cursors with a secret key of the store."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def write(self, tenant: int, place: tuple[int, int]) -> str:
        """Return the cursor of the jobs after `place`, a job's time of creation and number."""
        body = _PLACE.pack(*place)
        return base64.urlsafe_b64encode(body + self._signature(tenant, body)).decode()

    def read(self, tenant: int, cursor: str) -> tuple[int, int] | None:
        """Return the place that a cursor of this tenant names, or None for any other text."""
        try:
            data = base64.urlsafe_b64decode(cursor.encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            return None
        # Base64 has several spellings of the same bytes; only the one that was handed out is
        # valid.
        if len(data) != _PLACE.size + _SIGNATURE_BYTES or self._spelling(data) != cursor:
            return None
        body, signature = data[: _PLACE.size], data[_PLACE.size :]
        if not hmac.compare_digest(signature, self._signature(tenant, body)):
            return None
        created, number = _PLACE.unpack(body)
        return created, number

    @staticmethod
    def _spelling(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode()

    def _signature(self, tenant: int, body: bytes) -> bytes:
        message = tenant.to_bytes(8, "big") + body
        return hmac.digest(self._key, message, hashlib.sha256)[:_SIGNATURE_BYTES]
