"""Tenants and their API keys. Keys are kept as keyed hashes only."""

import hashlib
import hmac
import secrets

import attrs

from ..errors import ParameterError
from .database import Database, secret


@attrs.frozen
class KeyInfo:
    """What the store knows about a key: whose it is, its last characters, whether it is revoked."""

    tenant: str
    hint: str
    revoked: bool


class Tenants:
    """The accounts of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pepper = secret(database, "keys")

    def ensure(self, name: str) -> int:
        """Return the number of the tenant of that name, who is made where there is none.

        Raises:
            ParameterError: The name is empty.
        """
        if not name:
            raise ParameterError("tenant", "A tenant needs a name.")
        query = "SELECT tenant FROM tenants WHERE name = ?"
        row = self._database.connection().execute(query, (name,)).fetchone()
        if row is None:
            with self._database.write() as connection:
                connection.execute("INSERT OR IGNORE INTO tenants (name) VALUES (?)", (name,))
                row = connection.execute(query, (name,)).fetchone()
        number: int = row[0]
        return number

    def add_key(self, name: str, key: str) -> None:
        """Let `key` act for the tenant `name`; a key acts for one tenant, the one named last.

        Raises:
            ParameterError: The name is empty, or no header field can carry the key.
        """
        # HTTP drops white space around a field's value, and no field has control characters.
        if not key.isprintable() or key != key.strip() or not key:
            raise ParameterError("key", "A key is printable text without white space around it.")
        tenant = self.ensure(name)
        # A store that cannot be written can be served with the keys that it has.
        if self.find_by_key(key.encode()) == tenant:
            return
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO keys (digest, tenant, hint) VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET tenant = excluded.tenant, revoked = 0",
                (self._digest(key.encode()), tenant, _hint(key)),
            )

    def new_key(self, name: str) -> str:
        """Make a random key for the tenant `name` and return it; it cannot be read again."""
        key = f"sk_{secrets.token_urlsafe(24)}"
        self.add_key(name, key)
        return key

    def revoke(self, key: str) -> bool:
        """Stop a key from working; return whether the store knew it."""
        with self._database.write() as connection:
            changed = connection.execute(
                "UPDATE keys SET revoked = 1 WHERE digest = ?", (self._digest(key.encode()),)
            )
        return changed.rowcount > 0

    def list_keys(self) -> list[KeyInfo]:
        """Return what is known about all keys, by tenant."""
        rows = self._database.connection().execute(
            "SELECT name, hint, revoked FROM keys JOIN tenants USING (tenant) ORDER BY name, hint"
        )
        return [KeyInfo(name, hint, bool(revoked)) for name, hint, revoked in rows]

    def find_by_key(self, key: bytes) -> int | None:
        """Return the number of the tenant that a key acts for, or None for any other bytes."""
        digest = self._digest(key)
        row = (
            self._database.connection()
            .execute("SELECT tenant, digest FROM keys WHERE digest = ? AND NOT revoked", (digest,))
            .fetchone()
        )
        # Comparing keyed hashes in the index tells nothing about keys, as their order is random;
        # what decides is a comparison in constant time.
        known: bytes = row[1] if row else bytes(len(digest))
        tenant: int | None = row[0] if row else None
        return tenant if hmac.compare_digest(known, digest) else None

    def _digest(self, key: bytes) -> bytes:
        return hmac.digest(self._pepper, key, hashlib.sha256)


def _hint(key: str) -> str:
    # Of a key of eight characters or fewer, four would be too much to tell.
    return key[-4:] if len(key) > 8 else ""
