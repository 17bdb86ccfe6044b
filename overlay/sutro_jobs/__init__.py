"""Client of the Sutro batch-inference jobs API.

>>> from sutro_jobs import Sutro
>>> with Sutro() as client:
...     results = client.get_job_results("batch_job_12345")
"""

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
