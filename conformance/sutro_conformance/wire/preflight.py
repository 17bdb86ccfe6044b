"""Finds out whether there is anything to judge before any clause is judged."""

from __future__ import annotations

from .errors import CouldNotRunError, UnstableError
from .exchange import Exchange, Request
from .session import Session


def find_base_url(session: Session) -> Exchange | None:
    """Make sure that a server of the jobs API answers; add `/v1` to the URL where that is missing.

    Returns the list of jobs, or None where its answer breaks off each time.

    Raises:
        CouldNotRunError: nothing answers, it is not a jobs API, or the key is refused.
    """
    try:
        answer = session.send(Request("GET", "/list-jobs"))
        if answer.status == 404 and not session.base_url.endswith("/v1"):
            given = session.base_url
            session.base_url += "/v1"
            answer = session.send(Request("GET", "/list-jobs"))
            if answer.status == 404:
                session.base_url = given
    except UnstableError as failure:
        if session.broken_off:
            # It answers, and how it answers is for a clause to judge.
            return None
        raise CouldNotRunError(
            f"No answer from {session.base_url}: {failure}. Is the URL right?"
        ) from None
    if answer.status == 404:
        raise CouldNotRunError(
            f"{session.base_url}/list-jobs answers 404. Give the URL of a deployment (--api-url)."
        )
    if answer.status in (401, 403):
        raise CouldNotRunError(
            f"{session.base_url} refuses the API key with {answer.status}."
            " Give a valid one (--api-key)."
        )
    return answer
