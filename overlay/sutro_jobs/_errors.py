"""All errors of the client, as one tree.

```
SutroError
├── ConfigurationError          the URL or the key of the API is missing or refused
├── ArgumentError               an argument cannot be sent or used
├── ForkError                   what was made before a fork cannot be used in the child
├── ConnectionFailedError       the connection failed or broke
├── RequestTimeoutError         no response in time
├── StatusError                 a response whose status is not a success
│   ├── BadRequestError         400
│   ├── AuthenticationError     401
│   ├── PermissionDeniedError   403
│   ├── NotFoundError           404
│   ├── ConflictError           409, such as results of a job that has not succeeded
│   ├── InvalidParametersError  422
│   ├── RateLimitError          429
│   └── ServerError             500 and above, 520 to 529 of a proxy included
├── DecodingError               a body that is not what its type promises
├── ProtocolError               a response that breaks the contract
│   ├── TruncatedError          shorter than the announced length
│   ├── ResponseTooLargeError   larger than max_response_size or max_list_size
│   ├── UnexpectedShapeError    fields or types other than documented
│   ├── RepeatedCursorError     pagination that never ends
│   ├── EmptyPagesError         pages without jobs, and ever more of them
│   └── RedirectError           a redirect that the key must not follow
├── FrameError                  results and a frame that do not fit together
│   ├── RowCountError           different numbers of rows
│   ├── ColumnClashError        a column that would be overwritten
│   └── UnpackError             structured outputs that cannot become columns
├── JobFailedError              the job that was waited for failed
├── JobCancelledError           the job that was waited for was cancelled
└── WaitTimeoutError            the job did not end in time
```
"""

from typing import Any


class SutroError(Exception):
    """Base of all errors of this package.

    `status_code`, `request_id`, `retry_after` (seconds) and `body` (the start of the response's
    body) are those of the last response, and None where there was none. Errors can be pickled, and
    never contain the API key.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        body: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.request_id = request_id
        self.retry_after = retry_after
        self.body = body


# Errors are built-in ones, too, where one fits, so that code which catches ValueError, TimeoutError
# or ConnectionError works unchanged.
class ConfigurationError(SutroError, ValueError):
    """The URL or the key of the API is missing or refused."""


class ArgumentError(SutroError, ValueError):
    """An argument cannot be sent or used; nothing was sent."""


class ForkError(SutroError, RuntimeError):
    """What was made before a fork belongs to the parent process; nothing was sent."""


class ConnectionFailedError(SutroError, ConnectionError):
    """No connection could be made, or it broke before the response was complete."""


class RequestTimeoutError(SutroError, TimeoutError):
    """The server did not respond in time."""


class StatusError(SutroError):
    """The server answered with a status that is not a success."""


class BadRequestError(StatusError):
    """Status 400."""


class AuthenticationError(StatusError):
    """Status 401: the key is missing, malformed or unknown to this deployment."""


class PermissionDeniedError(StatusError):
    """Status 403."""


class NotFoundError(StatusError):
    """Status 404: the account has no such job, or the URL is not that of the API."""


class ConflictError(StatusError):
    """Status 409: the state of the job does not allow this, such as results before success."""


class InvalidParametersError(StatusError):
    """Status 422. The message names each parameter that was refused."""


class RateLimitError(StatusError):
    """Status 429. `retry_after` is how long the server asks to wait, in seconds."""


class ServerError(StatusError):
    """Status 500 and above, including 520 to 529 of a proxy before the service."""


class DecodingError(SutroError):
    """A body cannot be decoded as the type that it should have."""


class ProtocolError(SutroError):
    """A response breaks the contract of the API."""


class TruncatedError(ProtocolError):
    """A body is shorter than its announced length."""


class ResponseTooLargeError(ProtocolError):
    """A body is larger than `max_response_size` or `max_list_size`; the rest was not read."""


class UnexpectedShapeError(ProtocolError):
    """A JSON body lacks required fields, or has other types than the contract says."""


class RepeatedCursorError(ProtocolError):
    """The server returned a cursor twice, so pagination would never end."""


class EmptyPagesError(ProtocolError):
    """The server returned many pages in a row without any job, each with a cursor for another."""


class RedirectError(ProtocolError):
    """The server redirects to another origin, which must not receive the API key."""


class FrameError(SutroError, ValueError):
    """Results and a frame do not fit together."""


class RowCountError(FrameError):
    """Results and the original frame have different numbers of rows."""


class ColumnClashError(FrameError):
    """A column of the results would overwrite another column."""


class UnpackError(FrameError):
    """Structured outputs cannot become columns."""


class JobFailedError(SutroError):
    """The job that was waited for failed. `failure_reason` is the reason as the API gives it."""

    def __init__(
        self,
        message: str,
        *,
        # Defaults, since unpickling passes the message alone and restores the rest.
        job_id: str = "",
        failure_reason: dict[str, Any] | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, request_id=request_id)
        self.job_id = job_id
        self.failure_reason = failure_reason


class JobCancelledError(SutroError):
    """The job that was waited for was cancelled."""

    def __init__(self, message: str, *, job_id: str = "", request_id: str | None = None) -> None:
        super().__init__(message, request_id=request_id)
        self.job_id = job_id


class WaitTimeoutError(SutroError, TimeoutError):
    """The job did not end in time. `last_status` is the status that was read last."""

    def __init__(self, message: str, *, job_id: str = "", last_status: str | None = None) -> None:
        super().__init__(message)
        self.job_id = job_id
        self.last_status = last_status
