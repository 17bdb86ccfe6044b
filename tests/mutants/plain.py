"""Plain schemathesis with all its checks and phases, for comparison."""

from urllib.parse import parse_qs, urlsplit

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.filters import HasAPIOperation

from sutro_contract import contract_path

from .accounts import KEY
from .server import ROUTES, Server

CONFIG = {
    "headers": {"Authorization": f"Key {KEY}"},
    "checks": {
        "enabled": True,
        # A made-up cursor is refused: without this line the right server is accused.
        "positive_data_acceptance": {"expected-statuses": ["2xx", 404, 409, 422]},
    },
    "phases": {name: {"enabled": True} for name in ("examples", "coverage", "fuzzing", "stateful")},
    "generation": {"mode": "all", "max-examples": 10, "database": "none", "no-shrink": True},
    "continue-on-failure": True,
    "cache": {"enabled": False},
    "workers": 1,
}

FORMATS = frozenset({"csv", "json", "parquet"})


def failed_checks(server: type[Server], seed: int) -> list[str]:
    """The names of the checks that fail on a server, sorted."""
    config = SchemathesisConfig.from_dict(CONFIG | {"seed": seed})
    schema = schemathesis.openapi.from_path(contract_path(), config=config).exclude(is_left_out)
    schema.config.update(base_url="http://mutant/v1")
    schema.app = server()
    failed: set[str] = set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            failed |= failures(event.recorder)
    return sorted(failed)


def is_left_out(context: HasAPIOperation) -> bool:
    """Whether an operation is one that servers may lack, and that these do."""
    operation = context.operation
    is_there = any(route.fullmatch(operation.path) for route in ROUTES.values())
    return bool(operation.definition.raw.get("x-optional")) and not is_there


def failures(recorder: ScenarioRecorder) -> set[str]:
    return {
        check.name
        for case, checks in recorder.checks.items()
        for check in checks
        if check.failure_info is not None
        and not is_false_alarm(check.name, recorder.interactions[case].request.uri)
    }


def is_false_alarm(check: str, uri: str) -> bool:
    """Whether a right server is accused of accepting a bad value that it has to ignore.

    That is any `cursor` without `limit`, and `result_format`, which only older editions read.
    """
    query = parse_qs(urlsplit(uri).query, keep_blank_values=True)
    lone_cursor = "cursor" in query and "limit" not in query
    return check == "negative_data_rejection" and (
        lone_cursor or not FORMATS.issuperset(query.get("result_format", []))
    )
