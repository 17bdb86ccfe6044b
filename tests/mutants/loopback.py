"""A server on a port of the loopback interface, for what can't be shown in process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from .server import Server


@contextmanager
def served(server: Server) -> Iterator[str]:
    """Serve until the block ends; gives the address, without a path."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        server, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join()
