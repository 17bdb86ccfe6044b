"""What `Settings` refuse by themselves, however they are made."""

import math
from typing import Any, cast

import pytest

from sutro_conformance import Settings, all_clauses


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
