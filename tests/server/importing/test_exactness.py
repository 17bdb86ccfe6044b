"""An import changes nothing: what a file holds is served, or refused by name."""

import datetime as dt
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Literal

import httpx
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sutro_server.errors import ImportFileError
from sutro_server.importing.rows import Columns, read_rows
from tests.server.conftest import RunImport
from tests.support.reference_server import Server


def outputs(path: Path, **columns: str) -> list[Any]:
    """Return the outputs that an import would store."""
    return rows(path, **columns)["outputs"]


def rows(path: Path, **columns: str) -> dict[str, list[Any]]:
    """Return the columns that an import would store."""
    batches = [batch.rows for batch in read_rows(path, Columns("output", **columns))]
    found: dict[str, list[Any]] = pa.Table.from_batches(batches).to_pydict()
    return found


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


WORDS = ["NA", "N/A", "null", "NULL", "NaN", "nan", "None", "#N/A", "-nan", "n/a", "1.#IND"]


def test_only_an_empty_cell_is_null(tmp_path: Path) -> None:
    lines = ["output,x", *(f"{word},1" for word in WORDS), ",1", '"",1']
    path = write(tmp_path / "rows.csv", "\n".join(lines) + "\n")
    assert outputs(path) == [*WORDS, None, ""]


@pytest.mark.parametrize("name", ["rows.csv", "rows.tsv"])
def test_an_empty_line_of_one_column_is_a_row(tmp_path: Path, name: str) -> None:
    assert outputs(write(tmp_path / name, "output\na\n\nb\n\n")) == ["a", None, "b", None]


def test_an_empty_line_between_several_columns_is_none(tmp_path: Path) -> None:
    assert outputs(write(tmp_path / "rows.csv", "output,x\na,1\n\nb,2\n")) == ["a", "b"]


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["1", "-2", "0"], [1, -2, 0]),
        (["7", "", "8"], [7, None, 8]),
        (["007", "8"], ["007", "8"]),
        (["+7"], ["+7"]),
        (["-0"], ["-0"]),
        ([" 7"], [" 7"]),
        (["7 "], ["7 "]),
        (["1e3"], ["1e3"]),
        (["1_000"], ["1_000"]),
        (["99999999999999999999"], ["99999999999999999999"]),
    ],
)
def test_an_id_is_a_number_only_if_it_is_written_as_one(
    tmp_path: Path, cells: list[str], kept: list[Any]
) -> None:
    lines = ["output,key", *(f"a,{cell}" for cell in cells)]
    path = write(tmp_path / "rows.csv", "\n".join(lines) + "\n")
    assert rows(path, id="key")["key"] == kept


def test_an_id_far_down_decides_for_all(tmp_path: Path) -> None:
    lines = ["output,key", *(f"a,{number}" for number in range(200_000)), "a,007"]
    path = write(tmp_path / "rows.csv", "\n".join(lines) + "\n")
    keys = rows(path, id="key")["key"]
    assert (keys[0], keys[-2], keys[-1]) == ("0", "199999", "007")


