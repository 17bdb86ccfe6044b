"""Generated traffic: schemathesis from `openapi.yaml`, with our clauses as its checks.

Schemathesis talks to a relay, a WSGI application that hands requests to the session. So generated
traffic is guarded, paced, repeated and recorded like any other, and reaches applications in this
process too.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import attrs
import schemathesis
from schemathesis.engine import from_schema

import sutro_contract

from ..api.answers import cursor_of
from ..judging.probe import Probe
from ..wire.errors import NotAllowedError, OutOfTimeError, UnsendableError, UnstableError
from ..wire.exchange import Exchange, Request

_CHECK = "clauses_of_the_contract"
_SAFE = ("GET", "HEAD", "OPTIONS")


def fuzz(probe: Probe) -> None:
    """Send what schemathesis generates; observations judge the answers as they come."""
    relay = _Relay(probe)
    schema = schemathesis.openapi.from_dict(_document(probe), config=_config(probe))
    schema.app = relay
    events = from_schema(schema).execute()
    for _ in events:
        if relay.stopped is not None:
            events.stop()
    if relay.stopped is not None:
        raise relay.stopped


@attrs.define(eq=False)
class _Relay:
    """Passes safe requests on, with the right key and no other headers.

    What generated traffic must not do (other methods, other keys) is answered here: scripted
    clauses do it where it can do no harm.
    """

    probe: Probe
    latest: Exchange | None = None
    stopped: Exception | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.latest = None
        if environ["REQUEST_METHOD"] in _SAFE and self.stopped is None:
            self.latest = self._send(_request(environ))
        if self.latest is None:
            start_response("405 Method Not Allowed", [("Content-Type", "application/json")])
            return [b'{"detail": "Not sent."}']
        kept = ("content-type", "location")
        headers = [pair for pair in self.latest.headers if pair[0].lower() in kept]
        start_response(f"{self.latest.status} -", headers)
        return [self.latest.body]

    def _send(self, request: Request) -> Exchange | None:
        try:
            return self.probe.send(request)
        except (NotAllowedError, UnsendableError):
            return None
        except (OutOfTimeError, UnstableError) as failure:
            self.stopped = failure
            return None


def _request(environ: dict[str, Any]) -> Request:
    query = environ["QUERY_STRING"]
    pairs = tuple(parse_qsl(query, keep_blank_values=True, errors="replace"))
    path = environ["REQUEST_URI"].partition("?")[0]
    return Request(environ["REQUEST_METHOD"], path, pairs, raw_query=query)


def _judge(
    _: schemathesis.CheckContext, __: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    relay = case.operation.schema.app
    if isinstance(relay, _Relay) and relay.latest is not None:
        for problem in relay.probe.run.problems(relay.latest):
            raise AssertionError(problem)


_judge.__name__ = _CHECK
schemathesis.check(_judge)


def _document(probe: Probe) -> dict[str, Any]:
    """Return the contract of reads that every server has, with real IDs and cursors in it."""
    document: dict[str, Any] = copy.deepcopy(sutro_contract.load_contract())
    document["servers"] = [{"url": "/"}]
    document.pop("security", None)
    del document["paths"]["/job-cancel/{job_id}"]
    _drop_optional(document["paths"])
    listing = document["paths"]["/list-jobs"]["get"]
    _drop_dead_links(listing, document["paths"])
    ids = [job["job_id"] for job in probe.account.sample(12)]
    cursors = filter(None, [cursor_of(probe.list_jobs(limit=limit)) for limit in (1, 2, 5)])
    cursor = next(each for each in listing["parameters"] if each["name"] == "cursor")
    _offer(cursor["schema"], list(cursors))
    _offer(document["components"]["parameters"]["JobId"]["schema"], ids)
    return document


def _drop_optional(paths: dict[str, Any]) -> None:
    """Drop the operations that a server may lack."""
    for path, item in list(paths.items()):
        paths[path] = {
            method: operation
            for method, operation in item.items()
            if not operation.get("x-optional")
        }
        if not paths[path]:
            del paths[path]


def _drop_dead_links(listing: dict[str, Any], paths: dict[str, Any]) -> None:
    operations = {each["operationId"] for item in paths.values() for each in item.values()}
    answer = listing["responses"]["200"]
    answer["links"] = {
        name: link for name, link in answer["links"].items() if link["operationId"] in operations
    }


def _offer(schema: dict[str, Any], values: list[str]) -> None:
    if values:
        general = dict(schema)
        schema.clear()
        schema["anyOf"] = [{"enum": values}, general]


def _config(probe: Probe) -> schemathesis.Config:
    return schemathesis.Config.from_dict(
        {
            "seed": probe.settings.seed,
            "workers": 1,
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "warnings": False,
            "checks": {"enabled": False, _CHECK: {"enabled": True}},
            "generation": {
                "database": "none",
                "max-examples": 40,
                "unique-inputs": False,
            },
            "phases": {
                "examples": {"enabled": probe.settings.is_full},
                "coverage": {"enabled": True},
                "fuzzing": {"enabled": probe.settings.is_full},
                "stateful": {"enabled": probe.settings.is_full},
            },
        }
    )
