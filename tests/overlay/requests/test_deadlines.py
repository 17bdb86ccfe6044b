"""Deadlines bound the whole of a call, however a server spends the time."""

import asyncio
import itertools
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sutro_jobs import (
    AsyncSutro,
    ConnectionFailedError,
    RequestTimeoutError,
    SutroError,
    WaitTimeoutError,
)
from tests.overlay.requests.raw_server import Conversation, Talk, raw_server
from tests.support.clients import Connect
from tests.support.tls import Authority
from tests.support.waiting import PATIENCE

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"
ENDLESS = itertools.repeat


def after_request(talk: Talk) -> Talk:
    def answer(conversation: Conversation) -> None:
        # Servers need not offer stored results.
        if b"/results-url" in conversation.read_head():
            conversation.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            conversation.read_head()
        talk(conversation)

    return answer


@after_request
def dripping_head(conversation: Conversation) -> None:
    conversation.drip(b"HTTP/1.1 200 OK\r\nX-Filler: ")
    conversation.drip(ENDLESS(ord("x")))


@after_request
def slow_header_field(conversation: Conversation) -> None:
    conversation.send(HEAD + b"X-Filler: ")
    conversation.drip(ENDLESS(ord("x")))


@after_request
def endless_early_hints(conversation: Conversation) -> None:
    conversation.flood(b"HTTP/1.1 103 Early Hints\r\n\r\n")


@after_request
def slow_early_hints(conversation: Conversation) -> None:
    conversation.drip(itertools.cycle(b"HTTP/1.1 103 Early Hints\r\n\r\n"), 0.01)


@after_request
def dripping_chunk_size(conversation: Conversation) -> None:
    conversation.send(CHUNKED + b"\r\n1;")
    conversation.drip(ENDLESS(ord("x")))


@after_request
def gzip_header_without_end(conversation: Conversation) -> None:
    named = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"
    conversation.send(HEAD + b"Content-Encoding: gzip\r\n\r\n" + named)
    conversation.drip(ENDLESS(ord("x")))


@after_request
def gzip_that_yields_nothing(conversation: Conversation) -> None:
    compress = zlib.compressobj(wbits=31)
    start = compress.flush(zlib.Z_FULL_FLUSH)
    conversation.send(HEAD + b"Content-Encoding: gzip\r\n\r\n" + start)
    conversation.flood(compress.flush(zlib.Z_FULL_FLUSH) or b"\0\0\0\xff\xff")


@after_request
def silence(conversation: Conversation) -> None:
    conversation.stopped.wait(PATIENCE)


@after_request
def dripping_body(conversation: Conversation) -> None:
    conversation.send(HEAD + b"\r\n")
    conversation.drip(ENDLESS(ord(" ")))


@after_request
def endless_body(conversation: Conversation) -> None:
    conversation.send(HEAD + b"\r\n")
    conversation.drip(ENDLESS(ord(" ")), 0.001)


