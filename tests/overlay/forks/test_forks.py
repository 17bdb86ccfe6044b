"""Clients that a fork inherits give right answers, and leave connections of their parent alone."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PYTHON = [sys.executable, "-W", "always::ResourceWarning", "-m"]
TIMEOUT = 240.0
Run = Callable[..., Any]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")


@pytest.fixture(params=["http", "https"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Run]:
    """Run a program against a server of its own: `run("pool")` returns what it found."""
    folder = [str(tmp_path)] if request.param == "https" else []
    command = [*PYTHON, "tests.overlay.forks.tagged_server", *folder]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        bundle = tmp_path / "authority.pem"

        def start(name: str) -> Any:
            program = [*PYTHON, "tests.overlay.forks.programs", name, url, str(bundle)]
            environment = os.environ | {"SUTRO_CACHE_DIR": str(tmp_path / "cache")}
            with subprocess.Popen(
                program,
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            ) as running:
                try:
                    found, errors = running.communicate(timeout=TIMEOUT)
                finally:
                    with suppress(ProcessLookupError):  # Its children, if some are left.
                        os.killpg(running.pid, signal.SIGKILL)
            assert (running.returncode, errors) == (0, "")
            return json.loads(found)

        yield start
        server.terminate()


def test_a_pool_of_forks_reads_and_caches_the_right_rows(run: Run) -> None:
    assert run("pool") == {"wrong": [], "cached": []}


def test_children_and_their_children_call_while_threads_of_the_parent_do(run: Run) -> None:
    assert run("several") == {"wrong": [], "busy": True}


def test_children_leave_the_connections_of_their_parent_as_they_are(run: Run) -> None:
    found = run("parting")
    assert found["wrong"] == []
    # One of the parent, two of the first child, and two that asked for the counts.
    assert found["after"]["connections"] == 5
    assert "mixed requests" not in found["after"]
    assert "farewells" not in found["after"]
    assert found["before"]["open"] == 2


def test_children_drop_inherited_sockets(run: Run) -> None:
    assert run("inherited") == [[]] * 10


def test_lists_go_on_in_parent_and_child(run: Run) -> None:
    assert run("lists") == [True] * 30


def test_a_call_goes_on_in_parent_and_child_when_a_hook_forks(run: Run) -> None:
    assert run("hooks") == [True] * 48
    assert run("frames") == [True] * 3


def test_event_loops_of_children_and_of_threads_have_connections_of_their_own(run: Run) -> None:
    assert run("loops") == []


def test_a_client_of_the_user_is_refused_in_a_child(run: Run) -> None:
    by_client, by_transport = run("refused")
    assert by_client.startswith("The http_client of this client was made before a fork")
    assert "in the child process" in by_transport
