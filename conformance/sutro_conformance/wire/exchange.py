"""Requests, the answers they got, and the shell line that repeats them."""

from __future__ import annotations

import json
import re
import shlex
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote, urlencode

import attrs

from .json_body import JsonBody, read_json

RIGHT_KEY = ("Key $SUTRO_API_KEY",)
SECOND_KEY = ("Key $SUTRO_SECOND_API_KEY",)
NO_KEY: tuple[str, ...] = ()
WRONG_KEY = ("Key sutro-verify-no-such-key",)

_VARIABLE = re.compile(r"\$\{?(SUTRO_(?:SECOND_)?API_KEY)(%\?|#\?|~~)?\}?")
# A parsed body takes five times its size.
_SMALL = 16 * 1024
# Hundreds of bodies are kept until the report is made; what is larger is kept compressed.
_LARGE = 32 * 1024
_CANCEL = re.compile(r"(^|[/\\?;#])job-cancel([/\\?;#]|$)")
_ROUTES = {
    "list": re.compile(r"/list-jobs"),
    "status": re.compile(r"/job-status/([^/]+)"),
    "results": re.compile(r"/jobs/([^/]+)/results"),
    "cancel": re.compile(r"/job-cancel/([^/]+)"),
}
# Bytes of a body that a report shows: enough for a few jobs, and no data set.
_EXCERPT = 2000