def dripping_handshake(conversation: Conversation) -> None:
    # The head of a TLS record of handshakes, and then its 16,384 bytes.
    conversation.drip(itertools.chain(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", ENDLESS(0)))


UNTIL_THE_HEAD = [
    dripping_head,
    slow_header_field,
    endless_early_hints,
    slow_early_hints,
    silence,
]
WITHOUT_PROGRESS = [dripping_chunk_size, gzip_header_without_end, gzip_that_yields_nothing]
WITH_PROGRESS = [dripping_body, endless_body]


def seconds_until(kind: type[SutroError], call: Callable[[], object]) -> float:
    """Return how long a call takes to raise an error."""
    began = time.monotonic()
    with pytest.raises(kind):
        call()
    return time.monotonic() - began


@pytest.mark.parametrize("talk", [*UNTIL_THE_HEAD, *WITHOUT_PROGRESS, *WITH_PROGRESS])
def test_the_total_timeout_bounds_a_call(connect: Connect, talk: Talk) -> None:
    with raw_server(talk) as site:
        client = connect(site.url, total_timeout=0.6)
        taken = seconds_until(RequestTimeoutError, lambda: client.get_job_status("job-1"))
    assert 0.5 < taken < PATIENCE / 2


@pytest.mark.parametrize("talk", [*UNTIL_THE_HEAD, *WITHOUT_PROGRESS])
def test_the_timeout_bounds_an_attempt_that_makes_no_progress(connect: Connect, talk: Talk) -> None:
    with raw_server(talk) as site:
        client = connect(site.url, timeout=0.5, max_retries=0)
        taken = seconds_until(RequestTimeoutError, lambda: client.get_job_status("job-1"))
    assert 0.4 < taken < PATIENCE / 2


@pytest.mark.parametrize("talk", [dripping_head, gzip_that_yields_nothing, dripping_body])
def test_the_timeout_of_waiting_bounds_its_polls(connect: Connect, talk: Talk) -> None:
    with raw_server(talk) as site:
        client = connect(site.url)
        taken = seconds_until(WaitTimeoutError, lambda: client.wait_for_job("job-1", timeout=0.6))
    assert 0.5 < taken < PATIENCE / 2


def test_the_total_timeout_bounds_a_handshake(connect: Connect) -> None:
    with raw_server(dripping_handshake, scheme="https") as site:
        client = connect(site.url, total_timeout=0.6, verify=False)
        taken = seconds_until(RequestTimeoutError, lambda: client.get_job_status("job-1"))
    assert 0.5 < taken < PATIENCE / 2


@pytest.mark.parametrize("talk", [dripping_head, endless_early_hints])
def test_the_total_timeout_bounds_a_call_over_tls(
    connect: Connect, authority: Authority, talk: Talk
) -> None:
    with raw_server(talk, authority.server) as site:
        client = connect(site.url, total_timeout=0.6, verify=str(authority.bundle))
        taken = seconds_until(RequestTimeoutError, lambda: client.get_job_status("job-1"))
    assert 0.5 < taken < PATIENCE / 2


@pytest.mark.parametrize("talk", [dripping_head, endless_early_hints, silence])
def test_the_total_timeout_bounds_the_way_through_a_proxy(connect: Connect, talk: Talk) -> None:
    with raw_server(talk) as proxy:
        client = connect("https://there.example", proxy=proxy.url, total_timeout=0.6)
        taken = seconds_until(RequestTimeoutError, lambda: client.get_job_status("job-1"))
    assert 0.5 < taken < PATIENCE / 2


def test_a_thread_that_was_late_leaves_the_next_call_its_time(connect: Connect) -> None:
    answers: Iterator[Talk] = iter([dripping_head])

    def talk(conversation: Conversation) -> None:
        next(answers, prompt)(conversation)

    with raw_server(talk) as site:
        client = connect(site.url, timeout=0.5, max_retries=1)
        assert client.get_job_status("job-1") == "RUNNING"


@after_request
def prompt(conversation: Conversation) -> None:
    body = b'{"job_status":"RUNNING"}'
    conversation.send(HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


def test_a_kept_connection_has_the_clock_of_its_present_call(connect: Connect) -> None:
    body = b'{"job_status":"RUNNING"}'

    def talk(conversation: Conversation) -> None:
        while conversation.read_head():
            conversation.stopped.wait(0.3)
            conversation.send(HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    with raw_server(talk) as site:
        client = connect(site.url, total_timeout=PATIENCE)
        assert client.get_job_status("job-1") == "RUNNING"
        hurried = client.with_options(total_timeout=0.1)
        with pytest.raises(RequestTimeoutError):
            hurried.get_job_status("job-1")
        assert client.get_job_status("job-1") == "RUNNING"
        assert site.connections == 2


@pytest.fixture
def hanging_resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Name resolution that takes as long as the test, as with a name server that is silent."""
    done, resolve = threading.Event(), socket.getaddrinfo

    def hang(host: str, *arguments: Any, **options: Any) -> Any:
        if host == "there.example" and not options.get("flags"):
            done.wait(PATIENCE)
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield
    done.set()


@pytest.mark.usefixtures("hanging_resolver")
def test_the_total_timeout_bounds_the_resolution_of_a_name(connect: Connect) -> None:
    client = connect("https://there.example", total_timeout=0.5)
    taken = seconds_until(RequestTimeoutError, lambda: client.get_job_status("job-1"))
    assert 0.4 < taken < PATIENCE / 2


def ask_once(url: str) -> None:
    async def ask() -> None:
        async with AsyncSutro(api_url=url, api_key="k", total_timeout=0.5) as client:
            await client.get_job_status("job-1")

    asyncio.run(ask())


@pytest.mark.usefixtures("hanging_resolver")
def test_the_end_of_an_event_loop_does_not_wait_for_the_resolution_of_a_name() -> None:
    taken = seconds_until(RequestTimeoutError, lambda: ask_once("https://there.example"))
    assert taken < PATIENCE / 2


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example"])
def test_a_name_without_an_address_is_a_failed_connection(connect: Connect, host: str) -> None:
    client = connect(f"https://{host}", max_retries=0)
    with pytest.raises(ConnectionFailedError):
        client.get_job_status("job-1")


@after_request
def dripping_download(conversation: Conversation) -> None:
    conversation.send(HEAD + b"Content-Length: 1000000000\r\n\r\nPAR1")
    conversation.drip(ENDLESS(0), 0.01)


def test_a_download_below_the_minimum_speed_is_broken_off(connect: Connect, tmp_path: Path) -> None:
    with raw_server(dripping_download) as site:
        client = connect(site.url, timeout=0.5, max_retries=0)
        taken = seconds_until(
            RequestTimeoutError, lambda: client.download_job_results("job-1", tmp_path / "r")
        )
    assert 0.4 < taken < PATIENCE / 2


def test_slow_downloads_are_no_progress_that_restarts_the_total_timeout(
    connect: Connect, tmp_path: Path
) -> None:
    with raw_server(dripping_download) as site:
        client = connect(site.url, timeout=0.2, total_timeout=1, max_retries=1_000)
        taken = seconds_until(
            RequestTimeoutError, lambda: client.download_job_results("job-1", tmp_path / "r")
        )
        assert site.connections > 1
    assert taken < PATIENCE / 2


def test_the_minimum_speed_is_an_option(connect: Connect, tmp_path: Path) -> None:
    body = b'{"outputs": []}'

    @after_request
    def slow(conversation: Conversation) -> None:
        conversation.send(HEAD + b"Content-Length: %d\r\n\r\n" % len(body))
        conversation.drip(body)

    with raw_server(slow) as site:
        client = connect(site.url, timeout=0.4, max_retries=0, min_download_speed=0)
        path = client.download_job_results("job-1", tmp_path / "r", format="json")
    assert path.read_bytes() == body


@pytest.mark.parametrize("talk", [*UNTIL_THE_HEAD, dripping_chunk_size])
def test_the_head_of_a_download_has_a_deadline(
    connect: Connect, tmp_path: Path, talk: Talk
) -> None:
    with raw_server(talk) as site:
        client = connect(site.url, timeout=0.5, max_retries=0)
        taken = seconds_until(
            RequestTimeoutError, lambda: client.download_job_results("job-1", tmp_path / "r")
        )
    assert 0.4 < taken < PATIENCE / 2
