"""Changes of responses that make a wrong server of the reference server."""

import httpx
from attrs import evolve

from tests.support.scripted_server import Request, Response


def oldest_first(request: Request, response: Response) -> Response:
    """Turn the list around."""
    if request.path != "/list-jobs" or request.method != "GET" or response.status != 200:
        return response
    page = response.json()
    return evolve(response, body=page | {"jobs": page["jobs"][::-1]})


def echo(request: Request, response: Response) -> Response:
    """Repeat the key in every error and in a header."""
    key = request.headers.get("Authorization", "")
    headers = httpx.Headers(response.headers)
    headers["X-Credentials"] = key.encode("ascii", "replace").decode()
    body = {"detail": f"Refused: {key}"} if response.status >= 400 else response.body
    return evolve(response, body=body, headers=headers)
