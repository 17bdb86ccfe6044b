"""Fixtures of all rooms: reference servers in processes of their own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings

# Examples that ask a server take as long as the machine is busy.
settings.register_profile("loopback", deadline=None, max_examples=40)
settings.load_profile("loopback")

_COMMAND = str(Path(sys.executable).with_name("sutro-jobs"))


@dataclass(frozen=True)
class Server:
    """A running reference server.

    `url` has no slash at its end; `key` is the tenant `demo`'s API key and `other_key` the tenant
    `other`'s; `data` is the data directory, `log` the file of the server's standard error,
    `process` its process.
    """

    url: str
    data: Path
    log: Path
    process: subprocess.Popen[str] = field(repr=False)
    key: str = "demo-key"
    other_key: str = "other-key"

    @property
    def headers(self) -> dict[str, str]:
        """Headers that authenticate the tenant `demo`."""
        return {"Authorization": f"Key {self.key}"}


@contextmanager
def _serving(data: Path, *arguments: str) -> Iterator[Server]:
    command = [_COMMAND, "serve", "--data", str(data), "--port", "0"]
    command += ["--api-key", f"demo={Server.key}", "--api-key", f"other={Server.other_key}"]
    data.mkdir(parents=True, exist_ok=True)
    log = data / "server.log"
    with (
        log.open("a") as errors,
        subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Serving on "), log.read_text()
            yield Server(line.removeprefix("Serving on ").strip(), data, log, process)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A reference server over the demo data, shared by all tests of a session.

    The tenant `demo` has some 120 jobs over 1,851 films, among them `job-films-original-titles`
    (plain outputs), `job-films-countries` (with the ID column `imdb_id`), `job-films-structured`
    (JSON outputs, `imdb_id`), `job-films-failed`, `-cancelled`, `-running`, `-starting` and
    `-queued`, and a small job for each year, such as `job-films-year-1946`. The tenant `other` has
    three small ones. Use it as::

        def test_lists_jobs(server):
            httpx.get(f"{server.url}/list-jobs", headers=server.headers)

    Don't cancel its unfinished jobs or add jobs to it: take `start_server` for that.
    """
    with _serving(tmp_path_factory.mktemp("demo"), "--demo") as running:
        yield running


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractContextManager[Server]]:
    """Serve a data directory while a `with` block lasts, for fixtures of wider scope."""
    return _serving


@pytest.fixture(scope="session")
def controlled_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shared server without jobs, started with `--control`.

    Its requests may ask for faults (`X-Sutro-Fault: reset`) and advance the clock. Tests add jobs
    to it with `sutro-jobs import --data controlled_server.data` and look at these only.
    """
    with _serving(tmp_path_factory.mktemp("controlled"), "--control") as running:
        yield running


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start fresh servers, stopped after the test: `start_server("--demo", "--edition", "e2")`.

    Arguments are those of `sutro-jobs serve`. Each server gets an empty data directory unless
    `data` names one, and a free port.
    """
    with ExitStack() as stack:

        def start(*arguments: str, data: Path | None = None) -> Server:
            number = len(list(tmp_path.glob("data-*")))
            return stack.enter_context(_serving(data or tmp_path / f"data-{number}", *arguments))

        yield start
