"""What a server is started with; worker processes get it by way of the environment."""

import os
from pathlib import Path
from typing import Literal

import msgspec

Edition = Literal["e1", "e2", "e3"]

_VARIABLE = "SUTRO_SERVER_SETTINGS"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of a reference server: where its data is and how it behaves."""

    data: str
    edition: Edition = "e3"
    faults: tuple[str, ...] = ()
    control: bool = False
    access_log: bool = True

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
