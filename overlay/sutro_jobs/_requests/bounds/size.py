"""Bounds on the size of what is received, once it is decoded."""

from __future__ import annotations

from ..._errors import ResponseTooLargeError, SutroError


class BodyError(Exception):
    """A body that cannot be used. `kind` is the error for users, the text tells why."""

    def __init__(self, kind: type[SutroError], reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class SizeLimit:
    """Counts bytes up to `max_size`; `option` names what sets that."""

    def __init__(self, max_size: float, option: str) -> None:
        self._max_size = max_size
        self._option = option
        self._size = 0

    def add(self, count: int) -> None:
        """Count more bytes.

        Raises:
            BodyError: they are too many.
        """
        self._size += count
        if self._size > self._max_size:
            raise BodyError(
                ResponseTooLargeError,
                f"the body is larger than {self._max_size:,} bytes. Raise {self._option} if it has "
                "to be",
            )
