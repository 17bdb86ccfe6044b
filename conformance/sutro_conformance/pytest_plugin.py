"""The pytest plugin: `pytest --sutro-api-url URL` runs one test for each clause of the contract.

It is imported by every pytest run of the environment, so it imports the verifier only when the
option is given.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .judging.clause import Clause
    from .judging.report import ClauseResult
    from .run import Verification

_KEYS = ("SUTRO_API_KEY", "SUTRO_SECOND_API_KEY")
_state = pytest.StashKey["_State"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a verification."""
    group = parser.getgroup("sutro", "contract of the Sutro jobs API")
    add = group.addoption
    add("--sutro-api-url", metavar="URL", help="verify this server, one test a clause")
    add("--sutro-api-key", metavar="KEY", help="a valid API key (SUTRO_API_KEY)")
    add("--sutro-second-api-key", metavar="KEY", help="another account's (SUTRO_SECOND_API_KEY)")
    add("--sutro-allow-cancel", action="append", default=[], metavar="JOB_ID")
    add("--sutro-allow-cancel-any", action="store_true")
    add("--sutro-edition", choices=["e2", "e3", "auto"], default="e3")
    add("--sutro-profile", choices=["quick", "full"], default="full")
    add("--sutro-seed", type=int, default=0)
    add("--sutro-fail-on", choices=["must", "should", "may"], default="must")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add a test for each clause, before `-k` and `-m` choose among all tests."""
    if not config.getoption("--sutro-api-url"):
        return
    from .clauses import all_clauses

    parent = _Contract.from_parent(session, name="sutro-contract", nodeid="sutro-contract")
    # Clauses that observe see more, the more has been asked before.
    ordered = sorted(all_clauses(), key=lambda each: each.observe is not None)
    items += [_ClauseTest.from_parent(parent, name=each.id, clause=each) for each in ordered]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the connections of the run."""
    state = config.stash.get(_state, None)
    if state is not None:
        state.verification.__exit__()


class _Contract(pytest.Collector):
    """The node above the tests of all clauses."""

    def collect(self) -> Iterator[pytest.Item]:
        """Return nothing: the tests are added when collection has ended."""
        return iter(())


class _State:
    """The verification that all tests of a session share."""

    def __init__(self, session: pytest.Session) -> None:
        self.verification = _begin(session.config)
        tests = (item for item in session.items if isinstance(item, _ClauseTest))
        self.observing = [test.clause for test in tests if test.clause.observe is not None]
        self.observed: dict[str, ClauseResult] = {}

    def result(self, clause: Clause) -> ClauseResult:
        """Return the verdict on a clause; all that observe are exercised before the first."""
        if clause.observe is None:
            return self.verification.examine(clause)
        if not self.observed:
            examine = self.verification.examine
            self.observed = {each.id: examine(each) for each in self.observing}
        return self.verification.completed(self.observed[clause.id])


def _begin(config: pytest.Config) -> Verification:
    from .run import Verification
    from .settings import Settings
    from .wire.errors import CouldNotRunError
    from .wire.target import Target

    def given(name: str) -> Any:
        return config.getoption(f"--sutro-{name}")

    api_key = given("api-key") or os.environ.get(_KEYS[0])
    if not api_key:
        raise pytest.UsageError(f"Give --sutro-api-key, or set {_KEYS[0]}.")
    try:
        target = Target(
            url=given("api-url"),
            api_key=api_key,
            second_api_key=given("second-api-key") or os.environ.get(_KEYS[1]),
            allow_cancel=given("allow-cancel"),
            allow_cancel_any=given("allow-cancel-any"),
        )
        names = ("edition", "profile", "seed")
        return Verification(target, Settings(**{name: given(name) for name in names})).__enter__()
    except (CouldNotRunError, ValueError) as failure:
        pytest.exit(f"Could not verify: {failure}", returncode=2)


class _BrokenClauseError(Exception):
    """A clause is broken; the text says how, and how to repeat it."""


class _ClauseTest(pytest.Item):
    """The test of one clause."""

    def __init__(self, *, clause: Clause, **node: Any) -> None:
        super().__init__(**node)
        self.clause = clause

    def runtest(self) -> None:
        """Fail where the clause is broken, skip where it was not exercised."""
        from .judging.clause import Level
        from .judging.report import Verdict

        stash = self.config.stash
        if _state not in stash:
            stash[_state] = _State(self.session)
        result = stash[_state].result(self.clause)
        levels = list(Level)
        lowest = Level(self.config.getoption("--sutro-fail-on").upper())
        counts = levels.index(result.level) <= levels.index(lowest)
        if result.verdict is Verdict.NOT_EXERCISED:
            pytest.skip(f"not exercised; needs {result.reason}")
        if result.verdict is Verdict.NOT_OFFERED:
            pytest.skip(f"not offered: {result.reason}")
        if result.verdict in (Verdict.UNSTABLE, Verdict.ERROR):
            raise _BrokenClauseError(f"Undecided ({result.verdict}): {result.reason}")
        if result.verdict is Verdict.BROKEN and not counts:
            pytest.xfail(f"{result.level}: {result.failures[0].message}")
        if result.verdict is Verdict.BROKEN:
            raise _BrokenClauseError(_explained(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the finding alone: the traceback would show the verifier, not the server."""
        if isinstance(excinfo.value, _BrokenClauseError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return what stands above a failure."""
        return self.path, None, f"{self.clause.id}: {self.clause.sentence}"


def _explained(result: ClauseResult) -> str:
    clause = result.clause
    lines = [f"{clause.level} {clause.sentence}", f"Source: {clause.source}"]
    for failure in result.failures:
        lines += ["", failure.message, *(f"  {line}" for line in failure.reproduction.splitlines())]
    return "\n".join(lines)
