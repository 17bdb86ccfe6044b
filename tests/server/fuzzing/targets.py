"""What the server decodes, each as a function of bytes that fails where the server would."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
from starlette.datastructures import Headers

from sutro_server.errors import ImportFileError
from sutro_server.http.compression import choose_encoding
from sutro_server.http.faults.fault import parse_fault
from sutro_server.http.object_store.objects import object_key, parse_key
from sutro_server.http.object_store.presigning import Presigner
from sutro_server.http.older_editions import ResultsRequest
from sutro_server.http.ranges import parse_ranges
from sutro_server.importing.job_from_rows import import_rows
from sutro_server.importing.job_objects import import_jobs
from sutro_server.importing.job_spec import JobSpec
from sutro_server.importing.rows import Columns, read_rows
from sutro_server.json_text import decode_json
from sutro_server.store.cursors import Cursors
from sutro_server.store.render import Format, Selection
from sutro_server.store.store import Store
from sutro_server.times import from_text, parse_duration, to_text

Target = Callable[[bytes], None]

SIZE = 1000
SECRET = b"\0" * 32
GENUINE = Cursors(SECRET).write(7, (1, 2))
FORMATS: tuple[Format, ...] = ("json", "csv", "parquet", "legacy")


def cursor(data: bytes) -> None:
    text = data.decode("latin-1")
    assert Cursors(SECRET).read(7, text) == ((1, 2) if text == GENUINE else None)
    assert Cursors(SECRET).read(8, text) is None


def presigned(data: bytes) -> None:
    presigner = Presigner(SECRET, "http://files")
    query = data.decode("latin-1")
    genuine = presigner.url("GET", "key", 1795626994).partition("?")[2]
    expected = 1795626994 if query == genuine else None
    assert presigner.expiry("GET", "/sutro-results/key", query) == expected
    assert presigner.expiry("HEAD", "/sutro-results/key", query) is None


def object_name(data: bytes) -> None:
    text = data.decode("latin-1")
    parsed = parse_key(text)
    assert parsed is None or object_key(*parsed) == text


def ranges(data: bytes) -> None:
    for first, last in parse_ranges(data.decode("latin-1"), SIZE) or []:
        assert 0 <= first <= last < SIZE


def accept_encoding(data: bytes) -> None:
    chosen = choose_encoding(Headers(raw=[(b"accept-encoding", data)]))
    assert chosen in (None, "gzip", "zstd")


def duration(data: bytes) -> None:
    with suppress(ValueError):
        assert parse_duration(data.decode("latin-1")) >= 0


def moment(data: bytes) -> None:
    try:
        found = from_text(data.decode("utf-8", "replace"))
    except ValueError:
        return
    assert from_text(to_text(found)) == found


def fault(data: bytes) -> None:
    try:
        found = parse_fault(data.decode("latin-1"))
    except ValueError:
        return
    assert found.times is None or found.times >= 0


def results_request(data: bytes) -> None:
    try:
        found = decode_json(data, ResultsRequest)
    except ValueError:
        return
    assert isinstance(found.job_id, str)


def rows_of(suffix: str) -> Target:
    """Import a file of rows; what was taken has to be served in each format."""

    def target(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"rows{suffix}"
            path.write_bytes(data)
            store = Store(Path(folder) / "data")
            try:
                rows = read_rows(path, Columns("output", "input", "score", "key"))
                import_rows(store, "demo", JobSpec(job_id="job"), rows)
            except ImportFileError as error:
                assert str(path) in str(error) or "no rows" in str(error)  # noqa: PT017
            else:
                serve(store)
            finally:
                store.close()

    return target


def serve(store: Store) -> None:
    found = store.jobs.get(1, "job")
    assert found is not None
    results_id = found[0].results_id
    assert results_id is not None
    for name in FORMATS:
        answer = store.results.answer(results_id, "job", Selection(name, True, True))
        if name == "json":
            columns = msgspec.json.decode(answer.path.read_bytes(), type=dict[str, list[object]])
            assert len({len(column) for column in columns.values()}) == 1


def jobs_of(suffix: str) -> Target:
    """Import Job objects; what was taken has to be listed."""

    def target(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"jobs{suffix}"
            path.write_bytes(data)
            store = Store(Path(folder) / "data")
            try:
                imported = import_jobs(store, "demo", path)
            except ImportFileError as error:
                assert str(path) in str(error)  # noqa: PT017
            else:
                jobs, now = store.jobs.page(1, 1000)
                assert len(jobs) == imported.new
                for job in jobs:
                    assert msgspec.json.decode(job.as_json(now))["job_id"] == job.job_id
                    job.outcome(now)
                    assert store.jobs.cancel(1, job.job_id) is bool(job.active)
            finally:
                store.close()

    return target


TARGETS: dict[str, Target] = {
    "accept-encoding": accept_encoding,
    "cursor": cursor,
    "duration": duration,
    "fault": fault,
    "jobs.json": jobs_of(".json"),
    "jobs.jsonl": jobs_of(".jsonl"),
    "moment": moment,
    "object-name": object_name,
    "presigned": presigned,
    "range": ranges,
    "results-request": results_request,
    "rows.csv": rows_of(".csv"),
    "rows.jsonl": rows_of(".jsonl"),
    "rows.parquet": rows_of(".parquet"),
}
