"""Which broken clauses follow from which, so that reports can name causes first."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from .report import ClauseResult, Failure, Verdict

_NO_SERVER_ERROR = "HTTP-01"


def with_causes(results: Sequence[ClauseResult]) -> list[ClauseResult]:
    """Return the results with the broken clauses that each may be a consequence of.

    These are the broken clauses that it rests on. Where server errors alone break several clauses,
    that there are server errors is the cause; one clause says more about them than HTTP-01 does.
    """
    broken = {result.id for result in results if result.verdict is Verdict.BROKEN}
    causes = {
        result.id: broken.intersection(result.clause.rests_on)
        for result in results
        if result.id in broken
    }
    crashed = [
        result
        for result in results
        if result.id in broken - {_NO_SERVER_ERROR} and all(map(_is_crash, result.failures))
    ]
    if _NO_SERVER_ERROR in broken and sum(not causes[result.id] for result in crashed) > 1:
        for result in crashed:
            causes[result.id].add(_NO_SERVER_ERROR)
    return [
        attrs.evolve(result, consequence_of=tuple(sorted(causes.get(result.id, ()))))
        for result in results
    ]


def _is_crash(failure: Failure) -> bool:
    return any(exchange["response"]["status"] >= 500 for exchange in failure.exchanges)
