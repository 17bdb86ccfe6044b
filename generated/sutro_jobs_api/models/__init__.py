"""Contains all the data models used in inputs/outputs"""

from .error import Error
from .failure_reason import FailureReason
from .invalid_parameters_error import InvalidParametersError
from .job import Job
from .job_cancellation import JobCancellation
from .job_list import JobList
from .job_response import JobResponse
from .job_results import JobResults
from .job_results_request import JobResultsRequest
from .job_results_response import JobResultsResponse
from .job_results_url import JobResultsUrl
from .job_status_by_id import JobStatusById
from .job_status_metadata import JobStatusMetadata
from .job_status_response import JobStatusResponse
from .no_such_job_error import NoSuchJobError
from .output_schema import OutputSchema
from .parameter_issue import ParameterIssue
from .presigned_urls import PresignedUrls
from .results_artifact import ResultsArtifact
from .results_file_format import ResultsFileFormat
from .results_format import ResultsFormat
from .sampling_params import SamplingParams

__all__ = (
    "Error",
    "FailureReason",
    "InvalidParametersError",
    "Job",
    "JobCancellation",
    "JobList",
    "JobResponse",
    "JobResults",
    "JobResultsRequest",
    "JobResultsResponse",
    "JobResultsUrl",
    "JobStatusById",
    "JobStatusMetadata",
    "JobStatusResponse",
    "NoSuchJobError",
    "OutputSchema",
    "ParameterIssue",
    "PresignedUrls",
    "ResultsArtifact",
    "ResultsFileFormat",
    "ResultsFormat",
    "SamplingParams",
)
