"""The clauses as a catalogue: where they stand, and what they rest on."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sutro_conformance import Clause, all_clauses, cli

PAGE = Path(__file__).parents[3] / "docs" / "clauses.md"


@pytest.mark.parametrize("clause", all_clauses(), ids=lambda clause: clause.id)
def test_the_id_of_a_clause_leads_to_its_file(clause: Clause) -> None:
    wing, group, *_ = clause.module.removeprefix("sutro_conformance.").split(".")
    assert (wing, group) == ("clauses", clause.group.lower())


def test_there_are_at_least_sixty_clauses_and_what_they_rest_on_exists() -> None:
    ids = [clause.id for clause in all_clauses()]
    assert len(ids) >= 60
    assert {each for clause in all_clauses() for each in clause.rests_on} <= set(ids)


def test_every_clause_can_be_judged() -> None:
    assert all(clause.check or clause.observe for clause in all_clauses())


def test_clauses_are_checked_in_the_order_of_their_phases() -> None:
    phases = [clause.phase for clause in all_clauses()]
    assert phases == sorted(phases)


def test_the_page_on_clauses_is_what_the_clauses_say() -> None:
    page = CliRunner().invoke(cli.verify, ["clauses", "--markdown"]).output
    assert PAGE.read_text() == page, "Run make clauses."
