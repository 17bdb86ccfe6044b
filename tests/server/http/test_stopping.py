"""Stopping, and not starting."""

import signal
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from sutro_server.cli import serve
from tests.server.conftest import AddJob
from tests.support.reference_server import StartServer
from tests.support.waiting import PATIENCE


@pytest.mark.parametrize(("how", "workers"), [(signal.SIGTERM, "1"), (signal.SIGINT, "2")])
def test_stopping_lets_an_answer_in_flight_finish(
    start_server: StartServer, add_job: AddJob, how: signal.Signals, workers: str
) -> None:
    server = start_server("--fault", "drip=10@results", "--workers", workers)
    job = add_job(server.data)
    url = f"{server.url}/jobs/{job}/results?format=json"
    with httpx.stream("GET", url, headers=server.headers, timeout=PATIENCE) as answer:
        pieces = answer.iter_raw()
        first = next(pieces)
        server.process.send_signal(how)
        rest = b"".join(pieces)
    assert first + rest == b'{"outputs":["1","2","3"]}'
    assert server.process.wait(PATIENCE) == 0


def test_a_taken_port_is_named(start_server: StartServer, tmp_path: Path) -> None:
    port = start_server().url.rsplit(":", 1)[1]
    done = CliRunner().invoke(serve, ["--data", str(tmp_path / "second"), "--port", port])
    assert done.exit_code == 2
    assert "Choose another --port" in done.output
