"""What a server is started with; worker processes get it by way of the environment."""

import os
import re
from pathlib import Path
from typing import Literal, get_args

import msgspec

from .errors import ParameterError

Edition = Literal["e1", "e2", "e3"]
"""Editions of the API, from 2025, early 2026 and autumn 2026."""

EDITIONS: tuple[Edition, ...] = get_args(Edition)

# Without a path: what a proxy makes of paths could break signatures.
_ORIGIN = re.compile(r"https?://([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?", re.ASCII)

_VARIABLE = "SUTRO_SERVER_SETTINGS"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of a reference server: where its data is and how it behaves.

    `data` is the data directory, `edition` the edition it speaks, `faults` are written as
    `NAME[=VALUE][@OPERATION]`. With `control`, requests may ask for faults and advance the clock.

    Answers made from results take up to `answers_limit` bytes of the directory.

    With `companions`, there are routes of a single job and, where `files_url` is given, of URLs of
    results. These lead to `files_url`, the origin of the object store, which listens on
    `files_port`.

    `documents` is a folder that holds the API's description and its page, to be handed out.

    Raises:
        ParameterError: There is no such edition, or `files_url` is not an origin.
    """

    data: str
    edition: Edition = "e3"
    faults: tuple[str, ...] = ()
    control: bool = False
    access_log: bool = True
    answers_limit: int = 4 << 30
    companions: bool = True
    files_url: str | None = None
    files_port: int | None = None
    documents: str | None = None

    def __post_init__(self) -> None:
        # msgspec checks types where it decodes, and not in constructors.
        if self.edition not in EDITIONS:
            known = ", ".join(EDITIONS)
            raise ParameterError("edition", f"'{self.edition}' is not an edition: {known}.")
        if self.files_url is not None and not _ORIGIN.fullmatch(self.files_url):
            raise ParameterError(
                "files_url",
                f"'{self.files_url}' is not an origin such as https://files.example.com.",
            )

    @property
    def offers_results_url(self) -> bool:
        """Whether the edition and the settings let clients have URLs of results."""
        return self.companions and self.edition != "e1"

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
