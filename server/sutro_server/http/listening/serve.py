"""Runs the server: binds a socket, starts uvicorn's workers, says when they answer."""

import http.client
import signal
import socket
import sys
import threading
import time
from types import FrameType

import msgspec
import uvicorn
from uvicorn.supervisors import Multiprocess

from ...errors import ListenError
from ...settings import Settings
from .protocol import LimitedProtocol
from .room import raise_limit

# Kubernetes gives a pod as long by default before it kills it.
_GRACE_SECONDS = 30
_POLL_SECONDS = 0.02


def run(
    settings: Settings, host: str, port: int, workers: int, files_port: int | None = None
) -> None:
    """Serve until the process is asked to stop; answers in flight are finished first.

    The object store listens beside it, on `files_port` or else on the port that follows, where
    that is free; unless the settings name its origin, its address is the origin.

    Raises:
        ListenError: The address is taken, or not one of this machine.
    """
    listeners = [_bind(host, port)]
    if settings.offers_results_url:
        listeners.append(_bind_files(host, listeners[0].getsockname()[1], files_port))
        settings = _with_files(settings, host, listeners[1].getsockname()[1])
    settings.to_environment()
    raise_limit()
    config = uvicorn.Config(
        "sutro_server.http.app:from_environment",
        factory=True,
        host=host,
        port=port,
        http=LimitedProtocol,
        workers=workers,
        access_log=False,
        # Every refusal is answered; warnings about them would stand among the lines of JSON.
        log_level="error",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        # Connections that wait for a busy process; the system cuts it down to its own limit.
        backlog=2048,
    )
    announced = (host, listeners[0].getsockname()[1], settings.files_url)
    threading.Thread(target=_announce, args=announced, daemon=True).start()
    signal.signal(signal.SIGTERM, _end)
    try:
        if workers > 1:
            Multiprocess(config, listeners).run()
        else:
            uvicorn.Server(config).run(sockets=listeners)
    except KeyboardInterrupt:
        pass
    finally:
        for listener in listeners:
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


def _bind_files(host: str, api_port: int, files_port: int | None) -> socket.socket:
    if files_port is not None:
        return _bind(host, files_port)
    # URLs outlive a restart of the server if its object store is found at the same port again.
    try:
        return _bind(host, api_port + 1)
    except (ListenError, OverflowError):
        return _bind(host, 0)


def _with_files(settings: Settings, host: str, port: int) -> Settings:
    url = settings.files_url or f"http://{_in_url(_reachable(host))}:{port}"
    return msgspec.structs.replace(settings, files_url=url, files_port=port)


def _announce(host: str, port: int, files_url: str | None) -> None:
    """Print the server's URL once it answers, and the one of its object store."""
    while not _answers(host, port):
        time.sleep(_POLL_SECONDS)
    sys.stdout.write(f"Serving on http://{_in_url(host)}:{port}\n")
    if files_url is not None:
        sys.stdout.write(f"Result files are on {files_url}\n")
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


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _end(_signal: int, _frame: FrameType | None) -> None:
    """End with status 0: uvicorn raises the signal again once it has shut down in good order."""
    sys.exit(0)
