"""The one place that sends requests: it guards, paces, repeats, redacts and records them."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import attrs
import httpx

from .codings import CodingError, decoded
from .connections import LARGEST_BODY, Answer, NetworkTransport, Transport
from .errors import (
    BrokenOffError,
    DisturbedError,
    NotAllowedError,
    OutOfTimeError,
    UnsendableError,
    UnstableError,
)
from .exchange import Exchange, Request, fill_in, leads_to_cancel
from .in_process import transport_for
from .pace import Pace
from .target import RunSettings, Target

_FROM_PROXIES = {502, 503, 504, *range(520, 528)}
_ATTEMPTS = 5
# An exchange that takes longer than this many times the longest silence is a drip.
_DRIP = 4
# How long an exchange may take once the run has lost as much time as its patience allows.
_IMPATIENT = 2.0
# A shorter key may stand in an answer by chance.
_SHORTEST_KEY = 8
_SHORTEST_SECRET = 4
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_CURSOR = re.compile(rb'"next_cursor"\s*:\s*"([\w=+/-]{1,8192})"')
_HEADERS = (
    ("Accept", "*/*"),
    ("Accept-Encoding", "identity"),
    ("User-Agent", "sutro-jobs-verify"),
)


@attrs.frozen
class BrokenOff:
    """A request whose answer broke off each time, and how.

    `is_whole` says that all of it came, and was wrongly encoded.
    """

    exchange: Exchange
    text: str
    is_whole: bool


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
    pace: Pace = attrs.field(init=False)
    made_up: set[str] = attrs.field(factory=set, init=False)
    requests: int = attrs.field(default=0, init=False)
    disturbances: list[str] = attrs.field(factory=list, init=False)
    broken_off: list[BrokenOff] = attrs.field(factory=list, init=False)
    _transport: Transport = attrs.field(init=False)
    _senders: ThreadPoolExecutor = attrs.field(init=False)
    _in_flight: threading.Semaphore = attrs.field(init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        self.base_url = self.target.url or "http://in-process"
        settings, most = self.settings, self.concurrency
        self.pace = Pace(
            settings.rate_limit or float("inf"),
            settings.time_budget or float("inf"),
            settings.patience,
        )
        if self.target.app is None:
            url = httpx.URL(self.base_url)
            self._transport = NetworkTransport(url, most, settings.timeout)
        else:
            self._transport = transport_for(self.target.app)
        self._senders = ThreadPoolExecutor(most)
        self._in_flight = threading.Semaphore(most)

    def close(self) -> None:
        """Close all connections."""
        self._senders.shutdown(cancel_futures=True)
        self._transport.close()

    def send_one_at_a_time(self) -> None:
        """Have no more than one request on its way from now on; none may be at this moment."""
        self._in_flight = threading.Semaphore(1)

    @property
    def concurrency(self) -> int:
        """Return how many requests may be on their way at a time."""
        return self.settings.concurrency or self.target.concurrency

    def send_all(
        self,
        requests: Iterable[Request],
        *,
        judged: bool = True,
        skipped: tuple[type[Exception], ...] = (),
    ) -> Iterator[Exchange]:
        """Send requests side by side and return the exchanges in order, see `send`.

        Requests that fail in a way that is `skipped` are left out.
        """
        futures: list[Future[Exchange]] = [
            self._senders.submit(self.send, request, judged=judged) for request in requests
        ]
        return _results(futures, skipped)

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
        failures: list[DisturbedError] = []
        while len(failures) < _ATTEMPTS:
            try:
                exchange = self._exchange(request)
            except DisturbedError as error:
                failures.append(error)
                self._note_failure(request, failures)
                continue
            if exchange.status == 429:
                self.pace.slow_down(_retry_after(exchange))
                continue
            self.pace.succeed()
            if exchange.status not in _FROM_PROXIES:
                if judged:
                    self.record(exchange)
                return exchange
            failures.append(DisturbedError(f"a proxy answered {exchange.status}"))
            self._note_failure(request, failures)
        raise UnstableError(f"{request.method} {request.target}: {failures[-1]}")

    def _note_failure(self, request: Request, failures: list[DisturbedError]) -> None:
        """Wait before the next attempt, or remember an answer that breaks off each time."""
        text = f"{request.method} {request.target}: {failures[-1]}"
        self.disturbances.append(text)
        is_whole = isinstance(failures[-1].__cause__, CodingError)
        if is_whole:
            # Asking again does not change what was wrongly encoded.
            failures += failures[-1:] * (_ATTEMPTS - len(failures))
        if len(failures) < _ATTEMPTS:
            self.pace.wait(0.05 * 2 ** len(failures), str(failures[-1]))
        elif all(isinstance(each, BrokenOffError) for each in failures):
            now = time.monotonic()
            exchange = Exchange(request, 0, (), b"", now, now)
            self.broken_off.append(BrokenOff(exchange, text, is_whole))

    def _guard(self, request: Request) -> None:
        if not leads_to_cancel(request.target):
            return
        job = request.job_id if request.operation == "cancel" else None
        has_leave = self.target.may_cancel and job in {*self.target.allow_cancel, *self.made_up}
        if not (self.target.allow_cancel_any or has_leave):
            raise NotAllowedError(f"No leave was given for {request.method} {request.target}.")

    def _exchange(self, request: Request) -> Exchange:
        keys = self._keys()
        credentials = [fill_in(value, keys) for value in request.authorization]
        with self._in_flight:
            self.pace.take_turn()
            with self._lock:
                self.requests += 1
            started = time.monotonic()
            answer = self._ask(request, credentials)
        sent = {*keys.values(), *(value.rpartition(" ")[2] for value in credentials)}
        body = _plain(answer)
        return Exchange(
            request,
            answer.status,
            answer.headers,
            body,
            started,
            time.monotonic(),
            _shows_key(answer, body, [key for key in sent if len(key) >= _SHORTEST_KEY]),
        )

    def _ask(self, request: Request, credentials: list[str]) -> Answer:
        own = {name.lower() for name, _ in request.headers}
        fields = [pair for pair in _HEADERS if pair[0].lower() not in own]
        fields += [*request.headers, *(("Authorization", value) for value in credentials)]
        limit = _DRIP * self.settings.timeout if self.pace.is_patient else _IMPATIENT
        began = time.monotonic()
        try:
            return self._transport.ask(
                request.method,
                self._url(request),
                [(name.encode(), value.encode()) for name, value in fields],
                within=max(min(limit, self.pace.remaining), 0.0),
            )
        except DisturbedError as error:
            if self.pace.remaining <= 0:
                raise OutOfTimeError from error
            self.pace.lose(time.monotonic() - began, str(error))
            raise

    def _url(self, request: Request) -> httpx.URL:
        try:
            return httpx.URL(self.base_url + request.target)
        except (httpx.InvalidURL, ValueError) as error:
            raise UnsendableError(f"{request.method} {request.target[:80]}: {error}") from error

    def _keys(self) -> dict[str, str]:
        keys = {"SUTRO_API_KEY": self.target.api_key}
        if self.target.second_api_key is not None:
            keys["SUTRO_SECOND_API_KEY"] = self.target.second_api_key
        return keys

    def redacted(self, text: str) -> str:
        """Return a text with the names of their variables in place of API keys.

        What would write to a terminal other than letters is shown by its number.
        """
        for name, key in self._keys().items():
            text = text.replace(key, f"${name}") if len(key) >= _SHORTEST_SECRET else text
        return _NOT_SHOWN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _results(
    futures: list[Future[Exchange]], skipped: tuple[type[Exception], ...]
) -> Iterator[Exchange]:
    try:
        for future in futures:
            with suppress(*skipped):
                yield future.result()
    finally:
        for future in futures:
            future.cancel()


def _plain(answer: Answer) -> bytes:
    codings = [value for name, value in answer.headers if name.lower() == "content-encoding"]
    if not codings or not answer.body:
        return answer.body
    try:
        return decoded(answer.body, ", ".join(codings), LARGEST_BODY)
    except CodingError as error:
        raise BrokenOffError(f"the body is not what Content-Encoding says: {error}") from error


def _shows_key(answer: Answer, body: bytes, keys: list[str]) -> bool:
    texts = [body, *(value.encode() for _, value in answer.headers)]
    texts += [_unpacked(cursor) for cursor in _CURSOR.findall(body)]
    return any(key.encode() in text for key in keys for text in texts)


def _unpacked(cursor: bytes) -> bytes:
    """Return what is in a cursor that is the base64 of something, or nothing."""
    try:
        return base64.b64decode(cursor.rstrip(b"=") + b"==", altchars=b"-_")
    except ValueError:
        return b""


def _retry_after(exchange: Exchange) -> float:
    value = exchange.header("retry-after") or "1"
    if value.isascii() and value.isdecimal():
        return max(float(value), 0.05)
    try:
        return max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.05)
    except (TypeError, ValueError, OverflowError):
        return 1.0