@settings(max_examples=30)
@given(
    texts=st.lists(
        st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\r\0")), min_size=1
    )
)
def test_any_text_of_a_csv_stays(
    tmp_path_factory: pytest.TempPathFactory, texts: list[Any]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    quoted = ('"' + text.replace('"', '""') + '"' if text is not None else "" for text in texts)
    write(path, "output\n" + "".join(f"{cell}\n" for cell in quoted))
    assert outputs(path) == texts


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (["1", "2"], [1, 2]),
        (["1", "2.5"], [1.0, 2.5]),
        (["true", "null"], [True, None]),
        (["null", "null"], [None, None]),
        (['"a"', "null"], ["a", None]),
        (['"a"', "7"], ["a", "7"]),
        (["7", "true"], ["7", "true"]),
        (['{"a": [1.50, "\\u00e9"]}'], ['{"a": [1.50, "\\u00e9"]}']),
        (["[12345678901234567890123]"], ["[12345678901234567890123]"]),
        (["-0"], [-0.0]),
        (["9007199254740993"], [9007199254740993]),
        (["-9223372036854775808"], [-9223372036854775808]),
    ],
)
@pytest.mark.parametrize("apart", [0, 40_000])
def test_values_of_json_lines_hold_wherever_they_stand(
    tmp_path: Path, values: list[str], kept: list[Any], apart: int
) -> None:
    # The last value may come long after the first ones, and still decides of the type.
    between = [values[0]] * apart if len(values) > 1 else []
    lines = [f'{{"output": {value}}}' for value in [*values[:-1], *between, values[-1]]]
    found = outputs(write(tmp_path / "rows.jsonl", "\n".join(lines) + "\n"))
    assert [*found[: len(values) - 1], found[-1]] == kept
    assert {type(value) for value in found} == {type(value) for value in kept}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["1", "18446744073709551616"], "line 2, column 'output': an integer above 64 bits"),
        (["1.5", "9007199254740993"], "floats beside an integer of 9007199254740993"),
        (["1", "1e999"], "line 2, column 'output': Number out of range"),
        (["1", '"\\ud800"'], "line 2"),
    ],
)
def test_a_value_that_could_not_stay_is_refused(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    path = write(tmp_path / "rows.jsonl", "".join(f'{{"output": {line}}}\n' for line in lines))
    with pytest.raises(ImportFileError) as caught:
        outputs(path)
    assert said in str(caught.value)


def test_two_columns_of_a_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="two columns 'output'"):
        outputs(write(tmp_path / "rows.csv", "output,output\na,b\n"))


ONE = dt.datetime(2026, 11, 25, 10, 30, 0, 123456)
Unit = Literal["s", "ms", "us", "ns"]
UNITS: tuple[Unit, ...] = ("s", "ms", "us", "ns")


def signed(bits: int) -> Any:
    return pa.array([-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, None], f"int{bits}")


def unsigned(bits: int) -> Any:
    return pa.array([0, 2**bits - 1, None], f"uint{bits}")


def timestamps(unit: Unit) -> Any:
    return pa.array([ONE.replace(microsecond=0), None], pa.timestamp(unit))


def durations(unit: Unit) -> Any:
    return pa.array([1, None], pa.duration(unit))


