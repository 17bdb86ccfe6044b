"""Requests of any form: long, broken, odd; what the log and open pages tell."""

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reference_server import Server
from tests.support.waiting import PATIENCE, eventually


def ask(server: Server, raw: bytes) -> bytes:
    """Send bytes and return the answer's bytes."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def log_of(server: Server, request_id: str) -> Any:
    """Wait for a request's line in the log, which is written once the answer is sent."""
    return eventually(lambda: find_in_log(server, request_id))


def find_in_log(server: Server, request_id: str) -> Any:
    """Return the entry of a request, None where there is none."""
    lines = server.log.read_text().split("\n")[:-1]  # What follows the last "\n" is half a line.
    return next((json.loads(line) for line in lines if request_id in line), None)


def test_a_long_target_is_refused(demo: httpx.Client) -> None:
    answer = demo.get(f"/job-status/{'a' * 9000}")
    assert answer.status_code == 414
    assert answer.json()["detail"]
    assert answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    "headers", [{"X-Long": "a" * 40_000}, {f"X-{n}": "a" * 100 for n in range(400)}]
)
def test_long_header_fields_are_refused(demo: httpx.Client, headers: dict[str, str]) -> None:
    answer = demo.get("/list-jobs", headers=headers)
    assert answer.status_code == 431
    assert answer.json()["detail"]


def test_a_long_body_is_refused(demo: httpx.Client) -> None:
    body = {"job_id": "a" * 100_000}
    answer = demo.post("/job-results", json=body)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "raw", [b"\x00\x01\x02\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n"]
)
def test_what_is_no_http_gets_400(server: Server, raw: bytes) -> None:
    answer = ask(server, raw)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Traceback" not in answer


@given(name=st.binary(min_size=1, max_size=60))
def test_an_id_of_any_bytes_is_not_found(server: Server, name: str) -> None:
    path = "".join(f"%{byte:02X}" for byte in name)
    raw = f"GET /job-status/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    answer = ask(server, f"{raw}Authorization: Key {server.key}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 ")


@given(body=st.binary(max_size=200) | st.from_regex(r'\{"job_id": .*\}').map(str.encode))
def test_a_body_of_any_bytes_is_refused(demo: httpx.Client, body: bytes) -> None:
    answer = demo.post("/job-results", content=body)
    assert answer.status_code in (404, 422)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"job_id": "x", "y": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"job_id": "\xff"}',
        '{"job_id": "x"}'.encode("utf-16"),
        b'{"job_id": 1e999}',
        b'{"job_id": "x", "include_inputs": "yes"}',
    ],
    ids=range(8),
)
def test_a_body_that_is_not_what_is_asked_for_is_refused(
    demo: httpx.Client, server: Server, body: bytes
) -> None:
    answer = demo.post("/job-results", content=body)
    assert answer.status_code == (413 if len(body) > 65536 else 422)
    assert answer.json()["detail"]
    assert "Traceback" not in server.log.read_text()


def test_a_body_with_half_a_character_is_refused(demo: httpx.Client) -> None:
    body = b'{"job_id": "\\ud800"}'
    assert demo.post("/job-results", content=body).status_code == 422


def test_each_answer_has_its_own_request_id(demo: httpx.Client) -> None:
    paths = ["/list-jobs?limit=1", "/job-status/none", "/nowhere", "/health", "/"]
    ids = {demo.get(path).headers["X-Request-ID"] for path in paths}
    assert len(ids) == len(paths)


def test_a_wrong_method_names_the_right_ones(demo: httpx.Client) -> None:
    answer = demo.delete("/job-cancel/x")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_the_log_has_a_line_for_a_request(demo: httpx.Client, server: Server) -> None:
    answer = demo.get("/list-jobs?limit=3")
    line = log_of(server, answer.headers["X-Request-ID"])
    assert (line["method"], line["path"], line["query"]) == ("GET", "/list-jobs", "limit=3")
    assert (line["status"], line["bytes"]) == (200, answer.num_bytes_downloaded)


def test_the_log_holds_no_keys(demo: httpx.Client, server: Server) -> None:
    key, secret = server.key, "sk_secret_1"
    answers = [
        demo.get(f"/job-status/{key}?key={key}&{key}=1&cursor={key}"),
        demo.get("/list-jobs", headers={"Authorization": f"Bearer {secret}"}),
        demo.get(f"/job-status/{secret}", headers={"Authorization": f"Key {secret}"}),
    ]
    for answer in answers:
        log_of(server, answer.headers["X-Request-ID"])
    text = server.log.read_text()
    assert key not in text
    assert secret not in text


@pytest.mark.parametrize("path", ["/", "/health"])
def test_open_pages_tell_nothing_of_tenants(server: Server, path: str) -> None:
    with server.client(headers={}) as anybody:
        answer = anybody.get(path)
    assert answer.status_code == 200
    for secret in ("job-films", "Film", "other", server.key):
        assert secret not in answer.text


def test_the_page_runs_nothing_but_its_own_script(server: Server) -> None:
    with server.client(headers={}) as anybody:
        answer = anybody.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.split("'nonce-")[1].split("'")[0] in answer.text


@pytest.mark.parametrize("path", ["/job-status/{}", "/jobs/{}/results?format=json"])
@pytest.mark.parametrize("end", ["%0A", "%00", "%20", ".json", "%2F"])
def test_an_id_with_something_after_it_is_another_id(
    demo: httpx.Client, path: str, end: str
) -> None:
    job_id = demo.get("/list-jobs").json()["jobs"][0]["job_id"]
    answer = demo.get(path.format(job_id + end))
    assert answer.status_code == 404
