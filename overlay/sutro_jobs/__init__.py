"""Client of the Sutro batch-inference jobs API.

>>> from sutro_jobs import Sutro
>>> with Sutro() as client:
...     results = client.get_job_results("batch_job_12345")
"""

from typing import TYPE_CHECKING

from ._client.async_sutro import AsyncSutro
from ._client.sutro import Sutro
from ._configuration.events import RequestEvent, ResponseEvent
from ._errors import (
    ArgumentError,
    AuthenticationError,
    BadRequestError,
    ColumnClashError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    DecodingError,
    EmptyPagesError,
    ForkError,
    FrameError,
    InvalidParametersError,
    JobCancelledError,
    JobFailedError,
    NotFoundError,
    PermissionDeniedError,
    ProtocolError,
    RateLimitError,
    RedirectError,
    RepeatedCursorError,
    RequestTimeoutError,
    ResponseTooLargeError,
    RowCountError,
    ServerError,
    StatusError,
    SutroError,
    TruncatedError,
    UnexpectedShapeError,
    UnpackError,
    WaitTimeoutError,
)
from ._jobs.cancellation import JobCancellation
from ._jobs.job import Job
from ._jobs.job_list import AsyncJobList, JobList
from ._jobs.pages import JobPage
from ._jobs.status import JobStatus, JobStatusReport

__all__ = [
    "ArgumentError",
    "AsyncJobList",
    "AsyncSutro",
    "AuthenticationError",
    "BadRequestError",
    "ColumnClashError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "DecodingError",
    "EmptyPagesError",
    "ForkError",
    "FrameError",
    "InvalidParametersError",
    "Job",
    "JobCancellation",
    "JobCancelledError",
    "JobFailedError",
    "JobList",
    "JobPage",
    "JobStatus",
    "JobStatusReport",
    "NotFoundError",
    "PermissionDeniedError",
    "ProtocolError",
    "RateLimitError",
    "RedirectError",
    "RepeatedCursorError",
    "RequestEvent",
    "RequestTimeoutError",
    "ResponseEvent",
    "ResponseTooLargeError",
    "RowCountError",
    "ServerError",
    "StatusError",
    "Sutro",
    "SutroError",
    "TruncatedError",
    "UnexpectedShapeError",
    "UnpackError",
    "WaitTimeoutError",
]

__version__: str

if not TYPE_CHECKING:  # A type checker would take any name for one of this package.

    def __getattr__(name: str) -> str:
        # Looked up when asked for: importlib.metadata takes half as long as all of the client.
        if name == "__version__":
            from importlib.metadata import version

            return version("sutro-jobs")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
