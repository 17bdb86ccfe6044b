"""Opaque cursors: a position in a tenant's list, signed so that nobody can make or change one."""

import base64
import binascii
import hashlib
import hmac
import struct

_POSITION = struct.Struct(">qq")
# Half of SHA-256: a forger has one chance in 2**128, and a cursor fits into 44 characters.
_SIGNATURE_BYTES = 16


class Cursors:
    """Writes and reads cursors with a secret key of the store."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def write(self, tenant: int, position: tuple[int, int]) -> str:
        """Return the cursor of the jobs after a position, a job's time of creation and number."""
        body = _POSITION.pack(*position)
        return _encode(body + self._signature(tenant, body))

    def read(self, tenant: int, cursor: str) -> tuple[int, int] | None:
        """Return the position that a cursor of this tenant names, or None for any other text."""
        try:
            data = base64.urlsafe_b64decode(cursor.encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            return None
        # Base64 has several spellings of the same bytes; only the one that was handed out is valid.
        if len(data) != _POSITION.size + _SIGNATURE_BYTES or _encode(data) != cursor:
            return None
        body, signature = data[: _POSITION.size], data[_POSITION.size :]
        if not hmac.compare_digest(signature, self._signature(tenant, body)):
            return None
        created, number = _POSITION.unpack(body)
        return created, number

    def _signature(self, tenant: int, body: bytes) -> bytes:
        message = tenant.to_bytes(8, "big") + body
        return hmac.digest(self._key, message, hashlib.sha256)[:_SIGNATURE_BYTES]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
