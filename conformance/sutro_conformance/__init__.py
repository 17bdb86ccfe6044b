"""Verifier: does a server keep the contract of the Sutro jobs API?

```python
from sutro_conformance import Target, verify

report = verify(Target(url="https://deployment.example/v1", api_key="sk_live_…"))
print(report.exit_status, [result.id for result in report.broken])
```

`Target(app=…)` takes an ASGI or WSGI application in this process instead of a URL.
"""

# Names load when they are used: the pytest plugin is imported by every pytest run.
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .clauses import all_clauses as all_clauses
    from .judging.clause import Clause as Clause
    from .judging.clause import Level as Level
    from .judging.report import ClauseResult as ClauseResult
    from .judging.report import Failure as Failure
    from .judging.report import Outcome as Outcome
    from .judging.report import Report as Report
    from .judging.report import Verdict as Verdict
    from .run import verify as verify
    from .settings import Settings as Settings
    from .wire.errors import CouldNotRunError as CouldNotRunError
    from .wire.target import Edition as Edition
    from .wire.target import Profile as Profile
    from .wire.target import Target as Target

_HOMES = {
    "clauses": ("all_clauses",),
    "judging.clause": ("Clause", "Level"),
    "judging.report": ("ClauseResult", "Failure", "Outcome", "Report", "Verdict"),
    "run": ("verify",),
    "settings": ("Settings",),
    "wire.errors": ("CouldNotRunError",),
    "wire.target": ("Edition", "Profile", "Target"),
}

__all__ = [
    "Clause",
    "ClauseResult",
    "CouldNotRunError",
    "Edition",
    "Failure",
    "Level",
    "Outcome",
    "Profile",
    "Report",
    "Settings",
    "Target",
    "Verdict",
    "all_clauses",
    "verify",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
