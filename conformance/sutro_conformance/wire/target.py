"""What is verified, what may be done to it, and how a run goes about it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import attrs

_MOST_CONCURRENT = 64
# On one's own machine enough to empty the usual pools of 5 to 15 connections to a database;
# elsewhere no more than a browser or two would send.
_CONCURRENT_LOCALLY = 16
_CONCURRENT_ELSEWHERE = 8


class Edition(enum.StrEnum):
    """Editions of the API: `e3` is the current one (autumn 2026), `e2` that of early 2026."""

    E2 = "e2"
    E3 = "e3"
    AUTO = "auto"


class Profile(enum.StrEnum):
    """How thorough a run is: `quick` takes seconds, `full` some tens of seconds."""

    QUICK = "quick"
    FULL = "full"


def _validate_url(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    try:
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        has_host = False
    if parts.scheme not in ("http", "https") or not has_host:
        raise ValueError(f"url {url!r} is not the URL of a deployment, such as https://host/v1.")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("url carries credentials, a query or a fragment. Remove them.")
    return url.rstrip("/")


def _job_ids(given: str | Iterable[str]) -> frozenset[str]:
    ids = frozenset([given] if isinstance(given, str) else given)
    if not all(isinstance(each, str) and each for each in ids):
        raise ValueError("allow_cancel holds job IDs: texts that are not empty.")
    return ids


def _validate_key(_: object, attribute: attrs.Attribute[Any], key: object) -> None:
    if key is None and attribute.default is None:
        return
    if not isinstance(key, str) or not key.strip() or not key.isprintable():
        raise ValueError(f"{attribute.name} is not an API key: empty, or not printable.")


def _positive(_: object, attribute: attrs.Attribute[Any], value: float | None) -> None:
    # The comparison is false for NaN too.
    if value is not None and not value > 0:
        raise ValueError(f"{attribute.name} must be more than 0, not {value!r}.")


@attrs.frozen(kw_only=True)
class Target:
    """A server to verify: a URL, or an ASGI or WSGI application in this process.

    `allow_cancel` names the jobs that may be cancelled (one ID or several), `allow_cancel_any`
    allows all. Without either nothing is sent to the cancel endpoint. `second_api_key` is one of
    another account.

    Raises:
        ValueError: there is no one place to verify, the URL is not one, a key is empty or given
            twice, or a job ID is.
    """

    url: str | None = attrs.field(default=None, converter=_validate_url)
    app: Any = None
    api_key: str = attrs.field(repr=False, validator=_validate_key)
    second_api_key: str | None = attrs.field(default=None, repr=False, validator=_validate_key)
    allow_cancel: frozenset[str] = attrs.field(default=frozenset(), converter=_job_ids)
    allow_cancel_any: bool = False

    def __attrs_post_init__(self) -> None:
        if (self.url is None) == (self.app is None):
            raise ValueError("Give either the URL of a server or an application, not both.")
        if self.api_key == self.second_api_key:
            raise ValueError("second_api_key is api_key again. Give one of another account.")

    @property
    def may_cancel(self) -> bool:
        """Return whether any job may be cancelled."""
        return self.allow_cancel_any or bool(self.allow_cancel)

    @property
    def concurrency(self) -> int:
        """Return how many requests at a time are polite, where the user does not say."""
        host = urlsplit(self.url or "http://localhost").hostname or ""
        is_local = host == "localhost" or host == "::1" or host.startswith("127.")
        return _CONCURRENT_LOCALLY if is_local else _CONCURRENT_ELSEWHERE

    @property
    def leave(self) -> str:
        """Return what may be cancelled, in words."""
        if self.allow_cancel_any:
            return "any job"
        return ", ".join(sorted(self.allow_cancel)) or "nothing"

    def cancellable(self, job_ids: Iterable[str]) -> list[str]:
        """Return those of the jobs that may be cancelled."""
        return [job for job in job_ids if self.allow_cancel_any or job in self.allow_cancel]


@attrs.frozen(kw_only=True)
class RunSettings:
    """How a run goes about it, whichever clauses it checks.

    Durations are in seconds, `rate_limit` is in requests a second. `concurrency` is how many
    requests are on their way at a time: by default 16 on this machine, 8 elsewhere. `timeout` is
    the longest silence of the server, `patience` how much time a run loses altogether to answers
    that fail or do not come.

    Raises:
        ValueError: a number is out of its bounds, or an edition or profile does not exist.
    """

    edition: Edition = attrs.field(default=Edition.E3, converter=Edition)
    profile: Profile = attrs.field(default=Profile.FULL, converter=Profile)
    seed: int = attrs.field(default=0, validator=attrs.validators.instance_of(int))
    rate_limit: float | None = attrs.field(default=None, validator=_positive)
    concurrency: int | None = attrs.field(default=None)
    time_budget: float | None = attrs.field(default=None, validator=_positive)
    timeout: float = attrs.field(default=30.0, validator=_positive)
    patience: float = attrs.field(default=60.0, validator=_positive)
    cancel_timeout: float = attrs.field(default=15.0, validator=_positive)

    @concurrency.validator
    def _validate_concurrency(self, _: object, value: object) -> None:
        if value is None:
            return
        if not isinstance(value, int) or not 1 <= value <= _MOST_CONCURRENT:
            raise ValueError(f"concurrency must be from 1 to {_MOST_CONCURRENT}, not {value!r}.")

    @property
    def is_full(self) -> bool:
        """Return whether this is a full run."""
        return self.profile is Profile.FULL
