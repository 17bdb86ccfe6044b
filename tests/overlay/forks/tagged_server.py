"""A server of raw sockets whose every answer names the job that it is about.

`python -m tests.overlay.forks.tagged_server [FOLDER]` prints its URL and serves until its standard
input ends, over TLS with an authority whose bundle it writes to the folder. It runs in a process of
its own, so that no child of a test inherits its side of a connection. It sends answers in pieces
with pauses between them, and counts what comes over the wire beside requests: `GET /counts` tells.
`GET /counts?wait=N` answers once N connections are open, besides its own.
"""

import csv
import io
import json
import random
import re
import socket
import ssl
import sys
import threading
import time
import zipfile
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl

from tests.support.tls import make_authority

ROWS, PAGES, PAGE = 40, 8, 5
_REQUEST = re.compile(rb"(GET|POST) (\S+) HTTP/1\.1\r\n(?:[\w-]+: [^\r\n]*\r\n)+\r\n")

counts: Counter[str] = Counter()
changed = threading.Condition()


def note(what: str, number: int = 1) -> None:
    with changed:
        counts[what] += number
        changed.notify_all()


def rows(job_id: str) -> list[str]:
    return [f"{job_id} row {number}" for number in range(ROWS)]


@lru_cache(4096)
def results(job_id: str, form: str) -> bytes:
    body = io.BytesIO()
    if form == "parquet":
        pl.DataFrame({"outputs": rows(job_id)}).write_parquet(body)
    elif form == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([[job_id], *([row] for row in rows(job_id))])
        with zipfile.ZipFile(body, "w") as archive:
            archive.writestr("results.csv", text.getvalue())
    else:
        body.write(json.dumps({"outputs": rows(job_id)}).encode())
    return body.getvalue()


def jobs(number: int) -> list[dict[str, str]]:
    return [{"job_id": f"job-{number}-{place}", "status": "SUCCEEDED"} for place in range(PAGE)]


def job_list(query: dict[str, str]) -> dict[str, Any]:
    if "limit" not in query:
        return {"jobs": [job for number in range(PAGES) for job in jobs(number)]}
    number = int(query.get("cursor", 0))
    return {"jobs": jobs(number), "next_cursor": str(number + 1) if number + 1 < PAGES else None}


def answer(target: str) -> bytes:
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    operation, job_id = [*parts.path.removeprefix("/v1").split("/"), ""][1:3]
    if operation == "job-status":
        return json.dumps({"message": job_id, "job_status": {job_id: "SUCCEEDED"}}).encode()
    if operation == "jobs":
        return results(job_id, query["format"])
    if operation == "list-jobs":
        return json.dumps(job_list(query)).encode()
    if operation == "counts":
        with changed:
            wanted = int(query.get("wait", -1))
            changed.wait_for(lambda: wanted < 0 or counts["open"] == wanted + 1, 30)
            return json.dumps(counts).encode()
    raise ValueError(target)


def send(connection: socket.socket, body: bytes) -> None:
    head = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: "%d"\r\n' % hash(body)
    whole = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    cut = random.randrange(1, len(whole))  # noqa: S311
    for piece in (whole[:cut], whole[cut:]):
        connection.sendall(piece)
        time.sleep(random.choice([0, 0, 0.001, 0.003]))  # noqa: S311


def serve(connection: socket.socket) -> None:
    note("connections")
    note("open")
    received = b""
    try:
        while data := connection.recv(65536):
            received += data
            if b"\r\n\r\n" not in received:
                continue
            found = _REQUEST.fullmatch(received)
            if not found:
                note("mixed requests")
                return
            received = b""
            note("requests")
            send(connection, answer(found[2].decode()))
        note("farewells" if isinstance(connection, ssl.SSLSocket) else "ends")
    except ssl.SSLEOFError:
        note("ends")
    except OSError:
        note("resets")
    finally:
        note("open", -1)
        connection.close()


def secure(connection: socket.socket, context: ssl.SSLContext) -> None:
    try:
        secured = context.wrap_socket(connection, True, suppress_ragged_eofs=False)
    except OSError:
        note("handshakes that broke")
    else:
        serve(secured)


def main() -> None:
    context = None
    if len(sys.argv) > 1:
        context = make_authority(Path(sys.argv[1])).server
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    scheme = "https" if context else "http"
    print(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    threading.Thread(target=accept, args=(listener, context), daemon=True).start()
    sys.stdin.read()


def accept(listener: socket.socket, context: ssl.SSLContext | None) -> None:
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        work = (secure, (connection, context)) if context else (serve, (connection,))
        threading.Thread(target=work[0], args=work[1], daemon=True).start()


if __name__ == "__main__":
    main()
