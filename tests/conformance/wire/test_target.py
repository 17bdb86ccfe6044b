"""What `Target` and `Settings` refuse by themselves, however they are made."""

import math
from typing import Any, cast

import pytest

from sutro_conformance import Settings, Target, all_clauses

URL = "http://127.0.0.1:1/v1"


def test_a_group_stands_for_its_clauses() -> None:
    lists = {clause.id for clause in all_clauses() if clause.group == "LIST"}
    assert Settings(only={"LIST", "auth-01"}).only == frozenset({*lists, "AUTH-01"})
    assert Settings(only="LIST-07").only == frozenset({"LIST-07"})


@pytest.mark.parametrize("only", [{"NO-SUCH-99"}, "LISTS", set(), {"LIST-07", ""}])
def test_a_selection_that_leaves_nothing_to_judge_is_refused(only: str | set[str]) -> None:
    with pytest.raises(ValueError, match="clause"):
        Settings(only=only)


@pytest.mark.parametrize(
    "name", ["rate_limit", "time_budget", "timeout", "patience", "cancel_timeout"]
)
@pytest.mark.parametrize("value", [0, -1, math.nan])
def test_amounts_that_are_not_positive_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        Settings(**cast("dict[str, Any]", {name: value}))


@pytest.mark.parametrize("value", [0, -1, 65, 2.5, "4"])
def test_concurrency_has_bounds(value: object) -> None:
    with pytest.raises(ValueError, match="concurrency"):
        Settings(concurrency=cast("int", value))


def test_one_job_id_is_one_job_id() -> None:
    target = Target(url=URL, api_key="some-key", allow_cancel="job-1")
    assert target.allow_cancel == {"job-1"}
    assert target.cancellable(["job-1", "j", "o"]) == ["job-1"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": None},
        {"app": print},
        {"url": "ftp://host"},
        {"url": "http://host:99999"},
        {"url": "http://host/v1?x=1"},
        {"api_key": ""},
        {"api_key": "two\nlines"},
        {"second_api_key": "some-key"},
        {"second_api_key": " "},
        {"allow_cancel": [""]},
        {"allow_cancel": [7]},
    ],
    ids=str,
)
def test_a_target_that_can_not_be_judged_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 (the text is what is looked at)
        Target(**cast("dict[str, Any]", {"url": URL, "api_key": "some-key"} | wrong))
    assert "some-key" not in str(refusal.value)
