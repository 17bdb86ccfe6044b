"""Results that were read before are read from disk."""

import json
import multiprocessing
import os
import stat
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from sutro_jobs import DecodingError, RowCountError, Sutro, SutroError
from sutro_jobs.cli import main
from tests.support.clients import Connect
from tests.support.results import Serve

COLUMNS = {"inputs": ["i"], "outputs": ["o"], "cumulative_logprobs": [-1.0]}
STRUCTURED: dict[str, object] = {"outputs": ['{"a":1,"l":[1],"s":{"x":null}}', None]}


def data_files(cache_dir: Path) -> list[Path]:
    return sorted(cache_dir.glob("jobs/*/*/*.parquet"))


def test_a_second_read_asks_nobody(serve: Serve, connect: Connect) -> None:
    server = serve(STRUCTURED)
    client = connect(server.url)
    first = client.get_job_results("job-1")
    asked = len(server.requests)
    assert_frame_equal(client.get_job_results("job-1"), first)
    assert len(server.requests) == asked


def test_the_cache_can_be_left_out(serve: Serve, connect: Connect, cache_dir: Path) -> None:
    server = serve(COLUMNS)
    client = connect(server.url)
    for _ in range(2):
        client.get_job_results("job-1", disable_cache=True)
    assert len(server.requests) == 2
    assert not cache_dir.exists()


def test_what_is_not_held_is_fetched(serve: Serve, connect: Connect) -> None:
    server = serve(COLUMNS)
    client = connect(server.url)
    client.get_job_results("job-1")
    assert client.get_job_results("job-1", include_inputs=True)["inputs"].to_list() == ["i"]
    frame = client.get_job_results("job-1", include_cumulative_logprobs=True)
    assert frame["cumulative_logprobs"].to_list() == [-1.0]
    assert len(server.requests) == 3


def test_what_holds_more_serves_less(serve: Serve, connect: Connect) -> None:
    server = serve(COLUMNS)
    client = connect(server.url)
    client.get_job_results("job-1", include_inputs=True, include_cumulative_logprobs=True)
    assert client.get_job_results("job-1").columns == ["inference_result"]
    assert client.get_job_results("job-1", include_inputs=True).width == 2
    assert len(server.requests) == 1


def test_more_takes_the_place_of_less(serve: Serve, connect: Connect, cache_dir: Path) -> None:
    client = connect(serve(COLUMNS).url)
    client.get_job_results("job-1")
    client.get_job_results("job-1", include_inputs=True)
    assert len(data_files(cache_dir)) == 1


def test_other_options_give_other_frames(serve: Serve, connect: Connect) -> None:
    client = connect(serve({"outputs": ['{"a":1}', "cut"]}).url)
    shapes = [
        client.get_job_results("job-1", **options).shape
        for options in (
            {"on_invalid_json": "null"},
            {"on_invalid_json": "keep"},
            {"unpack_json": False, "output_column": "x"},
            {"on_invalid_json": "null"},
        )
    ]
    assert shapes == [(2, 1), (2, 2), (2, 1), (2, 1)]


def test_an_original_is_joined_to_cached_results(serve: Serve, connect: Connect) -> None:
    server = serve({"id": [1, 2]} | STRUCTURED)
    client = connect(server.url)
    original = pl.DataFrame({"id": [1, 2], "t": ["a", "b"]})
    frames = [client.get_job_results("job-1", with_original_df=original) for _ in range(2)]
    assert_frame_equal(*frames)
    assert frames[1].columns == ["id", "t", "a", "l", "s"]


def test_the_schema_of_a_job_is_looked_up_once(serve: Serve, connect: Connect) -> None:
    server = serve(STRUCTURED)
    client = connect(server.url)
    client.get_job_results("job-1", output_column="x")
    client.get_job_results("job-1", output_column="y")
    assert server.targets.count("/v1/jobs/job-1") == 1


@pytest.mark.parametrize("other", [{"key": "other-key"}, {"other_url": True}])
def test_another_account_has_another_cache(serve: Serve, connect: Connect, other: Any) -> None:
    server, elsewhere = serve(COLUMNS), serve(COLUMNS)
    connect(server.url, "key").get_job_results("job-1")
    asked = elsewhere if "other_url" in other else server
    connect(asked.url, other.get("key", "key")).get_job_results("job-1")
    assert len(server.requests) + len(elsewhere.requests) == 2


def test_the_key_is_nowhere_in_the_cache(serve: Serve, connect: Connect, cache_dir: Path) -> None:
    connect(serve(STRUCTURED).url, "very-secret-key").get_job_results("job-1")
    for path in cache_dir.rglob("*"):
        assert "very-secret-key" not in str(path)
        assert path.is_dir() or b"very-secret-key" not in path.read_bytes()


@pytest.mark.parametrize("job_id", ["../../evil", "a/b", "..", "\0", "x" * 300, "ü", "CON"])
def test_a_job_id_is_no_path(serve: Serve, connect: Connect, cache_dir: Path, job_id: str) -> None:
    client = connect(serve(COLUMNS).url)
    try:
        client.get_job_results(job_id)
    except SutroError:
        assert data_files(cache_dir) == []
    else:
        assert len(data_files(cache_dir)) == 1
    assert [path.name for path in cache_dir.parent.iterdir()] in ([], ["cache"])


