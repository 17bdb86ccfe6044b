"""An import takes bounded memory, and names the place where it gives up."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sutro_server.errors import ImportFileError
from sutro_server.importing.batches import MAX_TEXT
from sutro_server.importing.job_objects import import_jobs
from sutro_server.importing.rows import Columns, read_rows
from sutro_server.store.store import Store
from tests.server.conftest import RunImport
from tests.support.reference_server import COMMAND

LONG = MAX_TEXT + 1
MIB = 1 << 20


def error_of(path: Path) -> str:
    with pytest.raises(ImportFileError) as caught:
        list(read_rows(path, Columns("output")))
    return str(caught.value)


def test_a_long_cell_of_csv_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("output,x\na,1\nb,2\n" + "c" * 2 * LONG + ",3\n")
    assert "after row 2: the next row is longer than 16 MiB" in error_of(path)


def test_a_quote_that_is_not_closed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('output\na\n"' + "b\n" * LONG)
    assert "after row 1: the next row is longer than 16 MiB, or a quote is not closed" in (
        error_of(path)
    )


def test_rows_of_some_megabytes_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("output\n" + "".join(f"{letter * 6 * MIB}\n" for letter in "abc") + "d\n")
    batches = list(read_rows(path, Columns("output")))
    texts = [str(text) for batch in batches for text in batch.rows.column("outputs").to_pylist()]
    assert [(text[0], len(text)) for text in texts] == [
        ("a", 6 * MIB),
        ("b", 6 * MIB),
        ("c", 6 * MIB),
        ("d", 1),
    ]
    firsts = [batch.first for batch in batches]
    counts = [batch.rows.num_rows for batch in batches]
    assert firsts == [1 + sum(counts[:number]) for number in range(len(counts))]


def test_a_long_line_of_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"output": "a"}\n\n{"output": "' + "b" * LONG + '"}\n')
    assert "line 3: longer than 16 MiB" in error_of(path)


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_deep_json_is_named(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"output": "a"}\n{"output": ' + "[" * depth + "]" * depth + "}\n")
    assert "line 2: not a JSON object: JSON is nested too deeply, at byte 2" in error_of(path)


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("[" * 100_000 + "]" * 100_000, "nested too deeply, at byte"),
        ('"' + "a" * LONG + '"', "1: longer than 16 MiB"),
        ('"\\ud800"', ""),
    ],
    ids=["deep", "long", "half a character"],
)
def test_an_impossible_job_object_is_named(
    tmp_path: Path, suffix: str, value: str, said: str
) -> None:
    path = tmp_path / f"jobs{suffix}"
    job = f'{{"job_id": "a", "status": "FAILED", "x": {value}}}'
    path.write_text(job if suffix == ".jsonl" else f"[{job}]")
    store = Store(tmp_path / "data")
    with pytest.raises(ImportFileError) as caught:
        import_jobs(store, "demo", path)
    assert said in str(caught.value)
    assert store.jobs.page(store.tenants.ensure("demo"), 10)[0] == []
    store.close()


def test_a_long_cell_of_parquet_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"output": [*["a"] * 1000, "b" * LONG, "c"]}), path)
    assert "column 'output', row 1001: longer than 16 MiB" in error_of(path)


def test_a_row_group_of_long_cells_alone_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"output": ["b" * LONG]}), path)
    assert "row group 1, column 'output': cells are longer than 16 MiB" in error_of(path)


def peak_of_import(path: Path, data: Path) -> float:
    """Import a file in a process of its own; return the most memory that it had, in MiB."""
    # Until it loads its program, a process counts with the memory of the one that started it.
    small = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=-3); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [COMMAND, "import", str(path), "--data", str(data), "--tenant", "demo"]
    done = subprocess.run(
        [sys.executable, "-c", small, *command], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def repeated(count: int) -> pa.Table:
    """Return so many rows of a megabyte each, which take a megabyte together."""
    indices = pa.array([0] * count, pa.int32())
    return pa.table({"output": pa.DictionaryArray.from_arrays(indices, pa.array(["a" * MIB]))})


@pytest.mark.parametrize("rows_in_a_group", [1_500, 100])
def test_a_parquet_file_that_unpacks_to_a_lot_takes_bounded_memory(
    tmp_path: Path, rows_in_a_group: int
) -> None:
    path = tmp_path / "rows.parquet"
    # Large groups with a dictionary, small ones of plain values.
    dictionary = rows_in_a_group > 1_000
    pq.write_table(
        repeated(1_500),
        path,
        use_dictionary=dictionary,
        compression="zstd",
        row_group_size=rows_in_a_group,
    )
    assert path.stat().st_size < MIB
    assert peak_of_import(path, tmp_path / "data") < 1_000


def test_pages_that_cannot_be_unpacked_in_bounded_memory_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(repeated(800), path, use_dictionary=False, compression="zstd")
    assert "row group 1, column 'output': 800 cells of 1024 KiB" in error_of(path)


def test_rows_that_were_read_count_in_the_place(tmp_path: Path, run_import: RunImport) -> None:
    path = tmp_path / "rows.csv"
    lines = [f"a,{number}.5" for number in range(100_000)]
    lines[77_776] = "a,high"
    path.write_text("\n".join(["output,score", *lines]) + "\n")
    done = run_import(tmp_path / "data", path, "--logprob", "score")
    assert done.exit_code == 2
    assert "column 'score', row 77777: " in " ".join(done.output.split())
