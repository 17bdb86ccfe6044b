"""Finds out whether there is anything to judge before any clause is judged."""

from __future__ import annotations

from .errors import CouldNotRunError, UnstableError
from .exchange import Request
from .session import Session


def find_base_url(session: Session) -> None:
    """Make sure that a server of the jobs API answers; add `/v1` to the URL where that is missing.

    Raises:
        CouldNotRunError: nothing answers, it is not a jobs API, or the key is refused.
    """
    try:
        status = session.send(Request("GET", "/list-jobs")).status
        if status == 404 and not session.base_url.endswith("/v1"):
            given = session.base_url
            session.base_url += "/v1"
            status = session.send(Request("GET", "/list-jobs")).status
            if status == 404:
                session.base_url = given
    except UnstableError as failure:
        if session.broken_off:
            # It answers, and how it answers is for a clause to judge.
            return
        raise CouldNotRunError(
            f"No answer from {session.base_url}: {failure}. Is the URL right?"
        ) from None
    if status == 404:
        raise CouldNotRunError(
            f"{session.base_url}/list-jobs answers 404. Give the URL of a deployment (--api-url)."
        )
    if status in (401, 403):
        raise CouldNotRunError(
            f"{session.base_url} refuses the API key with {status}. Give a valid one (--api-key)."
        )
