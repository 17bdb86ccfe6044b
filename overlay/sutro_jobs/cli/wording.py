"""Errors of the library in the words of the command line: options in place of arguments."""

from __future__ import annotations

import re

# What the library advises, and what to do instead on the command line. Whole sentences come first,
# as the names in them are arguments, too.
_PHRASES = {
    "Pass on_invalid_json='null' for null in such rows, 'keep' to keep their text in the output "
    "column, or unpack_json=False to keep all outputs as text.": "Pass --no-unpack to keep all "
    "outputs as text.",
    "Pass unpack_json=False and unpack the outputs yourself.": "Pass --no-unpack.",
    "Read all jobs at once with page_size=None, and tell": "Tell",
    "Send fewer requests at a time, or raise max_retries.": "Try again later.",
    "Try again, or raise timeout or total_timeout.": "Try again.",
    "download_job_results(job_id, path, format='csv')": "'sutro-jobs download JOB_ID PATH -f csv'",
    "Wait again, or cancel_job() it.": "Wait again, or run 'sutro-jobs cancel JOB_ID'.",
    "wait_for_job(job_id)": "'sutro-jobs wait JOB_ID'",
    "list_jobs()": "'sutro-jobs list'",
    "Ask again with include_inputs=False.": "Leave out --inputs.",
    "Ask again with include_cumulative_logprobs=False.": "Leave out --logprobs.",
    "output_column": "--output-column",
    "api_url": "--api-url",
    "api_key": "--api-key",
    "job_id": "JOB_ID",
}
_ANY = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, _PHRASES)) + ")")


def speak_of_options(message: str) -> str:
    """Return the message of an error with options and commands in place of Python's names."""
    return _ANY.sub(lambda found: _PHRASES[found[0]], message)
