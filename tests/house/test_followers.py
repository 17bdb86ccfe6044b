"""Tables that are written by hand beside `openapi.yaml` follow it, and a change names each of them.

The rooms share no code, so each has tables of its own: this is where they meet.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import polars as pl
import pytest
import yaml

from sutro_conformance.api import shapes, statuses, tables
from sutro_jobs import Job, JobCancellation, JobStatus
from sutro_jobs._jobs.job_frame import job_schema
from sutro_jobs._jobs.options import LARGEST_PAGE
from sutro_jobs._jobs.status import _StatusBody
from sutro_jobs._results import columns
from sutro_jobs._results.download import transfer
from sutro_jobs._results.options import ResultsFormat
from sutro_server.http.edition_3 import DocumentedFormat
from sutro_server.importing import job_objects, job_spec
from sutro_server.store import render

Contract = dict[str, Any]
CONTRACT: Contract = yaml.safe_load(
    (Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8")
)
DTYPES = {
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "object": pl.String(),
    "status": pl.String(),
    "string": pl.String(),
    "time": pl.Datetime("us", "UTC"),
}
PYTHON_KINDS = {
    str: "string",
    int: "integer",
    float: "number",
    dict: "object",
    msgspec.Raw: "object",
    JobStatus: "string",
}


def properties(contract: Contract, schema: str) -> dict[str, Any]:
    found: dict[str, Any] = contract["components"]["schemas"][schema]["properties"]
    return found


def kind(schema: dict[str, Any]) -> str:
    """Return the JSON type of a property, and `time` or `status` for texts that are one."""
    if schema.get("$ref", "").endswith("/JobStatus"):
        return "status"
    types = schema.get("type", "object")
    name = types if isinstance(types, str) else next(name for name in types if name != "null")
    return "time" if schema.get("format") == "date-time" else name


def kinds_of_job(contract: Contract) -> dict[str, str]:
    return {name: kind(schema) for name, schema in properties(contract, "Job").items()}


def json_kinds_of_job(contract: Contract) -> dict[str, str]:
    texts = {"time": "string", "status": "string"}
    return {name: texts.get(kind, kind) for name, kind in kinds_of_job(contract).items()}


def dtypes_of_job(contract: Contract) -> dict[str, pl.DataType]:
    return {name: DTYPES[kind] for name, kind in kinds_of_job(contract).items()}


def fields(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Return the fields of a class as JSON names them, with their types."""
    hints = get_type_hints(struct)
    encoded = {field.encode_name: hints[field.name] for field in msgspec.structs.fields(struct)}
    return {name: python_kind(hint) for name, hint in encoded.items() if not name.startswith(" ")}


