"""What the server lets one client take: bytes, time, connections."""

import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn

from sutro_server import Settings, create_app
from sutro_server.http.listening.protocol import MAX_FIELDS, LimitedProtocol
from sutro_server.http.listening.room import make_room
from tests.support.reference_server import Server, StartServer
from tests.support.waiting import PATIENCE, eventually


class Hasty(LimitedProtocol):
    """The server's protocol with deadlines that tests can wait for.

    A client that sends at once meets them on a busy machine, too.
    """

    head_seconds = 1.0
    body_seconds = 1.0
    stalled_seconds = 1.0


def connect_to(url: str) -> socket.socket:
    address = urlsplit(url)
    assert address.port is not None
    return socket.create_connection(("127.0.0.1", address.port), timeout=PATIENCE)


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the server closes the connection."""
    received = bytearray()
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return bytes(received)


def is_closed_while_it_gets(connection: socket.socket, piece: bytes, pause: float = 0.0) -> bool:
    """Send a piece again and again; return whether the server ends that."""
    for _ in range(2000):
        try:
            connection.sendall(piece)
        except OSError:
            return True
        time.sleep(pause)
    return False


@contextmanager
def serving_hastily(data: Path) -> Iterator[str]:
    app = create_app(Settings(data=str(data), access_log=False))
    config = uvicorn.Config(app, port=0, http=Hasty, ws="none", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        eventually(lambda: server.started)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a server with short deadlines and no jobs."""
    with serving_hastily(tmp_path_factory.mktemp("hasty")) as url:
        yield url


