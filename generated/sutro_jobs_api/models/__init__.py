"""Contains all the data models used in inputs/outputs"""

from .error import Error
from .failure_reason import FailureReason
from .invalid_parameters_error import InvalidParametersError
from .job import Job
from .job_cancellation import JobCancellation
from .job_list import JobList
from .job_results import JobResults
from .job_status_by_id import JobStatusById
from .job_status_metadata import JobStatusMetadata
from .job_status_response import JobStatusResponse
from .output_schema import OutputSchema
from .parameter_issue import ParameterIssue
from .results_format import ResultsFormat
from .sampling_params import SamplingParams

__all__ = (
    "Error",
    "FailureReason",
    "InvalidParametersError",
    "Job",
    "JobCancellation",
    "JobList",
    "JobResults",
    "JobStatusById",
    "JobStatusMetadata",
    "JobStatusResponse",
    "OutputSchema",
    "ParameterIssue",
    "ResultsFormat",
    "SamplingParams",
)