@attrs.frozen
class Request:
    """One request, relative to the base URL.

    `authorization` holds the values of its Authorization headers as shell text over
    `$SUTRO_API_KEY` and `$SUTRO_SECOND_API_KEY`, so that no request ever contains a key.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    authorization: tuple[str, ...] = RIGHT_KEY
    headers: tuple[tuple[str, str], ...] = ()
    raw_query: str | None = None

    @property
    def target(self) -> str:
        """Return path and query as they stand in the request line."""
        query = (
            self.raw_query if self.raw_query is not None else urlencode(self.query, quote_via=quote)
        )
        return f"{self.path}?{query}" if query else self.path

    @property
    def operation(self) -> str | None:
        """Return `list`, `status`, `results` or `cancel`, or None for any other path."""
        found = (name for name, route in _ROUTES.items() if route.fullmatch(self.path))
        return next(found, None)

    @property
    def job_id(self) -> str | None:
        """Return the job ID that the path names."""
        for route in _ROUTES.values():
            found = route.fullmatch(self.path)
            if found and found.groups():
                return unquote(found.group(1))
        return None

    @property
    def is_authorized(self) -> bool:
        """Return whether the request carries exactly one right key in the right form."""
        return self.authorization in (RIGHT_KEY, SECOND_KEY)

    def with_key(self, authorization: tuple[str, ...]) -> Request:
        """Return the same request with other credentials."""
        return attrs.evolve(self, authorization=authorization)

    def values(self, name: str) -> list[str]:
        """Return the values of a query parameter."""
        return [value for key, value in self.query if key == name]

    def curl(self, base_url: str) -> str:
        """Return the shell line that repeats the request."""
        words = ["curl", "-sS", "-i"]
        if self.method == "HEAD":
            words.append("--head")
        elif self.method != "GET":
            words += ["-X", self.method]
        line = " ".join([*words, shlex.quote(base_url + self.target)])
        for value in self.authorization:
            line += f' -H "Authorization: {value}"' if value else " -H 'Authorization;'"
        for name, value in self.headers:
            line += f" -H {shlex.quote(f'{name}: {value}')}"
        return line


def leads_to_cancel(target: str) -> bool:
    """Return whether a path, however a proxy decodes it, could be one that cancels."""
    return _CANCEL.search(unquote(unquote(target)).lower()) is not None


def fill_in(value: str, keys: dict[str, str]) -> str:
    """Replace shell variables by the keys they stand for, as a shell would."""

    def key(found: re.Match[str]) -> str:
        whole = keys[found.group(1)]
        changes = {"%?": whole[:-1], "#?": whole[1:], "~~": whole.swapcase()}
        return changes.get(found.group(2), whole)

    return _VARIABLE.sub(key, value)


@attrs.frozen
class _Packed:
    """A large body, compressed: a long list takes a tenth of its size."""

    content: bytes
    size: int

    def __len__(self) -> int:
        return self.size

    def unpacked(self) -> bytes:
        return zlib.decompress(self.content)


def _store(body: bytes) -> bytes | _Packed:
    return _Packed(zlib.compress(body, 1), len(body)) if len(body) > _LARGE else body


@attrs.frozen(eq=False, slots=False)
class Exchange:
    """A request and its answer; `shows_key` says that the answer repeats a key that was sent."""

    request: Request
    status: int
    headers: tuple[tuple[str, str], ...]
    _stored: bytes | _Packed = attrs.field(repr=False, converter=_store)
    started: float
    finished: float
    shows_key: bool = False

    @property
    def size(self) -> int:
        """Return the length of the body in bytes."""
        return len(self._stored)

    @property
    def body(self) -> bytes:
        """Return the body, without content codings."""
        return self._stored.unpacked() if isinstance(self._stored, _Packed) else self._stored

    @contextmanager
    def parsed(self) -> Iterator[None]:
        """Read the body as JSON once for the whole block; only what is small is kept after it."""
        self.__dict__["_held"] = self._json
        try:
            yield
        finally:
            del self.__dict__["_held"]

    def header(self, name: str) -> str | None:
        """Return the value of a response header, or None."""
        found = (value for key, value in self.headers if key.lower() == name.lower())
        return next(found, None)

    @property
    def is_success(self) -> bool:
        """Return whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def is_refusal(self) -> bool:
        """Return whether the status is 4xx."""
        return 400 <= self.status < 500

    @property
    def is_server_error(self) -> bool:
        """Return whether the status is 5xx; 501 is an honest no and does not count."""
        return self.status >= 500 and self.status != 501

    @property
    def media_type(self) -> str:
        """Return the media type without its parameters, in lower case."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def data(self) -> Any:
        """Return the body read as JSON, or None where it is not JSON."""
        return self._json.value if self._json else None

    @property
    def is_strict_json(self) -> bool:
        """Return whether the body is JSON as RFC 8259 has it, without NaN and infinities."""
        return self._json is not None and not self._json.constants

    @property
    def repeated_name(self) -> str | None:
        """Return a name that an object of the JSON body has twice, or None."""
        return next(iter(self._json.repeated), None) if self._json else None

    @property
    def _json(self) -> JsonBody | None:
        if "_held" in self.__dict__:
            held: JsonBody | None = self.__dict__["_held"]
            return held
        return self._small_json if self.size <= _SMALL else read_json(self.body)

    @cached_property
    def _small_json(self) -> JsonBody | None:
        return read_json(self.body)

    def read_objects(self, hook: Callable[[list[tuple[str, Any]]], Any]) -> Any:
        """Return the body as JSON, each object as `hook` makes it of its names and values.

        What is left out so never takes memory. None where the body is not JSON.
        """
        try:
            return json.loads(self.body, object_pairs_hook=hook)
        except (ValueError, RecursionError):
            return None

    @property
    def is_large(self) -> bool:
        """Return whether the body takes so much memory that it is kept packed."""
        return isinstance(self._stored, _Packed)

    @property
    def fields(self) -> dict[str, Any]:
        """Return the body as a JSON object, empty where it is none."""
        return self.data if isinstance(self.data, dict) else {}

    def excerpt(self) -> str:
        """Return the beginning of the body as text."""
        body = self.body
        if b"\0" in body[:_EXCERPT]:
            return f"<{len(body)} bytes, beginning {body[:8]!r}>"
        text = body[:_EXCERPT].decode("utf-8", "replace")
        rest = len(body) - _EXCERPT
        return text if rest <= 0 else f"{text}… ({rest} bytes more)"
