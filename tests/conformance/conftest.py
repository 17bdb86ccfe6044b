"""Verifying the reference server, by itself or behind a server that changes its responses."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, TypedDict, Unpack

import pytest
from click.testing import CliRunner, Result

from sutro_conformance import Level, Report, Settings, Target, cli, verify
from tests.support.front import Change, unchanged
from tests.support.front import front as serve_front
from tests.support.reference_server import Server
from tests.support.scripted_server import ScriptedServer

QUICK = Settings(profile="quick")


class StartFront(Protocol):
    """Puts a server before the shared reference server, or another: `start_front(change)`."""

    def __call__(self, change: Change = unchanged, upstream: str = "") -> ScriptedServer: ...


class Changes(TypedDict, total=False):
    """What differs from the usual target and outcome."""

    second_api_key: str | None
    allow_cancel: set[str]
    allow_cancel_any: bool


class Judge(Protocol):
    """Verifies a URL with the keys of the reference server, quickly."""

    def __call__(
        self,
        url: str,
        settings: Settings = QUICK,
        *,
        strict: bool = False,
        fail_on: Level = Level.MUST,
        **target: Unpack[Changes],
    ) -> Report: ...


class RunVerify(Protocol):
    """Runs `sutro-jobs verify` quickly, with the keys of the reference server."""

    def __call__(self, url: str, *arguments: str | Path) -> Result: ...


@pytest.fixture
def front(server: Server) -> Iterator[StartFront]:
    """Start servers in front of others."""
    with ExitStack() as stack:

        def start(change: Change = unchanged, upstream: str = "") -> ScriptedServer:
            return stack.enter_context(serve_front(upstream or server.url, change))

        yield start


@pytest.fixture
def judge(server: Server) -> Judge:
    """Verify servers."""

    def run(
        url: str,
        settings: Settings = QUICK,
        *,
        strict: bool = False,
        fail_on: Level = Level.MUST,
        **target: Unpack[Changes],
    ) -> Report:
        keys = Changes(second_api_key=server.other_key)
        keys.update(target)
        wanted = Target(url=url, api_key=server.key, **keys)
        return verify(wanted, settings, strict=strict, fail_on=fail_on)

    return run


@pytest.fixture
def command(server: Server) -> RunVerify:
    """Run the command in this process."""

    def run(url: str, *arguments: str | Path) -> Result:
        keys = ["--api-key", server.key, "--second-api-key", server.other_key]
        words = ["--api-url", url, *keys, "--profile", "quick", *map(str, arguments)]
        return CliRunner().invoke(cli.verify, words)

    return run