ARRAYS: dict[str, Callable[[], Any]] = {
    "string": lambda: pa.array(["a", "", None]),
    "large_string": lambda: pa.array(["a", None], pa.large_string()),
    "string_view": lambda: pa.array(["a", None], pa.string_view()),
    "bool": lambda: pa.array([True, False, None]),
    **{f"int{bits}": partial(signed, bits) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": partial(unsigned, bits) for bits in (8, 16, 32, 64)},
    "float16": lambda: pa.array([1.5, None], pa.float16()),
    "float32": lambda: pa.array([1.5, None], pa.float32()),
    "float64": lambda: pa.array([0.1, -0.0, 5e-324, None]),
    "NaN": lambda: pa.array([1.0, float("nan")]),
    "infinity": lambda: pa.array([float("-inf")]),
    "decimal32": lambda: pa.array([Decimal("1.10"), None], pa.decimal32(5, 2)),
    "decimal128": lambda: pa.array([Decimal("1.10"), None], pa.decimal128(10, 2)),
    "decimal256": lambda: pa.array([Decimal("1.10"), None], pa.decimal256(50, 2)),
    "date32": lambda: pa.array([dt.date.min, dt.date.max, None]),
    "date64": lambda: pa.array([dt.date(2026, 11, 25), None], pa.date64()),
    "date past 9999": lambda: pa.array([3_000_000], pa.int32()).cast(pa.date32()),
    "date before 1": lambda: pa.array([-800_000], pa.int32()).cast(pa.date32()),
    **{f"timestamp[{unit}]": partial(timestamps, unit) for unit in UNITS},
    "timestamp[us] with a zone": lambda: pa.array([ONE, None], pa.timestamp("us", "Europe/Berlin")),
    "timestamp[ns] with a zone": lambda: pa.array([ONE, None], pa.timestamp("ns", "UTC")),
    "nanoseconds": lambda: pa.array([1], pa.timestamp("ns")),
    "timestamp past 9999": lambda: pa.array([300_000_000_000], pa.timestamp("s")),
    "unknown zone": lambda: pa.array([1], pa.timestamp("us", "Mars/Olympus")),
    "time32[s]": lambda: pa.array([dt.time(10, 30), None], pa.time32("s")),
    "time32[ms]": lambda: pa.array([dt.time(10, 30), None], pa.time32("ms")),
    "time64[us]": lambda: pa.array([dt.time(10, 30, 0, 1), None], pa.time64("us")),
    "time64[ns]": lambda: pa.array([1000, None], pa.int64()).cast(pa.time64("ns")),
    "time of nanoseconds": lambda: pa.array([1], pa.int64()).cast(pa.time64("ns")),
    **{f"duration[{unit}]": partial(durations, unit) for unit in UNITS},
    "null": lambda: pa.nulls(2),
    "binary": lambda: pa.array([b"a", None]),
    "large_binary": lambda: pa.array([b"a"], pa.large_binary()),
    "fixed_size_binary": lambda: pa.array([b"ab"], pa.binary(2)),
    "list": lambda: pa.array([[1, 2], [], None]),
    "large_list": lambda: pa.array([["a"]], pa.large_list(pa.string())),
    "fixed_size_list": lambda: pa.array([[1, 2]], pa.list_(pa.int64(), 2)),
    "list_view": lambda: pa.array([[1, 2]], pa.list_view(pa.int64())),
    "struct": lambda: pa.array([{"a": 1, "b": {"c": "x"}}, None]),
    "map": lambda: pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
    "list of NaN": lambda: pa.array([[float("nan")]]),
    "struct of binary": lambda: pa.array([{"a": b"x"}]),
    "list of nanoseconds": lambda: pa.array([[1]], pa.list_(pa.timestamp("ns"))),
    "list of timestamps": lambda: pa.array([[ONE]], pa.list_(pa.timestamp("us"))),
    "list of durations": lambda: pa.array([[1]], pa.list_(pa.duration("ns"))),
    "dictionary": lambda: pa.array(["a", "b", None]).dictionary_encode(),
    "uuid": lambda: pa.array([uuid.UUID(int=1).bytes], pa.uuid()),
    "json": lambda: pa.array(['{"a":1}', None], pa.json_()),
}
REFUSED = {
    "NaN",
    "infinity",
    "date past 9999",
    "date before 1",
    "nanoseconds",
    "timestamp past 9999",
    "unknown zone",
    "time of nanoseconds",
    "duration[s]",
    "duration[ms]",
    "duration[us]",
    "duration[ns]",
    "binary",
    "large_binary",
    "fixed_size_binary",
    "list of NaN",
    "struct of binary",
    "list of nanoseconds",
    "list of durations",
    "uuid",
}


@pytest.mark.parametrize("role", ["output", "input", "id"])
@pytest.mark.parametrize("kind", ARRAYS)
def test_a_parquet_type_is_served_in_all_forms_or_refused_by_name(
    controlled_server: Server, run_import: RunImport, tmp_path: Path, kind: str, role: str
) -> None:
    array = ARRAYS[kind]()
    names = {"output": "output", "input": "text", "id": "key"}
    columns = {"output": ["x"] * len(array)} | {names[role]: array}
    pq.write_table(pa.table(columns), tmp_path / "rows.parquet")
    options = ["--input", "text"] if role == "input" else []
    options += ["--id", "key"] if role == "id" else []
    done = run_import(controlled_server.data, tmp_path / "rows.parquet", *options)
    if kind in REFUSED:
        assert done.exit_code == 2, kind
        assert f"column '{names[role]}'" in " ".join(done.output.split())
        return
    assert done.exit_code == 0, done.output
    job = done.stdout.strip()
    column = {"output": "outputs", "input": "inputs", "id": "key"}[role]
    with controlled_server.client() as client:
        answers = {form: read(client, job, form) for form in ("json", "csv", "parquet")}
    kept = answers["parquet"].column(column)
    if not pa.types.is_nested(array.type) and kind not in ("json", "dictionary"):
        # Texts of any layout are texts, and nothing is a text as well.
        expected = array.cast(pa.string()) if kind in ("null", "string_view") else array
        stored = pq.read_table(tmp_path / "rows.parquet").column(names[role])
        assert kept.to_pylist() == stored.cast(expected.type).to_pylist()
    assert len(answers["json"][column]) == answers["csv"].num_rows == len(array)
    texts = [None if value is None else as_text(value) for value in kept.to_pylist()]
    assert [as_text(value) for value in answers["json"][column]] == [
        as_text(text) for text in texts
    ]


def as_text(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return str(value)
    return value


def read(client: httpx.Client, job: str, form: str) -> Any:
    """Return the results of a job: JSON decoded, the others as tables."""
    query: dict[str, str | bool] = {"format": form, "include_inputs": True}
    answer = client.get(f"/jobs/{job}/results", params=query)
    assert answer.status_code == 200, answer.text
    if form == "json":
        return answer.json()
    if form == "parquet":
        return pq.read_table(io.BytesIO(answer.content))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = archive.read(archive.namelist()[0])
    table = pa_csv.read_csv(
        io.BytesIO(text),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
    )
    assert job in table.schema.names
    return table


@pytest.mark.parametrize(
    ("job_id", "said"),
    [
        ("a/b", "cannot stand in a URL"),
        (".", "cannot stand in a URL"),
        ("..", "cannot stand in a URL"),
        ("a\\b", "cannot stand in a URL"),
        ("", "cannot stand in a URL"),
        ("a" * 201, "longer than 200 bytes"),
        ("é" * 101, "longer than 200 bytes"),
    ],
)
def test_a_job_id_that_nobody_could_ask_for_is_refused(
    tmp_path: Path, run_import: RunImport, job_id: str, said: str
) -> None:
    rows_ = write(tmp_path / "rows.csv", "output\na\n")
    done = run_import(tmp_path / "data", rows_, "--job-id", job_id)
    assert (done.exit_code, said in " ".join(done.output.split())) == (2, True)
    assert "'--job-id'" in done.output
    dump = write(tmp_path / "jobs.json", json.dumps([{"job_id": job_id, "status": "FAILED"}]))
    done = run_import(tmp_path / "data", "--jobs", dump)
    assert done.exit_code == 2
    assert "job 1: " in " ".join(done.output.split())


@pytest.mark.parametrize("job_id", ["a" * 200, "é\n ?#%&", "..a", "a.b~c"])
def test_any_other_job_id_is_served(
    controlled_server: Server, run_import: RunImport, tmp_path: Path, job_id: str
) -> None:
    rows_ = write(tmp_path / "rows.csv", "output\na\n")
    done = run_import(controlled_server.data, rows_, "--job-id", job_id)
    assert done.exit_code == 0, done.output
    path = "".join(f"%{byte:02X}" for byte in job_id.encode())
    with controlled_server.client() as client:
        assert client.get(f"/job-status/{path}").json()["job_status"] == {job_id: "SUCCEEDED"}
        assert client.get(f"/jobs/{path}/results?format=csv").status_code == 200
        assert client.get(f"/jobs/{path}").json()["job"]["job_id"] == job_id


def test_a_job_is_not_called_as_its_id_column(tmp_path: Path, run_import: RunImport) -> None:
    rows_ = write(tmp_path / "rows.csv", "output,key\na,1\n")
    done = run_import(tmp_path / "data", rows_, "--id", "key", "--job-id", "key")
    assert done.exit_code == 2
    assert "have a column 'key' already" in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("datetime_completed", '"soon"'),
        ("datetime_started", '"soon"'),
        ("input_tokens", "1.5"),
        ("sampling_params", "[]"),
    ],
)
def test_a_job_object_that_could_not_be_served_is_refused(
    tmp_path: Path, run_import: RunImport, field: str, value: str
) -> None:
    dump = write(
        tmp_path / "jobs.jsonl", f'{{"job_id": "a", "status": "FAILED", "{field}": {value}}}\n'
    )
    done = run_import(tmp_path / "data", "--jobs", dump)
    assert done.exit_code == 2
    assert "job 1: " in " ".join(done.output.split())


def test_numbers_of_a_job_object_stay_exact(
    controlled_server: Server, run_import: RunImport, tmp_path: Path
) -> None:
    params = {"seed": 123456789012345678901234567890, "temperature": 0.1}
    job = {"job_id": "exact", "status": "FAILED", "sampling_params": params}
    dump = write(tmp_path / "jobs.json", json.dumps([job]))
    assert run_import(controlled_server.data, "--jobs", dump).exit_code == 0
    with controlled_server.client() as client:
        assert client.get("/jobs/exact").json()["job"]["sampling_params"] == params
