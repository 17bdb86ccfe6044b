"""A server in front of another one: it passes requests on, and may change the responses."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import httpx
from attrs import frozen

from .scripted_server import Raw, Reply, Request, Response, ScriptedServer, scripted_server

Change = Callable[[Request, Response], Reply]

# Fields that belong to one connection, and those that the server in front writes itself.
NOT_FORWARDED = {"connection", "date", "host", "server", "transfer-encoding"}


def unchanged(_: Request, response: Response) -> Reply:
    """Change nothing."""
    return response


@frozen
class Forward:
    """A handler that passes requests on to `upstream`; it hangs up where that cannot answer."""

    upstream: str
    client: httpx.Client
    change: Change = unchanged

    def __call__(self, request: Request) -> Reply:
        try:
            return self.change(request, self.ask(request))
        except httpx.TransportError:
            return Raw()

    def ask(self, request: Request) -> Response:
        """Return the response of the server behind, its body as it came."""
        outgoing = httpx.Request(
            request.method,
            self.upstream,
            headers=forwarded(request.headers),
            content=request.body,
            extensions={"target": request.target.encode("latin-1")},
        )
        incoming = self.client.send(outgoing, stream=True)
        try:
            body = b"".join(incoming.iter_raw())
        finally:
            incoming.close()
        headers = forwarded(incoming.headers)
        if request.method != "HEAD":
            headers.pop("Content-Length", None)  # It follows from the body, which may be changed.
        return Response(incoming.status_code, body, headers)


def forwarded(headers: httpx.Headers) -> httpx.Headers:
    """Return the fields that are passed on."""
    return httpx.Headers(
        [each for each in headers.raw if each[0].decode().lower() not in NOT_FORWARDED]
    )


@contextmanager
def front(upstream: str, change: Change = unchanged) -> Iterator[ScriptedServer]:
    """Serve in front of `upstream` while the block lasts."""
    with httpx.Client() as client, scripted_server(Forward(upstream, client, change)) as server:
        yield server


@contextmanager
def wsgi_front(upstream: str) -> Iterator[WSGIApplication]:
    """Yield a WSGI application that passes requests on to `upstream` while the block lasts."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = forward.ask(wsgi_request(environ))
        start_response(f"{response.status} OK", httpx.Headers(response.headers).multi_items())
        return [response.content]

    with httpx.Client() as client:
        forward = Forward(upstream, client)
        yield application


def wsgi_request(environ: WSGIEnvironment) -> Request:
    """Return the request of a WSGI environment, which has its path decoded."""
    path = httpx.URL(path=environ["PATH_INFO"].encode("latin-1").decode()).raw_path.decode()
    query = environ["QUERY_STRING"]
    fields = {
        name[5:].replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    target = f"{path}?{query}" if query else path
    return Request(environ["REQUEST_METHOD"], target, httpx.Headers(fields))
