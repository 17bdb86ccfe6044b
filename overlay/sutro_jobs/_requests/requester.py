"""From a call to its response: authentication, retries, deadline, typed errors, events.

All of it as flows, so that it is the same for both clients. Flows of other modules use `fetch`
for small responses and `stream` for results.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING

import httpx

from .._configuration.events import RequestEvent, ResponseEvent
from .._errors import (
    ConnectionFailedError,
    DecodingError,
    RedirectError,
    RequestTimeoutError,
    SutroError,
    TruncatedError,
)
from .flow import Flow, Response, Send, Sink, Sleep, Stream
from .retry import Retries
from .status_errors import status_error

if TYPE_CHECKING:
    from .._adapter import Call
    from .._configuration.account import Account
    from .._configuration.options import Options

_log = logging.getLogger("sutro_jobs")
_MOST_REDIRECTS = 5
_SHORTEST_TIMEOUT = 0.001
_BODY_CUT = "without sending complete message body"  # h11's words; it has no class for this


class Requester:
    """Makes requests for an account. Holds no connection: drivers do."""

    def __init__(self, account: Account, options: Options, headers: Mapping[str, str]) -> None:
        self.account = account
        self.options = options
        # Its repr hides the value of Authorization.
        self._headers = httpx.Headers(headers)
        self._headers["Authorization"] = f"Key {account.api_key.reveal()}"
        self._timeouts = httpx.Timeout(options.timeout).as_dict()
        self._longest = max(inf if wait is None else wait for wait in self._timeouts.values())
        self._base = httpx.URL(account.base_url)

    def fetch(self, call: Call, total_timeout: float | None = None) -> Flow[Response]:
        """Send a call until it succeeds, and return its response with the whole body.

        `total_timeout` replaces that of the options where it is given.

        Raises:
            SutroError: what happened in the last attempt.
        """
        total = self.options.total_timeout if total_timeout is None else total_timeout
        return self._repeated(lambda: call, total, None, lambda: 0)

    def stream(
        self, prepare: Callable[[], Call], sink: Sink, position: Callable[[], int]
    ) -> Flow[Response]:
        """Send a call until its whole body has gone to `sink`, and return the response's head.

        `prepare` is asked for the call of each attempt, so that it can ask for what is missing.
        `position` tells how many bytes of the whole are there; an attempt that got further than
        all before it renews the number of retries and the deadline.

        Raises:
            SutroError: what happened in the last attempt.
        """
        return self._repeated(prepare, self.options.total_timeout, sink, position)

    def _repeated(
        self,
        prepare: Callable[[], Call],
        total_timeout: float,
        sink: Sink | None,
        position: Callable[[], int],
    ) -> Flow[Response]:
        started = time.monotonic()
        # Bytes that go to a sink may take as long as they like.
        deadline = None if sink else started + total_timeout
        retries: Retries | None = None
        attempt, furthest = 1, position()
        while True:
            call = prepare()
            try:
                response = yield from self._exchange(call, attempt, deadline, sink)
                if response.status_code < 300:
                    return response
                # Raised here, as each call in between is a frame more in a user's traceback.
                raise self._status_error(call, response)
            except SutroError as error:
                retries = retries or self._retries(started, total_timeout)
                if position() > furthest:
                    furthest = position()
                    retries.started_at(time.monotonic())
                pause = retries.wait_after(error)
                if pause is None:
                    raise
                self._announce_retry(call, attempt, error, pause)
            yield Sleep(pause)
            attempt += 1

    def _exchange(
        self, call: Call, attempt: int, deadline: float | None, sink: Sink | None
    ) -> Flow[Response]:
        """Make one attempt. Redirects are followed within the origin that the key belongs to."""
        request = self._request(call, deadline)
        response = yield from self._send(call, request, attempt, deadline, sink)
        for _ in range(_MOST_REDIRECTS):
            location = response.headers.get("location")
            if not (300 <= response.status_code < 400 and location):
                break
            request = self._redirected(call, request, location)
            response = yield from self._send(call, request, attempt, deadline, sink)
        return response

    def _send(
        self,
        call: Call,
        request: httpx.Request,
        attempt: int,
        deadline: float | None,
        sink: Sink | None,
    ) -> Flow[Response]:
        url = f"{self.account.base_url}{call.path}"
        if self.options.on_request:
            self.options.on_request(RequestEvent(call.operation, call.method, url, attempt))
        began = time.monotonic()
        try:
            effect = Stream(request, sink) if sink else Send(request, deadline)
            response: Response = yield effect
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The frames below hold the request's headers, and with them the key.
            raise _translated(call, error) from error.with_traceback(None)
        self._observe(call, url, attempt, response, time.monotonic() - began)
        return response

    def _observe(
        self, call: Call, url: str, attempt: int, response: Response, seconds: float
    ) -> None:
        _log.debug("%s %s: %d in %.3f s", call.method, url, response.status_code, seconds)
        if self.options.on_response:
            self.options.on_response(
                ResponseEvent(
                    call.operation,
                    call.method,
                    url,
                    attempt,
                    response.status_code,
                    response.request_id,
                    seconds,
                )
            )

    def _request(self, call: Call, deadline: float | None) -> httpx.Request:
        request = httpx.Request(
            call.method,
            f"{self.account.base_url}{call.path}",
            params=dict(call.params) or None,
            headers=self._headers,
            extensions={"timeout": self._timeouts_until(deadline)},
        )
        request.headers.update(call.headers)
        return request

    def _timeouts_until(self, deadline: float | None) -> dict[str, float | None]:
        left = inf if deadline is None else max(deadline - time.monotonic(), _SHORTEST_TIMEOUT)
        if left >= self._longest:
            return self._timeouts
        return {
            name: left if wait is None else min(wait, left) for name, wait in self._timeouts.items()
        }

    def _redirected(self, call: Call, request: httpx.Request, location: str) -> httpx.Request:
        target = request.url.join(location)
        if (target.scheme, target.netloc) != (self._base.scheme, self._base.netloc):
            raise RedirectError(
                f"{call.method} {call.path} was redirected to another origin, {target.host}, "
                "and the API key does not go there. If that is the deployment, set api_url to it."
            )
        return httpx.Request(
            request.method, target, headers=request.headers, extensions=request.extensions
        )

    def _status_error(self, call: Call, response: Response) -> SutroError:
        what = f"{call.method} {call.path}"
        return status_error(what, response, self.account.api_key.reveal())

    def _retries(self, started: float, total_timeout: float) -> Retries:
        retries = Retries(self.options.max_retries, total_timeout)
        retries.started_at(started)
        return retries

    def _announce_retry(self, call: Call, attempt: int, error: SutroError, pause: float) -> None:
        _log.info(
            "%s %s: attempt %d failed (%s); the next one follows in %.2f s",
            call.method,
            call.path,
            attempt,
            error,
            pause,
        )


def _translated(call: Call, error: Exception) -> SutroError:
    what = f"{call.method} {call.path}"
    if isinstance(error, httpx.TimeoutException):
        return RequestTimeoutError(f"{what} got no answer in time. Try again, or raise timeout.")
    if isinstance(error, httpx.RemoteProtocolError) and _BODY_CUT in str(error):
        return TruncatedError(f"{what}: the response ended early ({error}). Try again.")
    if isinstance(error, httpx.DecodingError):
        return DecodingError(f"{what}: the body cannot be decompressed ({error}).")
    return ConnectionFailedError(
        f"{what}: {type(error).__name__}: {error}. Check api_url and the network."
    )
