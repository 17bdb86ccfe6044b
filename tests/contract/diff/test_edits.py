"""Each edit of the table is judged as the table says, and the table is the documentation's."""

import pytest

from sutro_contract.diff import compare
from sutro_contract.diff.rules import RULES, Direction

from .editing import Edit
from .edits import EDITS, PAGE, page


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.where}: {edit.text}")
def test_an_edit_is_judged_right(edit: Edit) -> None:
    found = compare(*edit.documents())
    if edit.rule is None:
        assert found == []
    else:
        assert edit.rule in {change.rule for change in found}
        assert max(change.impact for change in found) == edit.impact


def test_every_rule_has_an_edit_in_each_of_its_directions() -> None:
    edited = {(edit.rule, edit.direction) for edit in EDITS}
    missing = [
        (rule.id, direction.value)
        for rule in RULES.values()
        for direction, impact in (
            (Direction.REQUEST, rule.request),
            (Direction.ANSWER, rule.answer),
        )
        if impact is not None and (rule.id, direction) not in edited
    ]
    assert missing == []


def test_there_are_enough_edits_and_none_twice() -> None:
    told = [(edit.where, edit.text) for edit in EDITS]
    assert len(told) == len(set(told)) >= 200


def test_the_documentation_has_this_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make spec-edits"
