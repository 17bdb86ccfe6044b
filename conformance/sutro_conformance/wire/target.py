"""What is verified, what may be done to it, and how thoroughly."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import attrs


class Edition(enum.StrEnum):
    """Editions of the API: `e3` is the current one (autumn 2026), `e2` that of early 2026."""

    E2 = "e2"
    E3 = "e3"
    AUTO = "auto"


class Profile(enum.StrEnum):
    """How thorough a run is: `quick` takes seconds, `full` some tens of seconds."""

    QUICK = "quick"
    FULL = "full"


class CouldNotRun(Exception):  # noqa: N818
    """The server can't be judged: it can't be reached, or the key given is refused."""


def _checked_url(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no URL of a deployment. Give one such as https://host/v1.")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("The URL carries credentials, a query or a fragment. Remove them.")
    return url.rstrip("/")


@attrs.frozen(kw_only=True)
class Target:
    """A server to verify: a URL, or an ASGI or WSGI application in this process.

    `allow_cancel` names the jobs that may be cancelled, `allow_cancel_any` allows all. Without
    either nothing is sent to the cancel endpoint. `second_api_key` is one of another account.
    """

    url: str | None = attrs.field(default=None, converter=_checked_url)
    app: Any = None
    api_key: str = attrs.field(repr=False)
    second_api_key: str | None = attrs.field(default=None, repr=False)
    allow_cancel: frozenset[str] = attrs.field(default=frozenset(), converter=frozenset)
    allow_cancel_any: bool = False

    def __attrs_post_init__(self) -> None:
        if (self.url is None) == (self.app is None):
            raise ValueError("Give either the URL of a server or an application, not both.")
        if self.api_key == self.second_api_key:
            raise ValueError("The second API key is the first. Give one of another account.")

    @property
    def may_cancel(self) -> bool:
        """Return whether any job may be cancelled."""
        return self.allow_cancel_any or bool(self.allow_cancel)

    def cancellable(self, job_ids: Iterable[str]) -> list[str]:
        """Return those of the jobs that may be cancelled."""
        return [job for job in job_ids if self.allow_cancel_any or job in self.allow_cancel]


@attrs.frozen(kw_only=True)
class Settings:
    """How a run goes about it. Durations are in seconds, `rate_limit` is in requests a second."""

    edition: Edition = attrs.field(default=Edition.E3, converter=Edition)
    profile: Profile = attrs.field(default=Profile.FULL, converter=Profile)
    seed: int = 0
    rate_limit: float | None = None
    concurrency: int = 4
    time_budget: float | None = None
    timeout: float = 30.0
    patience: float = 60.0
    cancel_timeout: float = 15.0
    only: frozenset[str] | None = None

    @property
    def is_full(self) -> bool:
        """Return whether this is a full run."""
        return self.profile is Profile.FULL
