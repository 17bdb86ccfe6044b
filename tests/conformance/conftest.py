"""Servers in front of the reference server that record requests, change answers, or fail."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from sutro_conformance import Report, Settings, Target, verify

QUICK = Settings(profile="quick")
HOP_BY_HOP = {"connection", "content-length", "date", "host", "server", "transfer-encoding"}


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)

    @data.setter
    def data(self, value: Any) -> None:
        self.body = json.dumps(value).encode()


@dataclass
class Asked:
    method: str
    target: str
    headers: list[tuple[str, str]]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Change = Callable[[Asked, Answer], Answer | None]


@dataclass
class Front:
    """Passes requests on to a server and may change its answers; None breaks the connection."""

    upstream: str
    change: Change = lambda _, answer: answer
    asked: list[Asked] = field(default_factory=list)
    client: httpx.Client = field(default_factory=httpx.Client)
    url: str = ""

    def answer(self, asked: Asked) -> Answer | None:
        self.asked.append(asked)
        sent = [
            (n.encode(), v.encode("latin-1"))
            for n, v in asked.headers
            if n.lower() not in HOP_BY_HOP
        ]
        response = self.client.request(asked.method, self.upstream + asked.target, headers=sent)
        kept = [(n, v) for n, v in response.headers.multi_items() if n not in HOP_BY_HOP]
        return self.change(asked, Answer(response.status_code, kept, response.content))

    def wsgi(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        headers = [
            (name[5:].replace("_", "-").title(), value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        ]
        query = environ["QUERY_STRING"]
        path = environ["PATH_INFO"].encode("latin-1")
        target = httpx.URL(path=path.decode()).raw_path.decode() + (f"?{query}" if query else "")
        answer = self.answer(Asked(environ["REQUEST_METHOD"], target, headers))
        assert answer is not None
        start_response(f"{answer.status} OK", answer.headers)
        return [answer.body]


@contextmanager
def listening(front: Front) -> Iterator[Front]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (ConnectionError, httpx.HTTPError):
                self.close_connection = True

        def __getattr__(self, name: str) -> Any:
            if re.fullmatch("do_[A-Z]+", name):
                return self.reply
            raise AttributeError(name)

        def reply(self) -> None:
            answer = front.answer(Asked(self.command, self.path, self.headers.items()))
            if answer is None:
                self.close_connection = True
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if self.command == "HEAD":
                self.end_headers()
                return
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        thread = Thread(target=httpd.serve_forever, args=(0.05,))
        thread.start()
        front.url = f"http://127.0.0.1:{httpd.server_address[1]}"
        try:
            yield front
        finally:
            httpd.shutdown()
            thread.join()
            front.client.close()


@pytest.fixture
def front(server: Any) -> Iterator[Callable[..., Front]]:
    """Put a front before the shared reference server: `front(change)`."""
    with ExitStack() as stack:

        def start(change: Change | None = None, upstream: str = "") -> Front:
            made = Front(upstream or server.url)
            made.change = change or made.change
            return stack.enter_context(listening(made))

        yield start


@pytest.fixture
def judge(server: Any) -> Callable[..., Report]:
    """Verify a URL with the keys of the reference server, quickly: `judge(url, settings, ...)`."""

    def run(url: str, settings: Settings = QUICK, **more: Any) -> Report:
        outcome = {name: more.pop(name) for name in ("strict", "fail_on") if name in more}
        keys = {"api_key": server.key, "second_api_key": server.other_key}
        return verify(Target(url=url, **keys | more), settings, **outcome)

    return run


def oldest_first(asked: Asked, answer: Answer) -> Answer:
    if asked.path == "/list-jobs" and asked.method == "GET" and answer.status == 200:
        answer.data = answer.data | {"jobs": answer.data["jobs"][::-1]}
    return answer


def echo(asked: Asked, answer: Answer) -> Answer:
    """Repeat the key in every error and in a header."""
    key = dict(asked.headers).get("Authorization", dict(asked.headers).get("authorization", ""))
    if answer.status >= 400:
        answer.data = {"detail": f"Refused: {key}"}
    answer.headers.append(("X-Credentials", key.encode("ascii", "replace").decode()))
    return answer
