"""Interrupted downloads, kept beside their targets so that a later call resumes them."""

from __future__ import annotations

import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from .partial import Representation


class _Note(msgspec.Struct, frozen=True):
    """What a kept part is a part of, and its size in bytes."""

    representation: Representation
    size: int


class ResumablePart:
    """The part of one target that an interrupted download left, if any.

    `identity` tells what the target is made of: the part of another job is another file. A part is
    claimed by a rename that only one process can win, and has a name of its own while it grows.
    """

    def __init__(self, target: Path, identity: tuple[object, ...]) -> None:
        # 48 bits tell the few downloads to one target apart.
        digest = sha256(repr(identity).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        self._part = target.with_name(f".{target.name}.{digest}.part")
        self._note = self._part.with_suffix(".note")

    def claim(self) -> tuple[Path, Representation | None]:
        """Return a new path, and what the file there is a part of; None if there is no file yet."""
        claimed = self._part.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            # Only one process can win a rename; the others start from the beginning.
            self._part.rename(claimed)
            note = msgspec.json.decode(self._note.read_bytes(), type=_Note)
        except (OSError, msgspec.DecodeError):
            claimed.unlink(missing_ok=True)
            return claimed, None
        self._note.unlink(missing_ok=True)
        if note.size == claimed.stat().st_size:
            return claimed, note.representation
        claimed.unlink()
        return claimed, None

    def leave(self, part: Path, representation: Representation) -> None:
        """Keep a part for a later call if that can resume it; remove it otherwise."""
        with suppress(OSError):
            size = part.stat().st_size
            is_begun = 0 < size < (representation.length or 0) or representation.missing
            if representation.etag and is_begun:
                self._note.write_bytes(msgspec.json.encode(_Note(representation, size)))
                part.rename(self._part)
        part.unlink(missing_ok=True)
