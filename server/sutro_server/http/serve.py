"""Runs the server: binds a socket, starts uvicorn's workers, says when they answer."""

import http.client
import signal
import socket
import sys
import threading
import time
from types import FrameType

import uvicorn
from uvicorn.supervisors import Multiprocess

from ..errors import ListenError
from ..settings import Settings
from .protocol import LimitedProtocol

# Kubernetes gives a pod as long by default before it kills it.
_GRACE_SECONDS = 30
_POLL_SECONDS = 0.02


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until the process is asked to stop; answers in flight are finished first.

    Raises:
        ListenError: The address is taken, or not one of this machine.
    """
    settings.to_environment()
    config = uvicorn.Config(
        "sutro_server.http.app:from_environment",
        factory=True,
        host=host,
        port=port,
        http=LimitedProtocol,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        # Connections that wait for a busy process; the system cuts it down to its own limit.
        backlog=2048,
    )
    listener = _bind(host, port)
    address = listener.getsockname()
    threading.Thread(target=_announce, args=(host, address[1]), daemon=True).start()
    signal.signal(signal.SIGTERM, _end)
    try:
        if workers > 1:
            Multiprocess(config, [listener]).run()
        else:
            uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ListenError(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
    listener.set_inheritable(True)
    return listener


def _announce(host: str, port: int) -> None:
    """Print the server's URL once it answers."""
    shown = f"[{host}]" if ":" in host else host
    while not _answers(host, port):
        time.sleep(_POLL_SECONDS)
    sys.stdout.write(f"Serving on http://{shown}:{port}\n")
    sys.stdout.flush()


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _end(_signal: int, _frame: FrameType | None) -> None:
    """End with status 0: uvicorn raises the signal again once it has shut down in good order."""
    sys.exit(0)
