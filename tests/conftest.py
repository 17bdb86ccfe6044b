"""Fixtures of all rooms: reference servers in processes of their own, and scripted servers."""

import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.reference_server import Server, StartServer, reference_server
from tests.support.scripted_server import Handler, Reply, Script, ScriptedServer, scripted_server

# Examples that ask a server, and the making of examples, take as long as the machine is busy.
settings.register_profile(
    "loopback", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("loopback")


# What a user's shell may have set, and what changes where a client asks and with which key.
FOREIGN = ("SUTRO_API_URL", "SUTRO_API_KEY", "SUTRO_SECOND_API_KEY", "SUTRO_CACHE_DIR")
PROXIES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def pytest_configure() -> None:
    """Forget the user's configuration and proxies, here and in processes that tests start."""
    for name in (*FOREIGN, *PROXIES, *map(str.lower, PROXIES)):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A reference server over the demo data, shared by all tests of a session.

    The tenant `demo` has some 120 jobs over 1,851 films, among them `job-films-original-titles`
    (plain outputs), `job-films-countries` (with the ID column `imdb_id`), `job-films-structured`
    (JSON outputs, `imdb_id`), `job-films-failed`, `-cancelled`, `-running`, `-starting` and
    `-queued`, and a small job for each year, such as `job-films-year-1946`. The tenant `other` has
    three small ones. Use it as::

        def test_lists_jobs(server: Server) -> None:
            httpx.get(f"{server.url}/list-jobs", headers=server.headers)

    Don't cancel its unfinished jobs or add jobs to it: take `start_server` for that.
    """
    with reference_server(tmp_path_factory.mktemp("demo"), "--demo") as running:
        yield running


@pytest.fixture(scope="session")
def controlled_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shared server without jobs, started with `--control`.

    Its requests may ask for faults (`X-Sutro-Fault: reset`) and advance the clock. Tests add jobs
    to it with `sutro-jobs import --data controlled_server.data` and look at these only.
    """
    with reference_server(tmp_path_factory.mktemp("controlled"), "--control") as running:
        yield running


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Start fresh reference servers."""
    with ExitStack() as stack:

        def start(*arguments: str, data: Path | None = None) -> Server:
            number = len(list(tmp_path.glob("data-*")))
            folder = data or tmp_path / f"data-{number}"
            return stack.enter_context(reference_server(folder, *arguments))

        yield start


@pytest.fixture
def nobody() -> Iterator[str]:
    """URL that nobody answers at: its port is taken as long as the test runs, and refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def script() -> Iterator[Script]:
    """Start scripted servers."""
    with ExitStack() as stack:

        def start(
            script: Handler | Sequence[Reply], tls: ssl.SSLContext | None = None
        ) -> ScriptedServer:
            return stack.enter_context(scripted_server(script, tls))

        yield start
