"""Results as files: whole or not there, continued where they broke off."""

import csv
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

import polars as pl
import pytest

from sutro_jobs import (
    ArgumentError,
    ConflictError,
    ConnectionFailedError,
    DecodingError,
    RateLimitError,
    SutroError,
    TruncatedError,
)
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.results import Serve, ranged, to_parquet
from tests.support.scripted_server import Request, Response, Script, ScriptedServer

BODY = to_parquet({"outputs": [f"output {number} " + "x" * number for number in range(500)]})

Format = Literal["json", "csv", "parquet"]


class Breaking(Protocol):
    """Serves BODY, but ends the first responses in the middle of it."""

    def __call__(
        self, times: int, respond: Callable[[Request, bytes], Response] = ..., at: int = ...
    ) -> ScriptedServer: ...


@pytest.fixture
def breaking(script: Script) -> Breaking:
    """Start servers that break responses off."""

    def start(
        times: int, respond: Callable[[Request, bytes], Response] = ranged, at: int = 1000
    ) -> ScriptedServer:
        def handle(request: Request) -> Response:
            whole = respond(request, BODY)
            if len(server.requests) > times:
                return whole
            length = {"Content-Length": str(len(whole.content)), "Connection": "close"}
            return Response(whole.status, whole.content[:at], {**whole.headers, **length})

        server = script(handle)
        return server

    return start


