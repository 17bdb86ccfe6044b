"""Both clients behind plain calls, servers that fail on demand, and servers of results."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Unpack, cast

import polars as pl
import pytest
from narwhals.typing import IntoDataFrameT

from sutro_jobs import Sutro
from sutro_jobs._results import schema_lookup
from tests.support.clients import Connect, async_clients, sync_clients
from tests.support.reference_server import reference_server
from tests.support.results import (
    JOB,
    Columns,
    ReadResults,
    ResultOptions,
    Serve,
    UnpackOutputs,
    results_handler,
)
from tests.support.scripted_server import Script, ScriptedServer
from tests.support.tls import Authority, make_authority


@pytest.fixture(params=[sync_clients, async_clients], ids=["Sutro", "AsyncSutro"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Make clients of either kind; methods of the asynchronous one return their results."""
    with request.param() as connect:
        yield connect


@pytest.fixture(scope="session")
def controlled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a server over the demo data that fails where a request asks for it."""
    with reference_server(tmp_path_factory.mktemp("controlled"), "--demo", "--control") as running:
        yield running.url


@pytest.fixture(scope="session")
def older(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a server over the demo data that speaks the edition of early 2026."""
    with reference_server(tmp_path_factory.mktemp("older"), "--demo", "--edition", "e2") as running:
        yield running.url


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that nobody trusts unless told to."""
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def look_up_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no lookup begin beside a transfer, however slow the machine: tests count requests."""
    monkeypatch.setattr(schema_lookup, "_HEAD_START", 3600.0)


@pytest.fixture(autouse=True)
def cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for each test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("SUTRO_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def serve(script: Script) -> Serve:
    """Serve results that a test makes up."""

    def start(
        columns: Columns, *, json_schema: object = None, body: bytes | None = None
    ) -> ScriptedServer:
        return script(results_handler(columns, json_schema, body))

    return start


@pytest.fixture
def results(serve: Serve) -> ReadResults:
    """Read results of made-up columns."""

    def read(
        columns: Columns,
        *,
        with_original_df: IntoDataFrameT | None = None,
        schema: object = None,
        **options: Unpack[ResultOptions],
    ) -> pl.DataFrame | IntoDataFrameT:
        server = serve(columns, json_schema=schema)
        with Sutro(api_url=server.url, api_key="key") as client:
            if with_original_df is None:
                return client.get_job_results(JOB, **options)
            return client.get_job_results(JOB, with_original_df=with_original_df, **options)

    return cast("ReadResults", read)


@pytest.fixture
def unpacked(results: ReadResults) -> UnpackOutputs:
    """Read outputs."""

    def read(
        *outputs: object, schema: object = None, **options: Unpack[ResultOptions]
    ) -> pl.DataFrame:
        texts = [
            output if isinstance(output, str | None) else json.dumps(output) for output in outputs
        ]
        columns = {"outputs": pl.Series(texts, dtype=pl.String)}
        return results(columns, schema=schema, **options)

    return read
