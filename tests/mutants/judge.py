"""What the verifier says about a mutant."""

import time
from contextlib import ExitStack
from dataclasses import dataclass

from sutro_conformance import Report, Settings, Target, verify

from ..support.asgi import asgi_server
from .accounts import KEY, SECOND_KEY
from .catalogue import Mutant


@dataclass(frozen=True)
class Outcome:
    """The verdict on one mutant; `broken` are IDs of clauses, the first named first."""

    name: str
    profile: str
    exit_status: int
    broken: tuple[str, ...]
    musts: frozenset[str]
    messages: tuple[str, ...]
    seconds: float
    undecided: tuple[str, ...] = ()
    share: float = 1.0

    @property
    def is_alarm(self) -> bool:
        """Whether a server is called wrong, or the verifier leaves a clause undecided."""
        return self.exit_status in (1, 2) or bool(self.undecided)

    @property
    def first(self) -> str:
        return self.broken[0] if self.broken else ""


def report_on(mutant: Mutant, seed: int, profile: str) -> Report:
    """The verifier's report, with leave to cancel anything."""
    server = mutant.server()
    settings = Settings(seed=seed, profile=profile, time_budget=300)
    with ExitStack() as stack:
        on_network = server.needs_network
        target = Target(
            url=f"{stack.enter_context(asgi_server(server))}/v1" if on_network else None,
            app=None if on_network else server,
            api_key=KEY,
            second_api_key=SECOND_KEY,
            allow_cancel_any=True,
        )
        return verify(target, settings)


def judge(mutant: Mutant, seed: int = 0, profile: str = "full") -> Outcome:
    started = time.monotonic()
    report = report_on(mutant, seed, profile)
    return Outcome(
        name=mutant.name,
        profile=profile,
        exit_status=report.exit_status,
        broken=tuple(result.id for result in report.broken),
        musts=frozenset(result.id for result in report.broken if result.level == "MUST"),
        messages=tuple(r.failures[0].message for r in report.broken if r.failures),
        seconds=time.monotonic() - started,
        undecided=tuple(r.id for r in report.results if r.verdict in ("unstable", "error")),
        share=report.judged_share,
    )