def test_parquet_is_as_the_server_sent_it(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    path = connect(serve({}, body=BODY).url).download_job_results("job-1", tmp_path / "r.parquet")
    assert path == tmp_path / "r.parquet"
    assert path.read_bytes() == BODY
    assert os.listdir(tmp_path) == ["r.parquet"]


def test_json_can_be_read_as_such(server: Server, connect: Connect, tmp_path: Path) -> None:
    path = connect(server.url).download_job_results(
        "job-films-countries", str(tmp_path / "r.json"), format="json", include_inputs=True
    )
    columns = json.loads(path.read_text())
    assert {name: len(values) for name, values in columns.items()} == {
        "inputs": 1851,
        "imdb_id": 1851,
        "outputs": 1851,
    }


def test_csv_comes_out_of_its_archive(server: Server, connect: Connect, tmp_path: Path) -> None:
    path = connect(server.url).download_job_results(
        "job-films-countries", tmp_path / "r.csv", format="csv"
    )
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    assert rows[0] == ["imdb_id", "job-films-countries"]
    assert len(rows) == 1852
    assert os.listdir(tmp_path) == ["r.csv"]


def test_csv_stays_in_its_archive_if_the_path_says_so(
    server: Server, connect: Connect, tmp_path: Path
) -> None:
    path = connect(server.url).download_job_results(
        "job-films-countries", tmp_path / "r.zip", format="csv"
    )
    assert len(zipfile.ZipFile(path).namelist()) == 1


def test_the_columns_that_are_asked_for_are_in_the_file(
    server: Server, connect: Connect, tmp_path: Path
) -> None:
    path = connect(server.url).download_job_results(
        "job-films-countries", tmp_path / "r", include_cumulative_logprobs=True
    )
    assert set(pl.read_parquet_schema(path)) == {"imdb_id", "outputs", "cumulative_logprobs"}


def test_a_broken_download_goes_on_where_it_ended(
    breaking: Breaking, connect: Connect, tmp_path: Path
) -> None:
    server = breaking(times=2)
    path = connect(server.url).download_job_results("job-1", tmp_path / "r")
    assert path.read_bytes() == BODY
    assert [request.headers.get("Range") for request in server.requests] == [
        None,
        "bytes=1000-",
        "bytes=2000-",
    ]


def test_a_broken_download_goes_on_with_the_reference_server(
    controlled: str, connect: Connect, tmp_path: Path
) -> None:
    whole = connect(controlled).download_job_results("job-films-countries", tmp_path / "whole")
    client = connect(controlled, fault="cut=2000", times=3)
    path = client.download_job_results("job-films-countries", tmp_path / "broken")
    assert path.read_bytes() == whole.read_bytes()


def test_frames_come_through_broken_connections(breaking: Breaking, connect: Connect) -> None:
    frame = connect(breaking(times=2).url).get_job_results("job-1")
    assert frame["inference_result"].to_list() == pl.read_parquet(BODY)["outputs"].to_list()


def test_without_an_etag_a_broken_download_starts_again(
    breaking: Breaking, connect: Connect, tmp_path: Path
) -> None:
    server = breaking(times=1, respond=lambda _, body: Response(body=body))
    path = connect(server.url).download_job_results("job-1", tmp_path / "r")
    assert path.read_bytes() == BODY
    assert [request.headers.get("Range") for request in server.requests] == [None, None]


def test_results_that_changed_meanwhile_are_not_mixed(
    breaking: Breaking, connect: Connect, tmp_path: Path
) -> None:
    def respond(request: Request, body: bytes) -> Response:
        etag = '"new"' if "Range" in request.headers else '"old"'
        return Response(200, body, {"ETag": etag})

    path = connect(breaking(times=1, respond=respond).url).download_job_results(
        "job-1", tmp_path / "r"
    )
    assert path.read_bytes() == BODY


def test_a_wrong_range_starts_the_download_again(
    breaking: Breaking, connect: Connect, tmp_path: Path
) -> None:
    def respond(request: Request, body: bytes) -> Response:
        if "Range" in request.headers:
            span = f"bytes 5-{len(body) - 1}/{len(body)}"
            return Response(206, body[5:], {"Content-Range": span})
        return Response(200, body, {"ETag": '"1"'})

    path = connect(breaking(times=1, respond=respond).url).download_job_results(
        "job-1", tmp_path / "r"
    )
    assert path.read_bytes() == BODY


def test_a_later_call_goes_on_with_a_download_that_failed(
    breaking: Breaking, connect: Connect, tmp_path: Path
) -> None:
    server = breaking(times=1)
    client = connect(server.url, max_retries=0)
    with pytest.raises(SutroError):
        client.download_job_results("job-1", tmp_path / "r")
    assert not (tmp_path / "r").exists()
    path = client.download_job_results("job-1", tmp_path / "r")
    assert path.read_bytes() == BODY
    assert server.requests[1].headers["Range"] == "bytes=1000-"
    assert os.listdir(tmp_path) == ["r"]


def test_a_part_of_another_job_is_not_continued(
    breaking: Breaking, connect: Connect, tmp_path: Path
) -> None:
    server = breaking(times=1)
    client = connect(server.url, max_retries=0)
    with pytest.raises(SutroError):
        client.download_job_results("job-1", tmp_path / "r")
    client.download_job_results("job-2", tmp_path / "r")
    assert "Range" not in server.requests[1].headers


def test_a_part_that_somebody_changed_is_not_continued(
    breaking: Breaking, connect: Connect, tmp_path: Path
) -> None:
    server = breaking(times=1)
    client = connect(server.url, max_retries=0)
    with pytest.raises(SutroError):
        client.download_job_results("job-1", tmp_path / "r")
    (part,) = tmp_path.glob("*.part")
    part.write_bytes(b"short")
    assert client.download_job_results("job-1", tmp_path / "r").read_bytes() == BODY


def test_a_refused_download_leaves_nothing(
    server: Server, connect: Connect, tmp_path: Path
) -> None:
    with pytest.raises(ConflictError):
        connect(server.url).download_job_results("job-films-running", tmp_path / "r")
    assert os.listdir(tmp_path) == []


def test_a_failure_keeps_the_file_that_was_there(
    server: Server, connect: Connect, tmp_path: Path
) -> None:
    (tmp_path / "r").write_text("before")
    with pytest.raises(ConflictError):
        connect(server.url).download_job_results("job-films-running", tmp_path / "r")
    assert (tmp_path / "r").read_text() == "before"


def test_a_download_replaces_the_file_that_was_there(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    (tmp_path / "r").write_text("before")
    connect(serve({}, body=BODY).url).download_job_results("job-1", tmp_path / "r")
    assert (tmp_path / "r").read_bytes() == BODY


@pytest.mark.parametrize("form", ["json", "csv", "parquet"])
def test_a_page_in_place_of_results_is_an_error(
    serve: Serve, connect: Connect, tmp_path: Path, form: Format
) -> None:
    client = connect(serve({}, body=b"<html>proxy</html>").url)
    with pytest.raises(DecodingError, match=form) as caught:
        client.download_job_results("job-1", tmp_path / "r", format=form)
    assert caught.value.body == "<html>proxy</html>"
    assert os.listdir(tmp_path) == []


def test_a_file_that_ends_in_the_middle_is_an_error(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    client = connect(serve({}, body=BODY[:-100]).url, max_retries=0)
    with pytest.raises(TruncatedError):
        client.download_job_results("job-1", tmp_path / "r")


@pytest.mark.parametrize(
    ("path", "form", "what"),
    [("r", "xml", "format"), (".", "json", "folder"), ("no/r", "json", "folder")],
)
def test_what_cannot_be_written_is_refused_before_anything_is_sent(
    serve: Serve,
    connect: Connect,
    tmp_path: Path,
    path: str,
    form: Format,
    what: str,
) -> None:
    server = serve({"outputs": ["a"]})
    with pytest.raises(ArgumentError, match=what):
        connect(server.url).download_job_results("job-1", tmp_path / path, format=form)
    assert server.targets == []


def test_passing_failures_are_survived(controlled: str, connect: Connect, tmp_path: Path) -> None:
    client = connect(controlled, fault="unavailable", times=2)
    assert client.download_job_results("job-films-countries", tmp_path / "r").exists()


def test_failures_that_go_on_are_errors(controlled: str, connect: Connect, tmp_path: Path) -> None:
    with pytest.raises(RateLimitError):
        connect(controlled, fault="too-many-requests", max_retries=0).download_job_results(
            "job-films-countries", tmp_path / "r"
        )
    with pytest.raises(ConnectionFailedError):
        connect(controlled, fault="reset", max_retries=0).get_job_results("job-films-countries")
