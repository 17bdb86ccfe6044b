"""URL and key of the API: where they come from, and which are refused."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import msgspec
from attrs import frozen

from .._errors import ConfigurationError
from .validators import check

_SHARED_SERVICE = "api.sutro.sh"
# With underscores, which container networks use; without IDNA, as httpx would send other characters
# to another host than the one that was checked.
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_.])?")
_KEY = re.compile("[!-~]+")
_USUAL_PORTS = {"https": 443, "http": 80}
_HOW_TO_SET = (
    "Pass api_url and api_key, or set SUTRO_API_URL and SUTRO_API_KEY, "
    "or save both in ~/.sutro/config.json."
)


class Secret:
    """An API key that only `reveal` shows: not repr, tracebacks or logs.

    Raises:
        ArgumentError: it is not a str.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        check("api_key", text, lambda value: isinstance(value, str), "a str")
        self._text = text

    def reveal(self) -> str:
        """Return the key."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))


@frozen
class Account:
    """A deployment and a key of it. Paths of the API are appended to `base_url`."""

    base_url: str
    api_key: Secret


@frozen
class _Credentials:
    """URL and key from the environment or the saved file; either may be missing."""

    url: str | None
    key: Secret | None


class _SavedFile(msgspec.Struct):
    """What `sutro login` saves; `base_url` is the name of `api_url` in older versions."""

    api_url: str | None = None
    base_url: str | None = None
    api_key: str | None = None


def resolve_account(api_url: str | None, api_key: Secret | None) -> Account:
    """Find URL and key: arguments first, then the environment, then `~/.sutro/config.json`.

    A key that was saved beside a URL goes to that URL only, and an environment that sets one of
    both never borrows the other from the file.

    Raises:
        ConfigurationError: one of both is missing or refused. Says where to set it.
    """
    url = normalize_url(api_url) if api_url is not None else None
    key = None if api_key is None else _validate_key(api_key)
    if url is None or key is None:
        environment = _environment()
        is_set = environment != _Credentials(None, None)
        url, key = _complete(url, key, environment if is_set else _saved_file())
    if url is None or key is None:
        missing = "URL (api_url)" if url is None else "key (api_key)"
        raise ConfigurationError(f"No {missing} of the Sutro API is set. {_HOW_TO_SET}")
    return Account(url, key)


def normalize_url(api_url: str) -> str:
    """Return the base of all paths for the URL of a deployment, given with or without `/v1`.

    Raises:
        ArgumentError: the URL is not a str.
        ConfigurationError: the URL is not HTTPS (except on loopback), or is more than an origin.
    """
    check("api_url", api_url, lambda value: isinstance(value, str), "a str")
    try:
        parts = urlsplit(api_url.strip())
        port = parts.port
    except ValueError as error:
        raise ConfigurationError("api_url is not a valid URL.") from error
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("api_url has credentials in it; pass the key as api_key instead.")
    host = _refuse_odd_parts(parts)
    usual = port in {None, _USUAL_PORTS[parts.scheme]}
    origin = f"{parts.scheme}://{host}" + ("" if usual else f":{port}")
    # The shared service of older editions has its paths at the root; deployments have them in /v1.
    bare = not parts.path.strip("/") and parts.hostname == _SHARED_SERVICE
    return origin if bare else f"{origin}/v1"


def _refuse_odd_parts(parts: SplitResult) -> str:
    host = parts.hostname or ""
    is_host = _HOST.fullmatch(host) or _is_address(host)
    if parts.scheme not in {"http", "https"} or not is_host:
        raise ConfigurationError("api_url must look like https://deployment.example/v1.")
    if parts.query or parts.fragment or parts.path.rstrip("/") not in {"", "/v1"}:
        raise ConfigurationError("api_url must end after the host, or in /v1.")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigurationError("api_url must be https, as the key would be sent unencrypted.")
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its name alone."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return _is_address(host) and ip_address(host).is_loopback


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _validate_key(key: Secret) -> Secret:
    """Return the key if it can be sent; no frame of the traceback may have it as plain text."""
    if not _KEY.fullmatch(key.reveal()):
        raise ConfigurationError(
            "api_key is empty or has blanks, line ends or characters outside ASCII in it. "
            "Copy it again from your deployment."
        )
    return key


def _complete(
    url: str | None, key: Secret | None, found: _Credentials
) -> tuple[str | None, Secret | None]:
    """Fill in what is missing, but never send the key of one URL to another."""
    if key is None and (url is None or found.url in {None, url}):
        key = found.key
    return url or found.url, key


def _environment() -> _Credentials:
    url, key = os.environ.get("SUTRO_API_URL"), Secret(os.environ.get("SUTRO_API_KEY", ""))
    return _Credentials(normalize_url(url) if url else None, _validate_key(key) if key else None)


def _saved_file() -> _Credentials:
    path = Path("~/.sutro/config.json").expanduser()
    try:
        url, key = _read_saved(path)
    except FileNotFoundError:
        return _Credentials(None, None)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read ({error}). {_HOW_TO_SET}") from error
    if not url:  # A key without its URL could belong to any deployment.
        return _Credentials(None, None)
    return _Credentials(normalize_url(url), _validate_key(key) if key else None)


def _read_saved(path: Path) -> tuple[str | None, Secret]:
    saved = msgspec.json.decode(path.read_bytes(), type=_SavedFile)
    return saved.api_url or saved.base_url, Secret(saved.api_key or "")
