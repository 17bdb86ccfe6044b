"""Both clients behind plain calls, a server that fails on demand, and scripted servers."""

import asyncio
import inspect
import itertools
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from tests.support.results import ranged, to_parquet

from sutro_jobs import AsyncSutro, Sutro

JOB = "job-1"


class Awaited:
    """An object whose coroutines run when they are called and whose async iterators are lists."""

    def __init__(self, target: Any, runner: asyncio.Runner) -> None:
        self._target = target
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        return self._called(value) if callable(value) else value

    def __iter__(self) -> Iterator[Any]:
        async def collect() -> list[Any]:
            return [item async for item in self._target]

        return iter(self._runner.run(collect()))

    def _called(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            result = method(*args, **kwargs)
            if inspect.iscoroutine(result):
                return self._runner.run(result)
            asynchronous = isinstance(result, AsyncSutro) or hasattr(result, "__aiter__")
            return Awaited(result, self._runner) if asynchronous else result

        return call


@pytest.fixture(params=["Sutro", "AsyncSutro"])
def connect(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Make clients of either kind; methods of the asynchronous one return their results.

    `connect(url, key, fault="unavailable", times=2)` lets a server with `--control` fail at the
    first two requests, and at all of them without `times`.
    """
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())

        def make(
            url: str,
            key: str = "demo-key",
            *,
            fault: str = "",
            times: int | None = None,
            **kwargs: Any,
        ) -> Any:
            counter = itertools.count()

            def mark(outgoing: httpx.Request) -> None:
                if times is None or next(counter) < times:
                    outgoing.headers["X-Sutro-Fault"] = fault

            async def mark_later(outgoing: httpx.Request) -> None:
                mark(outgoing)

            if request.param == "Sutro":
                if fault:
                    kwargs["http_client"] = stack.enter_context(
                        httpx.Client(event_hooks={"request": [mark]})
                    )
                return stack.enter_context(Sutro(api_url=url, api_key=key, **kwargs))
            if fault:
                own = httpx.AsyncClient(event_hooks={"request": [mark_later]})
                stack.callback(lambda: runner.run(own.aclose()))
                kwargs["http_client"] = own
            client = AsyncSutro(api_url=url, api_key=key, **kwargs)
            stack.callback(lambda: runner.run(client.close()))
            return Awaited(client, runner)

        yield make


@pytest.fixture(scope="session")
def controlled(serving: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a server over the demo data that fails where a request asks for it."""
    with serving(tmp_path_factory.mktemp("controlled"), "--demo", "--control") as running:
        yield running.url


@pytest.fixture(scope="session")
def older(serving: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a server over the demo data that speaks the edition of early 2026."""
    with serving(tmp_path_factory.mktemp("older"), "--demo", "--edition", "e2") as running:
        yield running.url


@dataclass(frozen=True)
class Answer:
    """What a scripted server says to one request. A body that is no bytes becomes JSON."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """A request that a scripted server got."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Scripted:
    """A server on loopback that answers by a function, and remembers what it was asked."""

    url: str
    answer: Callable[[Asked], Answer]
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]


class _Server(ThreadingHTTPServer):
    request_queue_size = 512

    def handle_error(self, *_: Any) -> None:
        """Keep connections that clients break off out of the tests' output."""


@pytest.fixture
def script() -> Iterator[Callable[..., Scripted]]:
    """Start servers that answer each request by a function of it, over TLS with a certificate."""
    with ExitStack() as stack:

        def start(
            answer: Callable[[Asked], Answer], certificate: ssl.SSLContext | None = None
        ) -> Scripted:
            class Handler(BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                disable_nagle_algorithm = True

                def setup(self) -> None:
                    scripted.connections += 1
                    super().setup()

                def do_GET(self) -> None:
                    asked = Asked(self.command, self.path, dict(self.headers.items()))
                    scripted.asked.append(asked)
                    said = scripted.answer(asked)
                    body = said.encoded()
                    self.send_response(said.status)
                    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
                    for name, value in (headers | said.headers).items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

                do_POST = do_GET  # noqa: N815 - the name that http.server looks for

                def log_message(self, *_: Any) -> None:
                    pass

            server = _Server(("127.0.0.1", 0), Handler)
            if certificate:
                server.socket = certificate.wrap_socket(server.socket, server_side=True)
            scheme = "https" if certificate else "http"
            scripted = Scripted(f"{scheme}://127.0.0.1:{server.server_port}", answer)
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            return scripted

        yield start


@pytest.fixture
def answer() -> type[Answer]:
    """Class of what a scripted server says."""
    return Answer


def wanted(path: str, name: str) -> bool:
    return f"{name}=true" in path.lower()


@pytest.fixture(autouse=True)
def cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for each test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("SUTRO_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def serve(script: Callable[..., Any], answer: Callable[..., Any]) -> Callable[..., Any]:
    """Serve one job, `job-1`: `serve({"outputs": [...]}, json_schema=...)`.

    Of `inputs` and `cumulative_logprobs` the server sends what a request asks for, and of a file it
    sends the range that a request asks for.
    """

    def start(
        columns: Mapping[str, Any], *, json_schema: Any = None, body: bytes | None = None
    ) -> Any:
        def results(path: str) -> bytes:
            optional = ("inputs", "cumulative_logprobs")
            left_out = [name for name in optional if not wanted(path, f"include_{name}")]
            return to_parquet(pl.DataFrame(columns).drop(left_out, strict=False))

        def respond(asked: Any) -> Any:
            if "/list-jobs" in asked.path:
                job = {"job_id": JOB, "status": "SUCCEEDED", "json_schema": json_schema}
                return answer(body={"jobs": [job], "next_cursor": None})
            return ranged(answer, asked, body if body is not None else results(asked.path))

        return script(respond)

    return start


@pytest.fixture
def results(serve: Callable[..., Any]) -> Callable[..., Any]:
    """Read results of made-up columns: `results({"outputs": [...]}, include_inputs=True)`."""

    def read(columns: Mapping[str, Any], *, schema: Any = None, **arguments: Any) -> Any:
        server = serve(columns, json_schema=schema)
        with Sutro(api_url=server.url, api_key="key") as client:
            return client.get_job_results(JOB, **arguments)

    return read


@pytest.fixture
def unpacked(results: Callable[..., Any]) -> Callable[..., pl.DataFrame]:
    """Read outputs, each given as a text, as None, or as a value that becomes JSON."""

    def read(*outputs: Any, **arguments: Any) -> pl.DataFrame:
        texts = [
            output if isinstance(output, str | None) else json.dumps(output) for output in outputs
        ]
        return results({"outputs": pl.Series(texts, dtype=pl.String)}, **arguments)

    return read
