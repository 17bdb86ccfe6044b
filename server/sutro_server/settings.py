"""What a server is started with; worker processes get it by way of the environment."""

import os
from pathlib import Path
from typing import Literal, get_args

import msgspec

from .errors import ParameterError

Edition = Literal["e1", "e2", "e3"]
"""Editions of the API, from 2025, early 2026 and autumn 2026."""

EDITIONS: tuple[Edition, ...] = get_args(Edition)

_VARIABLE = "SUTRO_SERVER_SETTINGS"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of a reference server: where its data is and how it behaves.

    `data` is the data directory, `edition` the edition it speaks, `faults` are written as
    `NAME[=VALUE][@OPERATION]`. With `control`, requests may ask for faults and advance the clock.

    Raises:
        ParameterError: There is no such edition.
    """

    data: str
    edition: Edition = "e3"
    faults: tuple[str, ...] = ()
    control: bool = False
    access_log: bool = True

    def __post_init__(self) -> None:
        # msgspec checks types where it decodes, and not in constructors.
        if self.edition not in EDITIONS:
            known = ", ".join(EDITIONS)
            raise ParameterError("edition", f"'{self.edition}' is not an edition: {known}.")

    @property
    def directory(self) -> Path:
        """The data directory."""
        return Path(self.data)

    def to_environment(self) -> None:
        """Leave the settings to processes that this one starts."""
        os.environ[_VARIABLE] = msgspec.json.encode(self).decode()

    @classmethod
    def from_environment(cls) -> "Settings":
        """Return the settings that the starting process left."""
        return msgspec.json.decode(os.environ[_VARIABLE], type=cls)
