"""`sutro-jobs spec diff` as a command: what it prints, and its exit status."""

from pathlib import Path

import pytest

import sutro_contract

from ..conftest import EditContract, RunSpec
from .editing import LIST, RESULTS, at, cut, put

HARMLESS = put("/components/schemas/JobStatus/x-extensible-enum/10", "PAUSED")
STATUS_OF_JOBS = "Answer 200 of GET /list-jobs at `jobs[].status`"
BREAKING = put(f"{LIST}/parameters/0/schema/maximum", 50)


def test_a_breaking_change_comes_first_and_decides_the_status(
    spec: RunSpec, edited: EditContract
) -> None:
    done = spec("diff", sutro_contract.contract_path(), edited(HARMLESS, BREAKING))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "BREAKING  Query parameter `limit` of GET /list-jobs: `maximum` went from 100 to 50.",
        "          at #/paths/~1list-jobs/get/parameters/0/schema/maximum",
        f"harmless  {STATUS_OF_JOBS}, and 2 more: known values added: `PAUSED`.",
        "          at #/components/schemas/JobStatus/x-extensible-enum",
        "2 changes, 1 of them breaking",
    ]


def test_harmless_changes_are_no_failure(spec: RunSpec, edited: EditContract) -> None:
    assert spec("diff", sutro_contract.contract_path(), edited(HARMLESS)).returncode == 0


def test_a_contract_does_not_differ_from_itself_in_another_style(
    spec: RunSpec, edited: EditContract
) -> None:
    done = spec("diff", sutro_contract.contract_path(), edited())
    assert (done.returncode, done.stdout) == (0, "0 changes, 0 of them breaking\n")


def test_a_contract_may_come_through_a_pipe(spec: RunSpec, edited: EditContract) -> None:
    text = sutro_contract.contract_path().read_text()
    done = spec("diff", "/dev/stdin", edited(), stdin=text)
    assert (done.returncode, done.stdout) == (0, "0 changes, 0 of them breaking\n")


def test_a_file_that_is_not_a_contract_is_refused(spec: RunSpec, tmp_path: Path) -> None:
    other = tmp_path / "notes.yaml"
    other.write_text("just: notes")
    done = spec("diff", sutro_contract.contract_path(), other)
    assert done.returncode == 2
    assert "is not an OpenAPI document" in done.stderr


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("other.yaml#/components/parameters/Limit", "is nowhere in the contract"),
        ("#/components/parameters/Limit", "is nowhere in the contract"),
        ("#/paths/~1list-jobs/get/parameters/2", "refers to itself"),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(
    target: str, said: str, spec: RunSpec, edited: EditContract
) -> None:
    file = edited(put(f"{LIST}/parameters/2", {"$ref": target}))
    done = spec("diff", sutro_contract.contract_path(), file)
    assert done.returncode == 2
    assert target in done.stderr
    assert said in done.stderr


def test_a_schema_that_consists_of_itself_is_refused(spec: RunSpec, edited: EditContract) -> None:
    itself = {"allOf": [{"$ref": "#/components/schemas/FailureReason"}]}
    file = edited(put("/components/schemas/FailureReason", itself))
    done = spec("diff", sutro_contract.contract_path(), file)
    assert done.returncode == 2
    assert "consists of itself" in done.stderr


def test_a_schema_may_have_itself_in_a_field(spec: RunSpec, edited: EditContract) -> None:
    reason = "/components/schemas/FailureReason/properties/cause"
    within = put(reason, {"$ref": "#/components/schemas/FailureReason"})
    shorter = put("/components/schemas/FailureReason/properties/message/maxLength", 9)
    done = spec("diff", edited(within), edited(within, shorter))
    assert done.returncode == 0
    assert "`maxLength` went from nothing to 9" in done.stdout


def test_all_edits_of_one_comparison_are_named(spec: RunSpec, edited: EditContract) -> None:
    done = spec(
        "diff",
        sutro_contract.contract_path(),
        edited(
            cut("/paths/~1job-status~1{job_id}"),
            cut(f"{RESULTS}/responses/409"),
            lambda contract: at(contract, "/servers/0")[0].reverse(),
        ),
    )
    assert done.returncode == 1
    for what in (
        "GET /job-status/{job_id}: it was removed, and its path with it.",
        "Callers that choose no server reach https://api.sutro.sh",
    ):
        assert what in done.stdout


def test_a_machine_without_node_compares(
    monkeypatch: pytest.MonkeyPatch, spec: RunSpec, edited: EditContract, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert spec("diff", sutro_contract.contract_path(), edited(BREAKING)).returncode == 1
