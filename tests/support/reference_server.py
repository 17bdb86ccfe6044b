"""The reference server in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import httpx
from attrs import field, frozen

from .waiting import PATIENCE

COMMAND = str(Path(sys.executable).with_name("sutro-jobs"))
KEY, OTHER_KEY = "demo-key", "other-key"


@frozen
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
    key: str = KEY
    other_key: str = OTHER_KEY

    @property
    def headers(self) -> dict[str, str]:
        """Headers that authenticate the tenant `demo`."""
        return {"Authorization": f"Key {self.key}"}

    def client(self, headers: Mapping[str, str] | None = None) -> httpx.Client:
        """Return a client of the tenant `demo`, or of whom `headers` authenticate, for a `with`."""
        sent = self.headers if headers is None else headers
        return httpx.Client(base_url=self.url, headers=sent, timeout=PATIENCE)


class StartServer(Protocol):
    """Starts servers that are stopped after the test: `start_server("--demo")`.

    Arguments are those of `sutro-jobs serve`. Each server gets an empty data directory unless
    `data` names one, and a free port.
    """

    def __call__(self, *arguments: str, data: Path | None = None) -> Server: ...


@contextmanager
def reference_server(data: Path, *arguments: str, prefix: Sequence[str] = ()) -> Iterator[Server]:
    """Serve a data directory while the block lasts, with arguments of `sutro-jobs serve`.

    `prefix` is a command that runs the server, such as `nice`.
    """
    command = [*prefix, COMMAND, "serve", "--data", str(data), "--port", "0"]
    command += ["--api-key", f"demo={KEY}", "--api-key", f"other={OTHER_KEY}"]
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
