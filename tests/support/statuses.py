"""Answers about the status of a job, `job-1`."""

from .scripted_server import Response

RUNNING = Response(body={"message": "", "job_status": {"job-1": "RUNNING"}, "metadata": None})


def statuses(*states: str | int, reason: object = None) -> list[Response]:
    """Return a script of the states of a job; a number is an error of that HTTP status."""
    metadata = {"failure_reason": reason}
    return [
        Response(state)
        if isinstance(state, int)
        else Response(body={"job_status": {"job-1": state}, "metadata": metadata})
        for state in states
    ]
