"""Serves the benchmark's files as fast as Python can, so that the server is never the bottleneck.

One thread per connection and `sendfile` for every body on disk. It knows just as much of the API
as the clients under test call, and checks nothing.
"""

import argparse
import json
import socket
import socketserver
import ssl
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

TYPES = {".json": "application/json", ".parquet": "application/vnd.apache.parquet"}


class Request(NamedTuple):
    """What the server needs of a request."""

    method: str
    target: str
    range: str | None
    body: bytes


class Body(NamedTuple):
    """An answer: bytes in memory, or a part of a file."""

    data: bytes
    path: Path | None = None
    start: int = 0
    size: int = 0
    media_type: str = "application/json"


NOT_FOUND = Body(b'{"detail":"Job not found."}')


class Files:
    """Finds the answer to a request among the files that `benchmarks.data` wrote."""

    def __init__(self, root: Path) -> None:
        self._root = root
        pages = root / "pages.json"
        self._pages = json.loads((root / "pages.index.json").read_text()) if pages.exists() else []

    @lru_cache(maxsize=4096)  # noqa: B019 - one instance a process
    def find(self, target: str) -> Body:
        """Return the answer to a GET request."""
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        match url.path.removeprefix("/v1").strip("/").split("/"):
            case ["list-jobs"]:
                return self._list(query)
            case ["job-status", job_id]:
                return status(unquote(job_id))
            case ["jobs", job_id, "results"]:
                inputs = query.get("include_inputs") == "true"
                logprobs = query.get("include_cumulative_logprobs") == "true"
                return self._results(unquote(job_id), inputs, logprobs, ".parquet")
        return NOT_FOUND

    def find_post(self, body: bytes) -> Body:
        """Return the answer to the older form of a request for results."""
        wanted = json.loads(body)
        inputs, logprobs = wanted["include_inputs"], wanted["include_cumulative_logprobs"]
        return self._results(wanted["job_id"], inputs, logprobs, ".json")

    def _list(self, query: dict[str, str]) -> Body:
        if "limit" not in query:
            return whole(self._root / "jobs.json")
        start, end = self._pages[int(query.get("cursor", "0"))]
        return Body(b"", self._root / "pages.json", start, end - start)

    def _results(self, job_id: str, inputs: bool, logprobs: bool, suffix: str) -> Body:
        name = "outputs" + "-inputs" * inputs + "-logprobs" * logprobs
        return whole(self._root / job_id / f"{name}{suffix}")


def whole(path: Path) -> Body:
    """Return a whole file as an answer."""
    if not path.exists():
        return NOT_FOUND
    return Body(b"", path, 0, path.stat().st_size, TYPES[path.suffix])


def status(job_id: str) -> Body:
    """Return the status of a job; every job has succeeded."""
    statuses = {job_id: "SUCCEEDED"}
    answer = {"message": "Job status retrieved.", "job_status": statuses, "metadata": None}
    return Body(json.dumps(answer).encode())


def read_requests(connection: socket.socket) -> Iterator[Request]:
    """Yield the requests of one connection until its client closes it."""
    buffer = b""
    while True:
        while (end := buffer.find(b"\r\n\r\n")) < 0:
            received = connection.recv(65536)
            if not received:
                return
            buffer += received
        line, *rest = buffer[:end].decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (h.partition(":") for h in rest)
        }
        size = int(headers.get("content-length", "0"))
        while len(buffer) < end + 4 + size:
            buffer += connection.recv(65536)
        method, target, _ = line.split(" ")
        yield Request(method, target, headers.get("range"), buffer[end + 4 : end + 4 + size])
        buffer = buffer[end + 4 + size :]


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte that a `Range` header asks for."""
    if header is None or not header.startswith("bytes="):
        return None
    first, _, last = header.removeprefix("bytes=").partition("-")
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last or size - 1), size - 1)


class Connection(socketserver.BaseRequestHandler):
    """Answers the requests of one connection."""

    server: "StaticServer"
    request: socket.socket

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in read_requests(self.request):
            files = self.server.files
            post = request.method == "POST"
            body = files.find_post(request.body) if post else files.find(request.target)
            if body.path is None:
                self._send_memory(body, "404 Not Found" if body is NOT_FOUND else "200 OK")
            else:
                self._send_file(body, request)

    def _send_memory(self, body: Body, status_line: str) -> None:
        head = f"HTTP/1.1 {status_line}\r\nContent-Type: {body.media_type}\r\n"
        self.request.sendall(f"{head}Content-Length: {len(body.data)}\r\n\r\n".encode() + body.data)

    def _send_file(self, body: Body, request: Request) -> None:
        assert body.path is not None
        part = byte_range(request.range, body.size)
        first, last = part or (0, body.size - 1)
        head = f"Content-Type: {body.media_type}\r\nContent-Length: {last - first + 1}\r\n"
        head += f'Accept-Ranges: bytes\r\nETag: "{body.path.name}-{body.size}"\r\n'
        if part:
            head += f"Content-Range: bytes {first}-{last}/{body.size}\r\n"
        line = "HTTP/1.1 206 Partial Content" if part else "HTTP/1.1 200 OK"
        self.request.sendall(f"{line}\r\n{head}\r\n".encode())
        if request.method != "HEAD" and last >= first:
            with body.path.open("rb") as file:
                self.request.sendfile(file, body.start + first, last - first + 1)


class StaticServer(socketserver.ThreadingTCPServer):
    """A server of one directory, with TLS if it is given a context."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, root: Path, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.files = Files(root)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing about clients that hang up."""


def main() -> None:
    """Serve a directory and print the URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument(
        "--certificate", type=Path, help="PEM file with key and chain; turns TLS on"
    )
    arguments = parser.parse_args()
    context = None
    if arguments.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.certificate)
    with StaticServer(arguments.root, context) as server:
        scheme = "https" if context else "http"
        print(f"Serving on {scheme}://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
