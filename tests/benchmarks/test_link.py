"""The emulated link is never quicker than it says, and changes nothing of what it carries."""

import gc
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest

from benchmarks.distance.link import LOOPBACK, Link, Relay, mbit
from tests.support.waiting import PATIENCE


class _Echo(BaseRequestHandler):
    """Sends everything back once its peer has sent all of it."""

    def handle(self) -> None:
        received = b"".join(iter(lambda: self.request.recv(65_536), b""))
        self.request.sendall(received)


class _Ping(BaseRequestHandler):
    """Answers each byte by one."""

    def handle(self) -> None:
        while self.request.recv(1):
            self.request.sendall(b"!")


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of connections that the link broke off."""


@pytest.fixture
def echo() -> Iterator[int]:
    yield from _port_of(_Echo)


@pytest.fixture
def ping() -> Iterator[int]:
    yield from _port_of(_Ping)


def _port_of(handler: type[BaseRequestHandler]) -> Iterator[int]:
    with _Server((LOOPBACK, 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def connect(relay: Relay) -> socket.socket:
    return socket.create_connection((LOOPBACK, relay.port), timeout=30)


def exchange(relay: Relay, data: bytes) -> bytes:
    with connect(relay) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize("size", [0, 1, 100_000, 3_000_000])
@pytest.mark.parametrize("bandwidth", [None, mbit(400)])
def test_bytes_arrive_as_they_were_and_are_counted(
    echo: int, size: int, bandwidth: float | None
) -> None:
    data = (bytes(range(256)) * (size // 256 + 1))[:size]
    with Link(latency=0.001, bandwidth=bandwidth) as link:
        relay = link.to(LOOPBACK, echo)
        assert exchange(relay, data) == data
        assert (relay.bytes_up, relay.bytes_down, relay.connections) == (size, size, 1)


def test_an_answer_takes_a_round_trip_and_a_connection_another_one(ping: int) -> None:
    with Link(latency=0.05) as link:
        relay = link.to(LOOPBACK, ping)
        began = time.monotonic()
        with connect(relay) as connection:
            for round_trips in (2, 1, 1):
                connection.sendall(b"?")
                assert connection.recv(1) == b"!"
                assert time.monotonic() - began >= round_trips * 0.1
                began = time.monotonic()


def test_a_connection_is_no_wider_than_its_bandwidth(echo: int) -> None:
    with Link(bandwidth=2e6) as link:
        began = time.monotonic()
        exchange(link.to(LOOPBACK, echo), bytes(400_000))
    assert time.monotonic() - began >= 2 * 400_000 / 2e6


def test_connections_share_a_limit(echo: int) -> None:
    with Link(shared_bandwidth=2e6) as link, ThreadPoolExecutor(4) as pool:
        relays = [link.to(LOOPBACK, echo), link.to(LOOPBACK, echo)]
        began = time.monotonic()
        list(pool.map(lambda number: exchange(relays[number % 2], bytes(100_000)), range(4)))
    assert time.monotonic() - began >= 4 * 100_000 / 2e6


def test_connections_have_their_bandwidth_each(echo: int) -> None:
    """One takes some seconds, and so do thirty; a shared limit would make it minutes."""
    with Link(bandwidth=2e4) as link, ThreadPoolExecutor(30) as pool:
        relay = link.to(LOOPBACK, echo)
        began = time.monotonic()
        list(pool.map(lambda _: exchange(relay, bytes(60_000)), range(30)))
    assert 1 <= time.monotonic() - began < PATIENCE


def test_connections_are_lost_after_some_bytes(echo: int) -> None:
    with Link(bytes_to_loss=10_000, seed=1) as link:
        relay = link.to(LOOPBACK, echo)
        for lost in (1, 2, 3):
            with pytest.raises(OSError, match=r"reset|not connected|pipe"):
                exchange(relay, bytes(1_000_000))
            assert relay.lost == lost


def test_the_same_seed_loses_connections_after_the_same_bytes(echo: int) -> None:
    def lengths() -> list[int]:
        with Link(bytes_to_loss=100_000, seed=5) as link:
            relay = link.to(LOOPBACK, echo)
            return [survived(relay, size) for size in (10_000, 50_000, 100_000, 200_000)]

    def survived(relay: Relay, size: int) -> int:
        try:
            return len(exchange(relay, bytes(size)))
        except OSError:
            return -1

    first = lengths()
    assert first == lengths()
    assert -1 in first
    assert set(first) != {-1}


def test_a_client_that_goes_away_takes_its_connection_with_it(
    echo: int, caplog: pytest.LogCaptureFixture
) -> None:
    with Link(bandwidth=mbit(400)) as link:
        relay = link.to(LOOPBACK, echo)
        for _ in range(10):
            with connect(relay) as connection:
                connection.sendall(bytes(1_000_000))
                connection.shutdown(socket.SHUT_WR)
                assert connection.recv(1)
        assert exchange(relay, b"?") == b"?"
    gc.collect()  # A task whose error nobody fetched tells of it when it goes.
    assert caplog.messages == []


def test_a_server_that_is_not_there_resets_the_connection() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
    with Link() as link, pytest.raises(OSError, match=r"reset|not connected|pipe"):
        exchange(link.to(LOOPBACK, port), b"?")
