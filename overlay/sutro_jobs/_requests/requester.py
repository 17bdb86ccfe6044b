"""From a call to its response: authentication, retries, deadlines, typed errors, events.

All of it as flows, and so the same for both clients. Flows of other modules use `fetch` for small
responses and `stream` for results.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING

import httpx

from .._configuration.events import RequestEvent, ResponseEvent
from .._errors import ArgumentError, RedirectError, SutroError
from .bounds.bounds import Bounds
from .bounds.clock import KEY, ExchangeClock
from .flow import Body, Close, Effect, Flow, Open, Read, Response, Send, Sink, Sleep, Stream
from .responses.content_coding import ACCEPTED_CODINGS
from .responses.status_errors import status_error
from .responses.transport_errors import TRANSPORT_ERRORS, transport_error
from .retry import Retries

if TYPE_CHECKING:
    from .._adapter import Call, Operation
    from .._configuration.account import Account
    from .._configuration.options import Options

_MakeEffect = Callable[[httpx.Request, ExchangeClock], Effect]

_log = logging.getLogger("sutro_jobs")
# A deployment redirects once or twice, say to a path with a slash; more than five is a loop.
_MOST_REDIRECTS = 5


class Requester:
    """Makes the requests of an account, over connections that belong to drivers.

    `missing_operations` are those that the server was found to lack, for as long as clients share
    the set. `may_leave_origin` tells whether another host can be asked without what a client of the
    user's own adds to its requests.
    """

    def __init__(
        self,
        account: Account,
        options: Options,
        headers: Mapping[str, str],
        missing_operations: set[Operation],
        *,
        may_leave_origin: bool,
    ) -> None:
        self.account = account
        self.options = options
        self.missing_operations = missing_operations
        self.may_leave_origin = may_leave_origin
        # Its repr hides the value of Authorization.
        self._headers = httpx.Headers(headers)
        self.user_agent = self._headers.get("User-Agent", "sutro-jobs")
        self._headers["Authorization"] = f"Key {account.api_key.reveal()}"
        # A client of the user may offer more, for which httpx has decoders without bounds.
        self._headers["Accept-Encoding"] = ACCEPTED_CODINGS
        self.bounds = Bounds(options)
        self._base = httpx.URL(account.base_url)

    def fetch(
        self, call: Call, total_timeout: float | None = None, *, is_list: bool = False
    ) -> Flow[Response]:
        """Send a call, retrying transient failures, and return the response with its whole body.

        `total_timeout` overrides that of the options. Lists may be larger than other responses.

        Raises:
            SutroError: the error of the last attempt.
        """

        def send(request: httpx.Request, clock: ExchangeClock) -> Effect:
            return Send(request, clock, self.bounds.limit(is_list=is_list))

        total = self.options.total_timeout if total_timeout is None else total_timeout
        return self._repeated(lambda: call, send, total)

    def open(self, call: Call, deadline: float = inf) -> Flow[Response]:
        """Send a call for a list once, and return a response whose body is for `read` and `close`.

        `deadline` is the moment when the body has to be read, on the monotonic clock.

        Raises:
            SutroError: why there is no such response.
        """

        def open_(request: httpx.Request, clock: ExchangeClock) -> Effect:
            return Open(request, clock, self.bounds.limit(is_list=True))

        until = min(deadline, time.monotonic() + self.options.total_timeout)
        clock = self.bounds.download_clock(until, bounds_body=deadline < inf)
        response = yield from self._exchange(call, 1, clock, open_)
        if response.body is None:
            raise self._status_error(call, response)
        return response

    def read(self, response: Response) -> Flow[bytes]:
        """Return the next piece of the body of an open response, no bytes at its end.

        Raises:
            SutroError: the connection broke, or the body cannot be decompressed or is too large.
        """
        try:
            piece: bytes = yield Read(_body_of(response))
        except TRANSPORT_ERRORS as error:
            raise transport_error("The response", error) from error.with_traceback(None)
        return piece

    def close(self, response: Response) -> Flow[None]:
        """Give up the rest of an open response."""
        yield Close(_body_of(response))

    def stream(
        self, prepare: Callable[[], Call], sink: Sink, position: Callable[[], int]
    ) -> Flow[Response]:
        """Send a call until its whole body has gone to `sink`, and return the head of the response.

        `prepare` returns the call of each attempt, which can request the rest. `position` returns
        the number of bytes received so far. An attempt that brings them fast enough restarts the
        number of retries and the deadline.

        Raises:
            SutroError: the error of the last attempt.
        """

        def stream(request: httpx.Request, clock: ExchangeClock) -> Effect:
            return Stream(request, sink, clock)

        return self._repeated(prepare, stream, self.options.total_timeout, position)

    def _repeated(
        self,
        prepare: Callable[[], Call],
        effect: _MakeEffect,
        total_timeout: float,
        position: Callable[[], int] | None = None,
    ) -> Flow[Response]:
        started = time.monotonic()
        retries: Retries | None = None
        attempt, furthest = 1, position() if position else 0
        make_clock = self.bounds.download_clock if position else self.bounds.clock
        while True:
            call, began = prepare(), time.monotonic()
            clock = make_clock(started + total_timeout)
            try:
                response = yield from self._exchange(call, attempt, clock, effect)
                if response.status_code < 300:
                    return response
                # Raised here, as each call in between is a frame more in a user's traceback.
                raise self._status_error(call, response)
            except SutroError as error:
                retries = retries or self._retries(started, total_timeout)
                if position:
                    now, received = time.monotonic(), position() - furthest
                    furthest += max(0, received)
                    if self.bounds.is_progress(received, now - began):
                        started = now
                        retries.started_at(started)
                pause = retries.wait_after(error)
                if pause is None:
                    raise
                self._announce_retry(call, attempt, error, pause)
            yield Sleep(pause)
            attempt += 1

    def _exchange(
        self, call: Call, attempt: int, clock: ExchangeClock, effect: _MakeEffect
    ) -> Flow[Response]:
        """Make one attempt, following redirects within the origin that the key belongs to."""
        request = self._request(call, clock)
        response = yield from self._send(call, request, attempt, effect(request, clock))
        for _ in range(_MOST_REDIRECTS):
            location = response.headers.get("location")
            if not (300 <= response.status_code < 400 and location):
                break
            request = self._redirected(call, request, location)
            response = yield from self._send(call, request, attempt, effect(request, clock))
        return response

    def _send(
        self,
        call: Call,
        request: httpx.Request,
        attempt: int,
        effect: Effect,
    ) -> Flow[Response]:
        url = f"{self.account.base_url}{call.path}"
        if self.options.on_request:
            self.options.on_request(RequestEvent(call.operation, call.method, url, attempt))
        began = time.monotonic()
        response = yield from self.exchange(f"{call.method} {call.path}", effect)
        self._observe(call, url, attempt, response, time.monotonic() - began)
        return response

    def exchange(self, what: str, effect: Effect) -> Flow[Response]:
        """Perform an effect that answers with a response; errors name `what` was asked for.

        Raises:
            SutroError: the connection failed or broke.
        """
        try:
            response: Response = yield effect
        except TRANSPORT_ERRORS as error:
            # Frames below this one have the headers of the request, and with them the key.
            raise transport_error(what, error) from error.with_traceback(None)
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

    def _request(self, call: Call, clock: ExchangeClock) -> httpx.Request:
        try:
            request = httpx.Request(
                call.method,
                f"{self.account.base_url}{call.path}",
                params=dict(call.params) or None,
                headers=self._headers,
                json=call.json,
                extensions={"timeout": self.bounds.timeouts_until(clock.end), KEY: clock},
            )
        except httpx.InvalidURL as error:
            raise ArgumentError(f"{call.operation} cannot be sent: {error}") from error
        request.headers.update(call.headers)
        return request

    def _redirected(self, call: Call, request: httpx.Request, location: str) -> httpx.Request:
        try:
            target = request.url.join(location)
            is_same = (target.scheme, target.netloc) == (self._base.scheme, self._base.netloc)
            host = target.host
        except (httpx.InvalidURL, ValueError) as error:
            raise RedirectError(
                f"{call.method} {call.path} was redirected to something that is not a URL. Check "
                "that api_url is a Sutro deployment."
            ) from error
        if not is_same:
            raise RedirectError(
                f"{call.method} {call.path} was redirected to another origin, {host}, to which the "
                "API key is not sent. If that is the deployment, set api_url to it."
            )
        return httpx.Request(
            request.method,
            target,
            headers=request.headers,
            content=request.content or None,
            extensions=request.extensions,
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
            "%s %s: attempt %d failed (%s); retrying in %.2f s",
            call.method,
            call.path,
            attempt,
            error,
            pause,
        )


def _body_of(response: Response) -> Body:
    if response.body is None:
        raise ValueError("The response was not opened for reading.")
    return response.body