def test_only_the_owner_can_read_it(serve: Serve, connect: Connect, cache_dir: Path) -> None:
    previous = os.umask(0)
    try:
        connect(serve(STRUCTURED).url).get_job_results("job-1")
    finally:
        os.umask(previous)
    for path in [cache_dir, *cache_dir.rglob("*")]:
        allowed = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == allowed, path


def flip(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(body)


@pytest.mark.parametrize(
    "damage",
    [
        flip,
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(b"x" * path.stat().st_size),
    ],
)
def test_damaged_files_are_fetched_again(
    serve: Serve, connect: Connect, cache_dir: Path, damage: Callable[[Path], Any]
) -> None:
    client = connect(serve(STRUCTURED).url)
    first = client.get_job_results("job-1")
    for path in data_files(cache_dir):
        damage(path)
    assert_frame_equal(client.get_job_results("job-1"), first)
    assert_frame_equal(client.scan_job_results("job-1", unpack_json=True).collect(), first)


def test_damage_that_left_no_trace_is_noticed_on_reading(
    serve: Serve, connect: Connect, cache_dir: Path
) -> None:
    client = connect(serve(STRUCTURED).url)
    first = client.get_job_results("job-1")
    for path in data_files(cache_dir):
        before = path.stat()
        path.write_bytes(b"x" * before.st_size)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert_frame_equal(client.get_job_results("job-1"), first)


@pytest.mark.parametrize("index", [b"", b"{}", b"[]", b"\xff", b'{"version":99,"job_id":"job-1"}'])
def test_a_broken_index_is_like_none(
    serve: Serve, connect: Connect, cache_dir: Path, index: bytes
) -> None:
    client = connect(serve(STRUCTURED).url)
    first = client.get_job_results("job-1")
    for path in cache_dir.glob("jobs/*/*/entry.json"):
        path.write_bytes(index)
    assert_frame_equal(client.get_job_results("job-1"), first)


def test_entries_of_older_versions_are_not_served(
    serve: Serve, connect: Connect, cache_dir: Path
) -> None:
    server = serve(COLUMNS)
    client = connect(server.url)
    client.get_job_results("job-1")
    for path in cache_dir.glob("jobs/*/*/entry.json"):
        entry = json.loads(path.read_text())
        path.write_text(json.dumps(entry | {"version": entry["version"] - 1}))
    client.get_job_results("job-1")
    assert len(server.requests) == 2


def test_results_that_are_not_those_of_the_original_are_not_cached(
    serve: Serve, connect: Connect, cache_dir: Path
) -> None:
    client = connect(serve(COLUMNS).url)
    with pytest.raises(RowCountError):
        client.get_job_results("job-1", with_original_df=pl.DataFrame({"row": [1, 2]}))
    assert data_files(cache_dir) == []


def test_what_was_used_longest_ago_goes_first(
    serve: Serve, connect: Connect, cache_dir: Path
) -> None:
    server = serve({"outputs": ["x" * 1000]})
    client = connect(server.url)
    client.get_job_results("first")
    size = sum(path.stat().st_size for path in cache_dir.glob("jobs/*/*/*"))
    small = client.with_options(cache_size=int(2.5 * size))
    for job_id in ("second", "first", "third", "first", "second"):
        small.get_job_results(job_id)
    fetched = [path.split("/")[3] for path in server.targets]
    assert fetched == ["first", "second", "third", "second"]


def test_results_larger_than_the_cache_are_not_kept(
    serve: Serve, connect: Connect, cache_dir: Path
) -> None:
    client = connect(serve(COLUMNS).url, cache_size=10)
    assert client.get_job_results("job-1").height == 1
    assert data_files(cache_dir) == []


def test_a_cache_that_cannot_be_written_is_done_without(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    client = connect(serve(STRUCTURED).url, cache_dir=tmp_path / "file" / "cache")
    assert client.get_job_results("job-1").height == 2
    assert client.scan_job_results("job-1").collect().height == 2


def test_a_failure_leaves_no_part_behind(serve: Serve, connect: Connect, cache_dir: Path) -> None:
    client = connect(serve({}, body=b"<html>").url)
    with pytest.raises(DecodingError):
        client.get_job_results("job-1")
    assert list(cache_dir.rglob("*.part")) == []


def read_all(url: str) -> int:
    with Sutro(api_url=url, api_key="key", cache_size=60_000) as client:
        return sum(
            client.get_job_results(f"job-{number % 5}", include_inputs=bool(number % 2)).height
            for number in range(20)
        )


def test_processes_share_it(serve: Serve, cache_dir: Path) -> None:
    url = serve({"inputs": ["i"] * 500, "outputs": ['{"a":1}'] * 500}).url
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(read_all, [url] * 3)) == [10_000] * 3
    assert list(cache_dir.rglob("*.part")) == []


def test_threads_share_it(serve: Serve) -> None:
    url = serve({"inputs": ["i"] * 500, "outputs": ['{"a":1}'] * 500}).url
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read_all, [url] * 4)) == [10_000] * 4


def test_the_command_shows_and_clears_it(serve: Serve, connect: Connect, cache_dir: Path) -> None:
    connect(serve(COLUMNS).url).get_job_results("job-1")
    shown = CliRunner().invoke(main, ["cache", "show"])
    assert shown.exit_code == 0
    assert "job-1" in shown.output
    cleared = CliRunner().invoke(main, ["cache", "clear"])
    assert "Removed 1 job" in cleared.output
    assert data_files(cache_dir) == []
    assert "0 jobs" in CliRunner().invoke(main, ["cache", "show"]).output
