"""The one place that sends requests: it guards, paces, repeats, redacts and records them."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import unquote

import attrs
import httpx

from .errors import NotAllowedError, OutOfTimeError, UnsendableError, UnstableError
from .exchange import Exchange, Request, fill_in
from .in_process import transport_for
from .target import RunSettings, Target

_FROM_PROXIES = {502, 503, 504, *range(520, 528)}
_ATTEMPTS = 5
# A shorter key may stand in an answer by chance.
_SHORTEST_KEY = 8
_SHORTEST_SECRET = 4
_CURSOR = re.compile(rb'"next_cursor"\s*:\s*"([\w=+/-]+)"')
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "sutro-jobs-verify"}


@attrs.define(eq=False)
class Session:
    """Sends requests to the target and hands each exchange to `record`.

    `made_up` holds IDs that no job can have; with leave to cancel they may be cancelled too.
    `broken_off` holds requests whose answers broke off each time.
    """

    target: Target
    settings: RunSettings
    record: Callable[[Exchange], None]
    base_url: str = attrs.field(init=False)
    made_up: set[str] = attrs.field(factory=set, init=False)
    requests: int = attrs.field(default=0, init=False)
    waited: float = attrs.field(default=0.0, init=False)
    disturbances: list[str] = attrs.field(factory=list, init=False)
    broken_off: list[tuple[str, Exchange]] = attrs.field(factory=list, init=False)
    _client: httpx.Client = attrs.field(init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    _began: float = attrs.field(factory=time.monotonic, init=False)
    _next_slot: float = attrs.field(default=0.0, init=False)

    def __attrs_post_init__(self) -> None:
        self.base_url = self.target.url or "http://in-process"
        app = self.target.app
        self._client = httpx.Client(
            headers=_HEADERS,
            timeout=self.settings.timeout,
            transport=None if app is None else transport_for(app),
            # A cookie could stand in for the key.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    @property
    def remaining(self) -> float:
        """Return how much of the time budget is left, in seconds."""
        budget = self.settings.time_budget
        return float("inf") if budget is None else budget - (time.monotonic() - self._began)

    def send(self, request: Request, *, judged: bool = True) -> Exchange:
        """Send a request, again where the network or a proxy fails, and return the exchange.

        Unless it is `judged`, the exchange is not handed to `record`.

        Raises:
            NotAllowedError: it touches the cancel endpoint without leave; nothing was sent.
            UnstableError: neither it nor its repetitions got an answer from the server.
            UnsendableError: it is not valid HTTP; nothing was sent.
            OutOfTimeError: the time budget is used up.
        """
        self._guard(request)
        failures: list[str] = []
        broken_off = 0
        while len(failures) < _ATTEMPTS:
            try:
                exchange = self._exchange(request)
            except (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise UnsendableError(str(error)) from error
            except httpx.DecodingError as error:
                # The body is not what Content-Encoding says. Asking again changes nothing.
                failures += [f"{type(error).__name__}: {error}"] * (_ATTEMPTS - len(failures))
                broken_off = _ATTEMPTS
            except httpx.HTTPError as error:
                broken_off += isinstance(error, httpx.RemoteProtocolError)
                failures.append(f"{type(error).__name__}: {error}")
            else:
                if exchange.status == 429:
                    self._wait(_retry_after(exchange), "the server answered 429")
                    continue
                if exchange.status not in _FROM_PROXIES:
                    if judged:
                        self.record(exchange)
                    return exchange
                failures.append(f"a proxy answered {exchange.status}")
            self.disturbances.append(f"{request.method} {request.target}: {failures[-1]}")
            if len(failures) < _ATTEMPTS:
                self._wait(0.05 * 2 ** len(failures), failures[-1])
        text = f"{request.method} {request.target}: {failures[-1]}"
        if broken_off == _ATTEMPTS:
            now = time.monotonic()
            self.broken_off.append((text, Exchange(request, 0, (), b"", now, now)))
        raise UnstableError(text)

    def _guard(self, request: Request) -> None:
        if "job-cancel" not in unquote(unquote(request.target)).lower():
            return
        job = request.job_id if request.operation == "cancel" else None
        has_leave = self.target.may_cancel and job in {*self.target.allow_cancel, *self.made_up}
        if not (self.target.allow_cancel_any or has_leave):
            raise NotAllowedError(f"No leave was given for {request.method} {request.target}.")

    def _exchange(self, request: Request) -> Exchange:
        self._pace()
        keys = self._keys()
        credentials = [fill_in(value, keys) for value in request.authorization]
        headers = [*request.headers, *(("Authorization", value) for value in credentials)]
        started = time.monotonic()
        response = self._client.request(
            request.method,
            self.base_url + request.target,
            headers=[(name.encode(), value.encode()) for name, value in headers],
        )
        sent = {*keys.values(), *(value.rpartition(" ")[2] for value in credentials)}
        return Exchange(
            request,
            response.status_code,
            tuple(response.headers.multi_items()),
            response.content,
            started,
            time.monotonic(),
            _shows_key(response, (key for key in sent if len(key) >= _SHORTEST_KEY)),
        )

    def _keys(self) -> dict[str, str]:
        keys = {"SUTRO_API_KEY": self.target.api_key}
        if self.target.second_api_key is not None:
            keys["SUTRO_SECOND_API_KEY"] = self.target.second_api_key
        return keys

    def redacted(self, text: str) -> str:
        """Return a text with the names of their variables in place of API keys."""
        for name, key in self._keys().items():
            text = text.replace(key, f"${name}") if len(key) >= _SHORTEST_SECRET else text
        return text

    def _pace(self) -> None:
        if self.remaining <= 0:
            raise OutOfTimeError
        with self._lock:
            self.requests += 1
            now = time.monotonic()
            slot = max(now, self._next_slot)
            self._next_slot = slot + 1 / (self.settings.rate_limit or float("inf"))
        time.sleep(slot - now)

    def _wait(self, seconds: float, cause: str) -> None:
        if seconds > self.remaining:
            raise OutOfTimeError
        if self.waited + seconds > self.settings.patience:
            raise UnstableError(
                f"{cause}, and the run has waited {self.waited:.0f} seconds already"
            )
        self.waited += seconds
        time.sleep(seconds)


def _shows_key(response: httpx.Response, keys: Iterable[str]) -> bool:
    texts = [response.content, *(value.encode() for _, value in response.headers.multi_items())]
    texts += [_decoded(cursor) for cursor in _CURSOR.findall(response.content)]
    return any(key.encode() in text for key in keys for text in texts)


def _decoded(cursor: bytes) -> bytes:
    """Return what is in a cursor that is the base64 of something, or nothing."""
    try:
        return base64.b64decode(cursor.rstrip(b"=") + b"==", altchars=b"-_")
    except ValueError:
        return b""


def _retry_after(exchange: Exchange) -> float:
    value = exchange.header("retry-after") or "1"
    if value.isdecimal():
        return max(float(value), 0.05)
    try:
        return max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.05)
    except (TypeError, ValueError):
        return 1.0