def test_an_endless_field_is_refused_while_it_arrives(server: Server) -> None:
    with closing(connect_to(server.url)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Endless: ")
        assert is_closed_while_it_gets(connection, b"a" * 65536)
    assert httpx.get(f"{server.url}/health").status_code == 200


@pytest.mark.parametrize("piece", [b"\r\n", b"X-A: b\r\n"])
def test_a_head_of_many_small_pieces_is_bounded_too(server: Server, piece: bytes) -> None:
    with closing(connect_to(server.url)) as connection:
        if piece.strip():
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        for _ in range(40):
            try:
                connection.sendall(piece * 2000)
            except OSError:
                break
        answer = read_all(connection)
    assert answer[:13] in (b"HTTP/1.1 431 ", b"")


def test_trailers_count_as_fields(server: Server) -> None:
    head = f"POST /job-results HTTP/1.1\r\nHost: x\r\nAuthorization: Key {server.key}\r\n"
    chunk = b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Endless: "
    with closing(connect_to(server.url)) as connection:
        connection.sendall(head.encode() + chunk)
        assert is_closed_while_it_gets(connection, b"a" * 65536)


@pytest.mark.parametrize(
    "start",
    [
        b"GET /health HT",
        b"GET /health HTTP/1.1\r\nHost: x\r\n",
        b"POST /job-results HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
    ],
)
def test_a_request_that_does_not_end_has_a_deadline(hasty: str, start: bytes) -> None:
    with closing(connect_to(hasty)) as connection:
        connection.sendall(start)
        answer = read_all(connection)
    # Without a key the answer to the last one comes before its body does.
    assert answer[:13] in (b"HTTP/1.1 408 ", b"HTTP/1.1 401 ")
    assert b"\r\nx-request-id: " in answer


def test_a_trickle_does_not_put_the_deadline_off(hasty: str) -> None:
    with closing(connect_to(hasty)) as connection:
        connection.sendall(b"GET /")
        assert is_closed_while_it_gets(connection, b"a", pause=0.02)


@pytest.mark.parametrize("sent", [b"", b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_an_idle_connection_is_closed_without_a_word(hasty: str, sent: bytes) -> None:
    with closing(connect_to(hasty)) as connection:
        connection.sendall(sent)
        answer = read_all(connection)
    assert answer.count(b"HTTP/1.1 ") == bool(sent)


def test_blank_lines_do_not_keep_a_connection(hasty: str) -> None:
    with closing(connect_to(hasty)) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert is_closed_while_it_gets(connection, b"\r\n", pause=0.02)


def test_a_client_that_does_not_read_is_cut_off() -> None:
    async def long(scope: object, receive: object, send: object) -> None:
        assert callable(send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        # More than the buffers of both sides hold.
        for _ in range(1000):
            await send({"type": "http.response.body", "body": b"a" * 65536, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    config = uvicorn.Config(long, port=0, http=Hasty, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        eventually(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        with closing(connect_to(f"http://127.0.0.1:{port}")) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            eventually(lambda: server.server_state.connections)
            eventually(lambda: not server.server_state.connections)
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join()


def test_idle_connections_leave_room_for_others(start_server: StartServer) -> None:
    server = start_server()
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (300, 300))
    with ExitStack() as stack:
        idle = [stack.enter_context(closing(connect_to(server.url))) for _ in range(200)]
        eventually(lambda: answers(server))
        # One gave way; it was not the deadline that closed them all.
        assert sum(map(is_open, idle)) > 10


def is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        connection.recv(1)
    except BlockingIOError:
        return True
    except ConnectionError:
        pass
    return False


def answers(server: Server) -> bool:
    try:
        return httpx.get(f"{server.url}/health", timeout=PATIENCE).status_code == 200
    except httpx.TransportError:
        return False


class Waiting:
    """A connection as `make_room` sees it."""

    def __init__(self, since: float | None) -> None:
        self.waiting_since = since
        self.closed = False

    @property
    def transport(self) -> "Waiting":
        return self

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("since", "stays", "goes"),
    [
        ([], True, None),
        ([None] * 15, True, None),
        ([None] * 16, False, None),
        ([99.9] * 16, False, None),
        ([None, 50.0, 40.0, *[None] * 13], True, 2),
    ],
)
def test_the_longest_waiting_connection_gives_way(
    since: list[float | None], stays: bool, goes: int | None
) -> None:
    others = [Waiting(moment) for moment in since]
    new = Waiting(100.0)
    assert make_room(new, [*others, new], 16, 100.0) is stays
    assert [number for number, other in enumerate(others) if other.closed] == (
        [] if goes is None else [goes]
    )


@pytest.mark.parametrize(
    "hosts", [b"", b"Host: a\r\nHost: a\r\n", b"Host: a@b\r\n", b"Host: a/b\r\n", b"Host: a b\r\n"]
)
def test_a_request_has_one_host(server: Server, hosts: bytes) -> None:
    with closing(connect_to(server.url)) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\n" + hosts + b"\r\n")
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nx-request-id: " in answer
    assert b'{"detail":' in answer


def test_http_1_0_needs_no_host(server: Server) -> None:
    with closing(connect_to(server.url)) as connection:
        connection.sendall(b"GET /health HTTP/1.0\r\n\r\n")
        assert read_all(connection).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
def test_other_protocols_are_answered_as_if_nobody_had_asked(server: Server, protocol: str) -> None:
    fields = f"Connection: Upgrade\r\nUpgrade: {protocol}\r\nSec-WebSocket-Version: 13\r\n"
    fields += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    with closing(connect_to(server.url)) as connection:
        connection.sendall(f"GET /nowhere HTTP/1.1\r\nHost: x\r\n{fields}\r\n".encode())
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"\r\nx-request-id: " in answer
    assert answer.endswith(b'{"detail":"Not Found"}')


def test_what_follows_a_good_request_does_not_spoil_its_answer(server: Server) -> None:
    with closing(connect_to(server.url)) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n\x00\x01 garbage\r\n\r\n")
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.endswith(b'{"status":"ok"}')


def test_a_head_may_be_as_long_as_is_said(server: Server) -> None:
    fields = {"X-Long": "a" * (MAX_FIELDS - 2000)}
    assert httpx.get(f"{server.url}/health", headers=fields).status_code == 200


def test_a_connection_that_ends_in_a_body_leaves_no_trace_in_the_log(server: Server) -> None:
    head = f"POST /job-results HTTP/1.1\r\nHost: x\r\nAuthorization: Key {server.key}\r\n"
    before = server.log.stat().st_size
    with closing(connect_to(server.url)) as connection:
        connection.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
    eventually(lambda: server.log.stat().st_size > before)
    assert "Traceback" not in server.log.read_text()
