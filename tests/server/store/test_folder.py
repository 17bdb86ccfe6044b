"""The data directory: who can look into it, and how large it gets."""

import os
import stat
import threading
from pathlib import Path

import httpx
import pytest

from sutro_server.store.render import Selection
from sutro_server.store.results import Results
from sutro_server.store.store import Store
from tests.server.conftest import AddJob
from tests.support.reference_server import StartServer

LONG_AGO = 1_000_000_000


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("made_before", [False, True])
def test_nobody_else_can_look_into_it(
    start_server: StartServer, add_job: AddJob, tmp_path: Path, made_before: bool
) -> None:
    data = tmp_path / "jobs"
    if made_before:
        data.mkdir(mode=0o755)
    # Imported first, as the server of the tests writes its log into the directory.
    job = add_job(data)
    server = start_server(data=data)
    with server.client() as client:
        assert client.get(f"/jobs/{job}/results?format=csv").status_code == 200
        found = {path: mode(path) for path in data.rglob("*") if path != server.log}
    assert mode(data) == 0o700
    assert {"answers", "incoming", "results", "store.sqlite"} <= {path.name for path in found}
    for path, bits in found.items():
        assert bits == (0o700 if path.is_dir() else 0o600), path


def test_a_store_that_was_open_to_others_is_closed(add_job: AddJob, tmp_path: Path) -> None:
    data = tmp_path / "jobs"
    add_job(data)
    for path in (data, data / "results", data / "store.sqlite"):
        path.chmod(0o777)
    Store(data).close()
    assert [mode(path) for path in (data, data / "results")] == [0o700, 0o700]
    assert mode(data / "store.sqlite") == 0o600


def test_a_folder_that_holds_other_things_stays_as_it_is(add_job: AddJob, tmp_path: Path) -> None:
    data = tmp_path / "home"
    data.mkdir(mode=0o755)
    (data / "letter.txt").touch()
    add_job(data)
    assert (mode(data), mode(data / "results")) == (0o755, 0o700)


def test_the_longest_unused_answers_are_removed_first(add_job: AddJob, tmp_path: Path) -> None:
    results, job = results_of(add_job, tmp_path, limit=8_000)
    names = ["json", "csv", "parquet"]
    first, second, third = (
        results.answer(job, "job", Selection(name, False, False)).path  # type: ignore[arg-type]
        for name in names
    )
    # Long unused, the first one more so than the second; and the first one takes the room.
    first.write_bytes(bytes(10_000))
    os.utime(first, (LONG_AGO, LONG_AGO))
    os.utime(second, (LONG_AGO + 1, LONG_AGO + 1))
    results.answer(job, "job", Selection("parquet", True, True))
    assert not first.exists()
    assert second.exists()
    assert third.exists()
    again = results.answer(job, "job", Selection("json", False, False))
    assert again.path == first
    assert first.read_bytes() == b'{"outputs":["1","2","3"]}'


def test_answers_in_use_stay_beyond_the_limit(add_job: AddJob, tmp_path: Path) -> None:
    results, job = results_of(add_job, tmp_path, limit=1)
    paths = [results.answer(job, "job", Selection("json", True, flag)).path for flag in (0, 1)]  # type: ignore[arg-type]
    assert all(path.exists() for path in paths)


def test_an_answer_that_is_used_again_is_not_the_longest_unused(
    add_job: AddJob, tmp_path: Path
) -> None:
    results, job = results_of(add_job, tmp_path, limit=1)
    selection = Selection("json", False, False)
    path = results.answer(job, "job", selection).path
    os.utime(path, (LONG_AGO, LONG_AGO))
    results.answer(job, "job", selection)
    results.answer(job, "job", Selection("csv", False, False))
    assert path.exists()


def test_what_dead_servers_left_half_written_goes_as_well(add_job: AddJob, tmp_path: Path) -> None:
    results, job = results_of(add_job, tmp_path, limit=1)
    left = tmp_path / "jobs" / "answers" / "dead.part"
    left.write_bytes(b"half")
    os.utime(left, (LONG_AGO, LONG_AGO))
    results.answer(job, "job", Selection("json", False, False))
    assert not left.exists()


def test_locks_of_answers_are_not_kept(add_job: AddJob, tmp_path: Path) -> None:
    results, job = results_of(add_job, tmp_path, limit=1 << 20)

    def ask(number: int) -> None:
        results.answer(job, f"job-{number % 10}", Selection("json", False, False))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list((tmp_path / "jobs" / "answers").iterdir())) == 10
    assert len(results._locks) == 0


def results_of(add_job: AddJob, tmp_path: Path, limit: int) -> tuple[Results, str]:
    """Return the results of a store with one job, whose answers have a limit, and their ID."""
    data = tmp_path / "jobs"
    add_job(data)
    (source,) = (data / "results").iterdir()
    return Results(data, limit), source.stem


def test_the_limit_is_an_option_of_the_server(start_server: StartServer, add_job: AddJob) -> None:
    server = start_server("--answers-limit", "1")
    job = add_job(server.data)
    left = server.data / "answers" / "old"
    left.write_bytes(bytes(1 << 20))
    os.utime(left, (LONG_AGO, LONG_AGO))
    url = f"{server.url}/jobs/{job}/results?format=json"
    assert httpx.get(url, headers=server.headers).status_code == 200
    assert not left.exists()
