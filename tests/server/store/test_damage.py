"""Stores that cannot be written or are damaged: errors that say so, and reads that go on."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.conftest import AddJob
from tests.support.reference_server import COMMAND, Server, StartServer, reference_server

# The superuser may write everything unless it gives that up.
PLAIN = (
    ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]
    if os.geteuid() == 0
    else []
)


def run(*arguments: str | Path, prefix: list[str] = PLAIN) -> tuple[int, str]:
    """Run a command of ours without the right to write everything; return its status and errors."""
    command = [*prefix, COMMAND, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, " ".join(done.stderr.split())


@pytest.fixture
def read_only(start_server: StartServer, add_job: AddJob, tmp_path: Path) -> Iterator[Path]:
    """A data directory that cannot be written, with two jobs and an answer of the first one."""
    data = tmp_path / "read-only"
    add_job(data, "--job-id", "done")
    add_job(data, "--job-id", "waiting", "--status", "QUEUED")
    with reference_server(data) as server, server.client() as client:
        assert client.get("/jobs/done/results?format=json").status_code == 200
        server.process.terminate()
        server.process.wait()
    everything = [data, *data.rglob("*")]
    # The log of the tests' servers is no part of the store.
    for path in everything:
        if path.name != "server.log":
            path.chmod(0o500 if path.is_dir() else 0o400)
    yield data
    for path in everything:
        path.chmod(0o700)


def test_a_store_that_cannot_be_written_can_be_read(read_only: Path) -> None:
    with reference_server(read_only, prefix=PLAIN) as server, server.client() as client:
        listed = {job["job_id"]: job["status"] for job in client.get("/list-jobs").json()["jobs"]}
        status = client.get("/job-status/waiting").json()["job_status"]
        answered = client.get("/jobs/done/results?format=json")
        healthy = client.get("/health").status_code
        cancelled = client.get("/job-cancel/waiting")
        unanswered = client.get("/jobs/done/results?format=csv")
        log = server.log.read_text()
    assert listed == {"done": "SUCCEEDED", "waiting": "QUEUED"}
    assert (status, healthy) == ({"waiting": "QUEUED"}, 200)
    assert answered.json() == {"outputs": ["1", "2", "3"]}
    assert (cancelled.status_code, unanswered.status_code) == (503, 503)
    assert "readonly" in cancelled.json()["detail"]
    assert "answers/ cannot be written: Permission denied" in unanswered.json()["detail"]
    assert "Traceback" not in log


def test_commands_say_that_a_store_cannot_be_written(read_only: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    for arguments in (
        ("import", rows, "--output", "answer", "--tenant", "demo", "--data", read_only),
        ("import", rows, "--output", "answer", "--tenant", "new", "--data", read_only),
        ("keys", "add", "--data", read_only, "demo"),
        ("serve", "--port", "0", "--api-key", "demo=another", "--data", read_only),
    ):
        status, errors = run(*arguments)
        assert status == 2
        assert "'--data'" in errors
        assert "Permission denied" in errors or "readonly" in errors
        assert "Traceback" not in errors


def test_a_folder_that_is_none_of_ours_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    status, errors = run("keys", "list", "--data", closed / "jobs")
    assert status == 2
    assert "cannot be used: Permission denied" in errors


@pytest.mark.parametrize("content", [b"no database at all, but some text of a kind " * 100, b"SQ"])
def test_a_file_that_is_no_store_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "store.sqlite").write_bytes(content)
    status, errors = run("keys", "list", "--data", tmp_path)
    assert status == 2
    assert "store.sqlite is damaged or not a store" in errors
    assert "Restore it" in errors


def test_a_store_that_is_damaged_in_part_is_read_where_it_can_be(
    start_server: StartServer, add_job: AddJob, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    for number in range(40):
        add_job(data, "--job-id", f"job-{number}", "--description", "x" * 3000)
    server = start_server(data=data)
    with (data / "store.sqlite").open("r+b") as store, server.client() as client:
        size = store.seek(0, os.SEEK_END)
        # Pages of jobs are the last ones; the first ones say what there is.
        store.seek(size - size // 3)
        store.write(os.urandom(size // 3))
        store.flush()
        answers = [client.get(f"/job-status/job-{number}") for number in range(40)]
        assert client.get("/health").status_code == 200
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {200, 404, 503}
    assert 503 in statuses
    for answer in answers:
        assert answer.status_code != 503 or "The store cannot be used" in answer.json()["detail"]
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.unlink(), "cannot be read: No such file"),
        (lambda path: path.write_bytes(b"PAR1"), "damaged"),
        (lambda path: path.write_bytes(b"\x00" * 200 + path.read_bytes()[200:]), "damaged"),
    ],
    ids=["missing", "short", "overwritten"],
)
def test_results_that_are_missing_or_damaged_are_said_to_be(
    start_server: StartServer, add_job: AddJob, damage: object, said: str
) -> None:
    assert callable(damage)
    server = start_server()
    job = add_job(server.data)
    (source,) = (server.data / "results").iterdir()
    damage(source)
    with server.client() as client:
        for path in ("results?format=json", "results?format=csv", "results-url"):
            answer = client.get(f"/jobs/{job}/{path}")
            assert answer.status_code == 503
            assert said in answer.json()["detail"]
            assert str(server.data) not in answer.text
        assert client.get(f"/job-status/{job}").status_code == 200
    assert "Traceback" not in server.log.read_text()


def test_the_object_store_says_that_results_are_missing(
    start_server: StartServer, add_job: AddJob
) -> None:
    server = start_server()
    with server.client() as client:
        url = client.get(f"/jobs/{add_job(server.data)}/results-url").json()["urls"]["get"]
        for path in (*(server.data / "results").iterdir(), *(server.data / "answers").iterdir()):
            path.unlink()
        answer = client.get(url, headers={"Authorization": ""})
    assert answer.status_code == 400
    with Server(url, server.data, server.log, server.process).client({}) as client:
        answer = client.get(url)
    assert answer.status_code == 503
    assert "<Code>SlowDown</Code>" in answer.text


def test_a_full_disk_ends_an_import_and_leaves_nothing(tmp_path: Path, add_job: AddJob) -> None:
    data = tmp_path / "data"
    add_job(data)
    rows = tmp_path / "many.csv"
    rows.write_text("output\n" + "".join(f"{os.urandom(40).hex()}\n" for _ in range(20_000)))
    before = sorted(path.name for path in data.rglob("*"))
    # No file may be longer than 200 kB: to a writer it is as if the disk were full.
    limited = ["sh", "-c", 'ulimit -f 400; exec "$@"', "sh"]
    status, errors = run("import", rows, "--tenant", "demo", "--data", data, prefix=limited)
    assert status == 2
    assert "Results cannot be stored: File too large" in errors
    assert sorted(path.name for path in data.rglob("*")) == before
