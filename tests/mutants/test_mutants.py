"""A sample of the catalogue; `make mutants` judges all of it."""

import pytest

from sutro_conformance import all_clauses

from .catalogue import RIGHT, WRONG, Mutant
from .judge import judge
from .record import Record
from .run import defects, variants
from .table import PAGE, page

assert defects
assert variants

WRONG_SAMPLE = list(WRONG.values())[::24]
RIGHT_SAMPLE = [RIGHT[name] for name in ("minimal", "more-fields", "jobs-finish", "one-job")]


@pytest.mark.parametrize("mutant", WRONG_SAMPLE, ids=lambda mutant: mutant.name)
def test_a_wrong_server_is_caught_by_the_clause_that_it_breaks(mutant: Mutant) -> None:
    outcome = judge(mutant, profile="quick")
    assert {*outcome.broken} & {*mutant.clauses}, outcome.messages


@pytest.mark.parametrize("mutant", RIGHT_SAMPLE, ids=lambda mutant: mutant.name)
def test_a_right_server_is_accepted(mutant: Mutant) -> None:
    outcome = judge(mutant, profile="quick")
    assert not outcome.is_alarm, (outcome.messages, outcome.undecided)


def test_wrong_servers_name_clauses_that_exist() -> None:
    known = {clause.id for clause in all_clauses()}
    strange = {name for name, mutant in WRONG.items() if not {*mutant.clauses} <= known}
    unnamed = {name for name, mutant in WRONG.items() if not mutant.clauses}
    assert (strange, unnamed) == (set(), set())


def test_the_page_on_mutants_says_what_is_recorded() -> None:
    assert page(Record()) == PAGE.read_text()


def test_every_server_says_what_it_does_in_one_sentence() -> None:
    sentences = [mutant.sentence for mutant in (WRONG | RIGHT).values()]
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len({*sentences}) == len(sentences)
