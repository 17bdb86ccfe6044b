"""How job IDs stand in paths: any text, slashes and line ends included."""

from starlette.convertors import StringConvertor, register_url_convertor


class _JobId(StringConvertor):
    """Takes the whole rest; `path`, Starlette's own, lets go of a line feed at the end."""

    regex = r"[\s\S]*"


register_url_convertor("job", _JobId())

STATUS = "/job-status/{job_id:job}"
RESULTS = "/jobs/{job_id:job}/results"
RESULTS_URL = "/jobs/{job_id:job}/results-url"
JOB = "/jobs/{job_id:job}"
"""Takes the paths of results, too: a router needs it after theirs."""

CANCEL = "/job-cancel/{job_id:job}"
