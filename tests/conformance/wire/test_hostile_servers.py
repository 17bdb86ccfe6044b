"""Servers that mean harm: the run ends in its time, with a report, and says nothing wrong."""

import gzip
import io
import json
import random
import socket
import socketserver
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from sutro_conformance import CouldNotRunError, Report, Settings, Target, Verdict, verify
from tests.support.scripted_server import Reply, Request, Response, scripted_server

BUDGET = 8.0
# Far more than a run needs to stop, and far less than a server that drips would hold it.
PATIENCE = 60.0

JSON = {"Content-Type": "application/json"}


def judged(url: str, budget: float = BUDGET) -> Report | None:
    """The report of a run that a hostile server tries to hold, made within its time.

    None where the server is no jobs API.
    """
    began = time.monotonic()
    target = Target(url=url, api_key="first-key", second_api_key="second-key")
    try:
        report = verify(target, Settings(profile="quick", time_budget=budget, timeout=5.0))
    except CouldNotRunError:
        return None
    assert time.monotonic() - began < budget + PATIENCE
    assert [(r.id, r.reason) for r in report.results if r.verdict is Verdict.ERROR] == []
    return report


@contextmanager
def sending(send: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve bytes of any kind to whoever connects, whatever is asked."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                send(self.request)
            except OSError:
                return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def drip(text: bytes, pause: float = 0.2) -> Callable[[socket.socket], None]:
    def send(client: socket.socket) -> None:
        for letter in text:
            client.sendall(bytes([letter]))
            time.sleep(pause)

    return send


def forever(head: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    def send(client: socket.socket) -> None:
        client.sendall(head)
        while True:
            client.sendall(piece)

    return send


SLOW_HEADERS = drip(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: 1\r\n" * 1000)
ENDLESS_HEADERS = forever(b"HTTP/1.1 200 OK\r\n", b"X-Filler: 1\r\n")
ENDLESS_INTERIM = forever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n")
ENDLESS_BODY = forever(
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{", b" " * 65536
)


def silence(_: socket.socket) -> None:
    """Keep the connection open, and say nothing."""
    time.sleep(BUDGET + 1)


@pytest.mark.parametrize(
    "send",
    [SLOW_HEADERS, ENDLESS_HEADERS, ENDLESS_INTERIM, ENDLESS_BODY, silence],
    ids=["slow headers", "endless headers", "endless interim answers", "endless body", "silence"],
)
def test_a_budget_bounds_a_run_whatever_is_sent(send: Callable[[socket.socket], None]) -> None:
    with sending(send) as url:
        report = judged(url)
    assert report is None or report.outcome != "kept"


def job(job_id: str) -> dict[str, object]:
    """A job as the list has it, with what clauses look at."""
    times = dict.fromkeys(
        ("datetime_created", "datetime_started", "datetime_completed"), "2025-11-03T10:00:00Z"
    )
    return {"job_id": job_id, "status": "SUCCEEDED", "num_rows": 5, "model": "m"} | times


def account(results: Callable[[str], Response], *ids: str) -> Callable[[Request], Reply]:
    """A server with jobs, of which the results are hostile."""
    jobs = [job(job_id) for job_id in ids]

    def answer(request: Request) -> Reply:
        if request.path == "/list-jobs":
            if "limit" in request.query:
                return Response(200, {"jobs": jobs, "next_cursor": None})
            return Response(200, {"message": "", "jobs": jobs})
        if request.path.endswith("/results"):
            return results(request.query.get("format", [""])[0])
        return Response(200, {"message": "", "job_status": {ids[0]: "SUCCEEDED"}, "metadata": None})

    return answer


def zip_bomb(size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("results.csv", b"0" * size)
    return buffer.getvalue()


DEEP = b"[" * 100_000 + b"]" * 100_000
LESS_DEEP = b'{"outputs": ' + b"[" * 700 + b"]" * 700 + b"}"
BOMB = gzip.compress(b" " * (300 * 2**20))
ZIP_BOMB = zip_bomb(300 * 2**20)
RESULTS = {
    "deep JSON": Response(200, DEEP, JSON),
    "less deep JSON": Response(200, LESS_DEEP, JSON),
    "gzip bomb": Response(200, BOMB, JSON | {"Content-Encoding": "gzip"}),
    "zip bomb": Response(200, ZIP_BOMB, {"Content-Type": "application/zip"}),
    "huge number": Response(200, b'{"outputs": [' + b"9" * 10_000 + b", 1e999, NaN]}", JSON),
    "lone surrogate": Response(200, b'{"outputs": ["\\ud800"], "\\udfff": ["x"]}', JSON),
    "escape sequence": Response(200, {"outputs": ["\x1b[2J\x1b]0;title\x07"] * 5}),
}


@pytest.mark.parametrize("name", RESULTS)
def test_hostile_results_neither_crash_nor_fill_the_memory(name: str) -> None:
    with scripted_server(account(lambda _: RESULTS[name], "job-0001", "job-0002")) as site:
        report = judged(site.url, budget=20.0)
    assert "\x1b" not in repr(report)
    assert report is not None
    assert report.outcome != "kept"


@pytest.mark.parametrize(
    "job_id", ["", "\ud800", "x" * 100_000, "\x1b[2J", "../../job-cancel/x", "job-cancel", "%2f"]
)
def test_hostile_ids_are_not_asked_for_where_they_could_do_harm(job_id: str) -> None:
    answer = account(lambda _: Response(200, {"outputs": ["a"] * 5}), job_id, "job-0001")
    with scripted_server(answer) as site:
        judged(site.url, budget=20.0)
        cancelled = [target for target in site.targets if target.startswith("/job-cancel")]
    assert cancelled == []


def test_no_schema_of_a_server_makes_the_verifier_ask_somebody_else() -> None:
    with scripted_server([Response(200, {})]) as elsewhere:
        schema = {"$ref": f"{elsewhere.url}/schema.json"}
        strange = {"$schema": f"{elsewhere.url}/dialect.json"}
        jobs = [job(f"job-{n}") | {"json_schema": each} for n, each in enumerate((schema, strange))]
        page = {"message": "", "jobs": jobs}
        outputs = {"outputs": ['{"a": 1}'] * 5}
        with scripted_server(
            lambda request: Response(200, page if request.path == "/list-jobs" else outputs)
        ) as site:
            judged(site.url, budget=20.0)
        assert elsewhere.requests == []


def anything(rng: random.Random) -> object:
    """A JSON value of any kind, with names that the API has."""
    names = ["jobs", "job_id", "status", "next_cursor", "outputs", "job_status", "detail", "x"]
    kind = rng.randrange(9)
    if kind < 2:
        return [anything(rng) for _ in range(rng.randrange(3))]
    if kind < 5:
        return {rng.choice(names): anything(rng) for _ in range(rng.randrange(4))}
    return rng.choice([None, True, 0, -1, 1e308, "", "SUCCEEDED", "job-1", "\x00", 2**70, [[]]])


@pytest.mark.parametrize("seed", range(4))
def test_random_answers_are_judged_without_an_error(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (repeatable)
    lock = threading.Lock()

    def answer(_: Request) -> Reply:
        with lock:
            body = json.dumps(anything(rng)).encode()
            body = rng.choice([body, body[:-1], b"", b"\xff\xfe", b"PK\x03\x04", b"PAR1" + body])
            status = rng.choice([200, 200, 200, 200, 204, 301, 404, 422, 500])
            kind = rng.choice(["application/json", "application/zip", "text/html", "", "\xe4;;=,"])
        headers = {"Content-Type": kind, "Retry-After": "x", "ETag": '"1"', "Vary": ",,*"}
        return Response(status, b"" if status == 204 else body, headers)

    with scripted_server(answer) as site:
        judged(site.url, budget=20.0)
