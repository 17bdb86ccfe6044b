"""Importing rows and dumps of lists."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from sutro_server import Settings
from sutro_server.cli import keys
from sutro_server.errors import ParameterError
from sutro_server.importing.job_spec import JobSpec
from sutro_server.importing.rows import Columns
from tests.server.conftest import AddJob, AddKey, RunImport
from tests.support.reference_server import Server

TABLE = pl.DataFrame(
    {
        "key": [7, 8, 9],
        "text": ["plain", 'with "quotes", commas\nand lines', "ünïcode"],
        "answer": ["a", "", None],
        "score": [-0.5, None, -2.25],
    }
)
COLUMNS = ("--input", "text", "--output", "answer", "--logprob", "score", "--id", "key")
WRITERS: dict[str, Callable[[pl.DataFrame, Path], object]] = {
    "csv": lambda frame, path: frame.write_csv(path, quote_style="non_numeric"),
    "jsonl": lambda frame, path: frame.write_ndjson(path),
    "parquet": lambda frame, path: frame.write_parquet(path),
}


ReadJob = Callable[[str], Any]


@pytest.fixture(scope="session")
def results(controlled_server: Server) -> Iterator[ReadJob]:
    """Read all columns of a job as JSON."""
    query: dict[str, str | bool] = {
        "include_inputs": True,
        "include_cumulative_logprobs": True,
        "format": "json",
    }

    def read(job_id: str) -> Any:
        return client.get(f"/jobs/{job_id}/results", params=query).json()

    with controlled_server.client() as client:
        yield read


@pytest.mark.parametrize("form", WRITERS)
def test_rows_of_every_form_come_back_as_they_were(
    controlled_server: Server, run_import: RunImport, results: ReadJob, tmp_path: Path, form: str
) -> None:
    WRITERS[form](TABLE, tmp_path / f"rows.{form}")
    done = run_import(controlled_server.data, tmp_path / f"rows.{form}", *COLUMNS)
    assert done.exit_code == 0, done.output
    assert results(done.stdout.strip()) == {
        "key": [7, 8, 9],
        "inputs": TABLE["text"].to_list(),
        "outputs": TABLE["answer"].to_list(),
        "cumulative_logprobs": TABLE["score"].to_list(),
    }


def test_objects_become_json_text(
    controlled_server: Server, run_import: RunImport, results: ReadJob, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"output": {"label": "a"}}\n\n{"output": [1, null]}\n{"output": null}\n')
    job = run_import(controlled_server.data, rows).stdout.strip()
    assert results(job)["outputs"] == ['{"label": "a"}', "[1, null]", None]


@settings(max_examples=20)
@given(
    texts=st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1),
    form=st.sampled_from(["parquet", "jsonl"]),
)
def test_any_text_survives(
    controlled_server: Server,
    run_import: RunImport,
    results: ReadJob,
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str | None],
    form: str,
) -> None:
    path = tmp_path_factory.mktemp("any") / f"rows.{form}"
    WRITERS[form](pl.DataFrame({"output": pl.Series(texts, dtype=pl.String)}), path)
    job = run_import(controlled_server.data, path).stdout.strip()
    assert results(job)["outputs"] == texts


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.csv", "a,b\n1,2\n", "no column 'output'. Its columns are: a, b"),
        ("rows.jsonl", '{"output": "x"}\n{"output": \n', "line 2: not a JSON object"),
        ("rows.jsonl", "[1]\n", "line 1: not a JSON object"),
        ("rows.jsonl", '{"a": 1}\n', "no column 'output'. Its columns are: a"),
        ("rows.csv", "", "Empty CSV file"),
        ("rows.csv", "output\n", "no rows"),
        ("rows.parquet", "PAR1", "cannot be read"),
        ("rows.xlsx", "x", "the ending '.xlsx' is none of"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(
    tmp_path: Path, run_import: RunImport, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)
    done = run_import(tmp_path / "data", tmp_path / name)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())
    assert not list((tmp_path / "data").glob("*/*"))


def test_a_log_probability_has_to_be_a_number(tmp_path: Path, run_import: RunImport) -> None:
    (tmp_path / "rows.csv").write_text("output,score\na,high\n")
    done = run_import(tmp_path / "data", tmp_path / "rows.csv", "--logprob", "score")
    assert done.exit_code == 2
    assert "column 'score', row 1: " in " ".join(done.output.split())


def test_an_id_column_can_not_take_the_name_of_a_result(
    tmp_path: Path, run_import: RunImport
) -> None:
    (tmp_path / "rows.csv").write_text("output,inputs\na,b\n")
    done = run_import(tmp_path / "data", tmp_path / "rows.csv", "--id", "inputs")
    assert done.exit_code == 2


def test_a_job_id_is_taken_once(tmp_path: Path, add_job: AddJob, run_import: RunImport) -> None:
    add_job(tmp_path / "data", "--job-id", "mine")
    again = run_import(
        tmp_path / "data", tmp_path / "rows.csv", "--output", "answer", "--job-id", "mine"
    )
    assert again.exit_code == 2
    assert "has a job 'mine' already" in again.output
    assert len(list((tmp_path / "data" / "results").iterdir())) == 1


@pytest.mark.parametrize("form", ["answer", "array", "lines"])
def test_a_dump_of_a_list_is_served_as_it_was(
    demo: httpx.Client,
    controlled_server: Server,
    run_import: RunImport,
    add_key: AddKey,
    tmp_path: Path,
    form: str,
) -> None:
    jobs = demo.get("/list-jobs").json()["jobs"]
    text = {
        "answer": json.dumps({"message": "x", "jobs": jobs}),
        "array": json.dumps(jobs, indent=1),
        "lines": "\n".join(map(json.dumps, jobs)),
    }[form]
    dump = tmp_path / ("dump.jsonl" if form == "lines" else "dump.json")
    dump.write_text(text)
    done = run_import(controlled_server.data, "--jobs", dump, tenant=form)
    assert done.stdout == f"Stored {len(jobs)} jobs; 0 were there already.\n"
    headers = {"Authorization": f"Key {add_key(controlled_server.data, form)}"}
    with controlled_server.client(headers) as client:
        served = client.get("/list-jobs").json()["jobs"]
    assert sorted(served, key=str) == sorted(jobs, key=str)
    again = run_import(controlled_server.data, "--jobs", dump, tenant=form)
    assert again.stdout == f"Stored 0 jobs; {len(jobs)} were there already.\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"job_id": "a"}]', "job 1: Object missing required field `status`"),
        ('[{"job_id": "a", "status": "FAILED", "num_rows": "x"}]', "`$.num_rows`"),
        ('[{"job_id": "a", "status": "RUNNING", "datetime_created": "soon"}]', "job 1: "),
        ('{"items": []}', "neither a list answer nor an array"),
        ("[", "neither a list answer nor an array"),
    ],
)
def test_a_wrong_dump_is_named_with_what_is_wrong(
    tmp_path: Path, run_import: RunImport, content: str, said: str
) -> None:
    (tmp_path / "dump.json").write_text(content)
    done = run_import(tmp_path / "data", "--jobs", tmp_path / "dump.json")
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--finish-after", "5s"), "'--finish-after'"),
        (("--finish-after", "soon"), "'soon' is not a duration"),
        (("--id", "inputs"), "'--id'"),
        (("--created", "soon"), "'--created'"),
    ],
)
def test_a_wrong_value_is_named_by_its_option(
    tmp_path: Path, run_import: RunImport, options: tuple[str, ...], said: str
) -> None:
    (tmp_path / "rows.csv").write_text("output,inputs\na,b\n")
    done = run_import(tmp_path / "data", tmp_path / "rows.csv", *options)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("parameter", "make"),
    [
        ("status", lambda: JobSpec(status="DONE")),
        ("finish_after", lambda: JobSpec(finish_after=1)),
        ("id", lambda: Columns("output", id="outputs")),
        ("edition", lambda: Settings(data="jobs", edition=cast("Any", "e9"))),
    ],
)
def test_a_wrong_value_is_refused_by_the_type_that_holds_it(
    parameter: str, make: Callable[[], object]
) -> None:
    with pytest.raises(ParameterError) as caught:
        make()
    assert caught.value.name == parameter
    assert str(caught.value) == f"{parameter}: {caught.value.reason}"


@pytest.mark.parametrize(
    ("tenant", "key"), [("", "sk_1"), ("demo", ""), ("demo", "a "), ("demo", "a\n")]
)
def test_a_key_that_no_request_can_carry_is_refused(tmp_path: Path, tenant: str, key: str) -> None:
    done = CliRunner().invoke(keys, ["add", "--data", str(tmp_path), tenant, key])
    assert done.exit_code == 2
    assert "Invalid value for" in done.output