def python_kind(hint: Any) -> str:
    if isinstance(hint, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return PYTHON_KINDS[get_origin(hint) or hint]


def names(struct: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def job_statuses(contract: Contract) -> set[str]:
    return {*contract["components"]["schemas"]["JobStatus"]["x-extensible-enum"]}


def described_as(beginning: str) -> Callable[[Contract], set[str]]:
    """Return the statuses whose line in the contract's description begins like this."""

    def find(contract: Contract) -> set[str]:
        text: str = contract["components"]["schemas"]["JobStatus"]["description"]
        lines = re.findall(r"^- (.*?): (.*)$", text, re.MULTILINE)
        found = [spans for spans, meaning in lines if meaning.startswith(beginning)]
        return set(re.findall(r"`(\w+)`", " ".join(found)))

    return find


def limit_parameter(contract: Contract) -> Any:
    parameters = contract["paths"]["/list-jobs"]["get"]["parameters"]
    return next(each for each in parameters if each.get("name") == "limit")["schema"]["maximum"]


def result_columns(contract: Contract) -> set[str]:
    return {*properties(contract, "JobResults")}


def formats(contract: Contract) -> set[str]:
    return {*contract["components"]["schemas"]["ResultsFormat"]["enum"]}


@dataclass(frozen=True)
class Follower:
    """A table written by hand: where it is, what the contract says it holds, what it holds."""

    place: str
    expected: Callable[[Contract], object]
    found: Callable[[], object]


def final_states() -> set[str]:
    return {status.value for status in JobStatus if status.is_final}


def ordered_states() -> set[str]:
    """Return the states that the verifier knows to come before the end of a job, or to be it."""
    known = statuses.CURRENT | statuses.OLDER
    return {state for state in known if statuses.is_backwards("SUCCEEDED", state)} | {"SUCCEEDED"}


FOLLOWERS = [
    Follower("overlay: _jobs/job.py, Job", json_kinds_of_job, lambda: fields(Job)),
    Follower(
        "overlay: _jobs/job.py, attributes of Job",
        lambda contract: set(kinds_of_job(contract)),
        lambda: (
            {name for name in vars(Job) if not name.startswith("_")}
            - {"extra", "to_json", "to_dict", "from_json"}
        ),
    ),
    Follower("overlay: _jobs/job_frame.py, job_schema", dtypes_of_job, lambda: dict(job_schema())),
    Follower(
        "server: importing/job_objects.py, JobObject",
        json_kinds_of_job,
        lambda: fields(job_objects.JobObject),
    ),
    Follower("overlay: _jobs/status.py, JobStatus", job_statuses, lambda: {*JobStatus}),
    Follower("overlay: _jobs/status.py, is_final", described_as("has ended"), final_states),
    Follower(
        "server: importing/job_spec.py and job_objects.py, statuses",
        # The server always knows the status of a job.
        lambda contract: job_statuses(contract) - {"UNKNOWN"},
        lambda: {*job_spec.STATUSES, *job_objects._WAITING},
    ),
    Follower(
        "server: importing/job_objects.py, _WAITING",
        described_as("waits"),
        lambda: {*job_objects._WAITING},
    ),
    Follower(
        "verifier: api/statuses.py, CURRENT and OLDER",
        job_statuses,
        lambda: {*(statuses.CURRENT | statuses.OLDER)},
    ),
    Follower(
        "verifier: api/statuses.py, FINAL", described_as("has ended"), lambda: {*statuses.FINAL}
    ),
    Follower(
        "verifier: api/statuses.py, WAITING", described_as("waits"), lambda: {*statuses.WAITING}
    ),
    Follower(
        "verifier: api/statuses.py, _RANKS",
        lambda contract: job_statuses(contract) - {"UNKNOWN"},
        lambda: ordered_states() | (statuses.FINAL - {"SUCCEEDED"}),
    ),
    Follower(
        "overlay: _jobs/status.py, _StatusBody",
        lambda contract: {*properties(contract, "JobStatusResponse")},
        lambda: names(_StatusBody),
    ),
    Follower(
        "overlay: _jobs/cancellation.py, JobCancellation",
        lambda contract: {*properties(contract, "JobCancellation")},
        lambda: names(JobCancellation),
    ),
    Follower("overlay: _jobs/options.py, LARGEST_PAGE", limit_parameter, lambda: LARGEST_PAGE),
    Follower(
        "overlay: _results/columns.py, names of columns",
        result_columns,
        lambda: {columns.INPUTS, columns.OUTPUTS, columns.LOGPROBS, columns.CONFIDENCE},
    ),
    Follower("verifier: api/tables.py, KNOWN", result_columns, lambda: {*tables.KNOWN}),
    Follower(
        "server: store/render.py, names of columns",
        # Confidence scores were seen in the vendor's SDK only.
        lambda contract: result_columns(contract) - {"confidence_score"},
        lambda: {render.INPUTS, render.OUTPUTS, render.LOGPROBS},
    ),
    Follower(
        "overlay: _results/options.py, ResultsFormat",
        formats,
        lambda: {*get_args(ResultsFormat)},
    ),
    Follower("overlay: _results/download/transfer.py, _START", formats, lambda: {*transfer._START}),
    Follower(
        "server: http/edition_3.py, DocumentedFormat",
        formats,
        lambda: {*get_args(DocumentedFormat)},
    ),
]


def behind(contract: Contract) -> set[str]:
    """Return the places whose table is not what a contract says."""
    return {each.place for each in FOLLOWERS if each.found() != each.expected(contract)}


def places(*words: str) -> set[str]:
    return {each.place for each in FOLLOWERS if any(word in each.place for word in words)}


@pytest.fixture
def changed() -> Contract:
    """A copy of the contract to change."""
    return copy.deepcopy(CONTRACT)


@pytest.mark.parametrize("follower", FOLLOWERS, ids=lambda each: each.place)
def test_each_table_holds_what_the_contract_says(follower: Follower) -> None:
    assert follower.found() == follower.expected(CONTRACT)


def test_the_verifier_takes_its_list_of_fields_from_the_contract() -> None:
    job = CONTRACT["components"]["schemas"]["Job"]
    assert frozenset(job["required"]) == shapes.JOB_FIELDS


def test_a_new_field_of_jobs_names_each_table_of_fields(changed: Contract) -> None:
    properties(changed, "Job")["region"] = {"type": "string"}
    assert behind(changed) == {
        "overlay: _jobs/job.py, Job",
        "overlay: _jobs/job.py, attributes of Job",
        "overlay: _jobs/job_frame.py, job_schema",
        "server: importing/job_objects.py, JobObject",
    }


def test_a_field_of_another_type_names_each_typed_table(changed: Contract) -> None:
    properties(changed, "Job")["num_rows"] = {"type": ["string", "null"]}
    assert behind(changed) == {
        "overlay: _jobs/job.py, Job",
        "overlay: _jobs/job_frame.py, job_schema",
        "server: importing/job_objects.py, JobObject",
    }


def test_a_new_status_names_each_table_of_statuses(changed: Contract) -> None:
    schema = changed["components"]["schemas"]["JobStatus"]
    schema["x-extensible-enum"].append("PAUSED")
    assert behind(changed) == {
        "overlay: _jobs/status.py, JobStatus",
        "server: importing/job_spec.py and job_objects.py, statuses",
        "verifier: api/statuses.py, CURRENT and OLDER",
        "verifier: api/statuses.py, _RANKS",
    }


@pytest.mark.parametrize(
    ("meaning", "words"), [("has ended", ["is_final", "FINAL"]), ("waits", ["WAITING"])]
)
def test_a_status_with_another_meaning_names_each_table_of_it(
    changed: Contract, meaning: str, words: Iterable[str]
) -> None:
    changed["components"]["schemas"]["JobStatus"]["description"] += f"- `UNKNOWN`: {meaning}\n"
    assert behind(changed) == places(*words)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("JobResults", ["names of columns", "KNOWN"]),
        ("JobStatusResponse", ["_StatusBody"]),
        ("JobCancellation", ["JobCancellation"]),
    ],
)
def test_a_new_property_of_an_answer_names_its_tables(
    changed: Contract, schema: str, words: Iterable[str]
) -> None:
    properties(changed, schema)["region"] = {"type": "string"}
    assert behind(changed) == places(*words)


def test_another_format_or_page_size_names_its_tables(changed: Contract) -> None:
    changed["components"]["schemas"]["ResultsFormat"]["enum"].append("arrow")
    parameters = changed["paths"]["/list-jobs"]["get"]["parameters"]
    parameters[0]["schema"]["maximum"] = 200
    assert behind(changed) == places("ResultsFormat", "_START", "DocumentedFormat", "LARGEST_PAGE")
