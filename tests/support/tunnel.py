"""Proxies on loopback that pass bytes on: by CONNECT, in the clear or over TLS, and SOCKS."""

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer

Dial = Callable[[socket.socket], socket.socket]


@contextmanager
def tunnel(dial: Dial, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run a proxy while the block lasts; gives its host and port.

    `dial` reads where a client wants to go, connects, and says that it did.
    """

    class Tunnel(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                client = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                with closing(client), dial(client) as server:
                    back = threading.Thread(target=_pump, args=(server, client))
                    back.start()
                    _pump(client, server)
                    back.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Tunnel) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"127.0.0.1:{listener.server_address[1]}"
        finally:
            listener.shutdown()
            thread.join()


def dial_for_connect(client: socket.socket) -> socket.socket:
    """Take a CONNECT request of HTTP."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += client.recv(4096)
    found = re.match(rb"CONNECT (.*):(\d+) ", head)
    assert found, head
    server = socket.create_connection((found[1].decode(), int(found[2])))
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    return server


def dial_for_socks(client: socket.socket) -> socket.socket:
    """Take a request of SOCKS 5 to connect to an IPv4 address or a name, without a login."""
    client.recv(257)
    client.sendall(b"\x05\x00")
    request = client.recv(262)
    host = socket.inet_ntoa(request[4:8]) if request[3] == 1 else request[5:-2].decode()
    server = socket.create_connection((host, struct.unpack(">H", request[-2:])[0]))
    client.sendall(b"\x05\x00\x00\x01" + bytes(6))
    return server


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
