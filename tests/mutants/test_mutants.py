"""A sample of the catalogue; `make mutants` judges all of it."""

import pytest

from sutro_conformance import clauses

from . import defects, variants
from .catalogue import RIGHT, WRONG, Mutant
from .judge import judge

assert defects
assert variants

SAMPLE = list(WRONG.values())[::16]
RIGHT_SAMPLE = [RIGHT[n] for n in ("plain", "minimal", "more-fields", "jobs-finish", "one-job")]


@pytest.mark.parametrize("mutant", SAMPLE, ids=lambda mutant: mutant.name)
def test_a_wrong_server_is_caught_by_the_clause_that_it_breaks(mutant: Mutant) -> None:
    outcome = judge(mutant, profile="quick")
    assert outcome.first in mutant.clauses


@pytest.mark.parametrize("mutant", RIGHT_SAMPLE, ids=lambda mutant: mutant.name)
def test_a_right_server_is_accepted(mutant: Mutant) -> None:
    outcome = judge(mutant, profile="quick")
    assert outcome.exit_status == 0, outcome.messages


@pytest.mark.parametrize("mutant", WRONG.values(), ids=lambda mutant: mutant.name)
def test_a_wrong_server_names_clauses_that_exist(mutant: Mutant) -> None:
    assert set(mutant.clauses) <= {clause.id for clause in clauses()}
    assert mutant.clauses
    assert mutant.sentence.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize("mutant", WRONG.values(), ids=lambda mutant: mutant.name)
def test_every_wrong_server_is_caught(mutant: Mutant) -> None:
    assert judge(mutant).broken


@pytest.mark.slow
@pytest.mark.parametrize("mutant", RIGHT.values(), ids=lambda mutant: mutant.name)
@pytest.mark.parametrize("seed", range(50))
def test_every_right_server_is_accepted(mutant: Mutant, seed: int) -> None:
    outcome = judge(mutant, seed)
    assert outcome.exit_status == 0, outcome.messages
