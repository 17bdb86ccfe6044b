"""Generated traffic: what schemathesis makes of `openapi.yaml`, with real IDs and cursors in it.

Schemathesis rehearses in front of a stand-in that answers at once, with real IDs and cursors. What
it would have sent goes out afterwards, side by side, guarded, paced and recorded like any other
request. So the same seed gives the same requests however fast the server is, and no answer reaches
the generator, where a hostile one could mislead or hang it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import attrs
import schemathesis
from schemathesis.engine import from_schema

import sutro_contract

from ..api.answers import cursor_of
from ..api.requests import LIST_PATH, parameters
from ..judging.probe import Probe, once_a_run
from ..wire.errors import NotAllowedError, OutOfTimeError, UnsendableError
from ..wire.exchange import Request
from .reads import first_cursor

_SAFE = ("GET", "HEAD", "OPTIONS")
_JOBS_OFFERED = 12


def fuzz(probe: Probe) -> None:
    """Send what schemathesis generates; observations judge the answers as they come."""
    skipped = (NotAllowedError, UnsendableError)
    for _ in probe.send_all(generated(probe), skipped=skipped):
        pass


def generate(probe: Probe) -> None:
    """Generate what `fuzz` sends, beforehand."""
    generated(probe)


@once_a_run
def generated(probe: Probe) -> list[Request]:
    """Return what schemathesis would send, each request once."""
    stand_in = _StandIn(_page(probe), probe.account.is_large)
    schema = schemathesis.openapi.from_dict(_document(probe), config=_config(probe))
    schema.app = stand_in
    events = from_schema(schema).execute()
    for _ in events:
        if probe.run.session.pace.remaining <= 0:
            events.stop()
            raise OutOfTimeError
    return list(stand_in.asked)


@attrs.define(eq=False)
class _StandIn:
    """Takes note of safe requests, and answers them with jobs that the server has.

    What generated traffic must not do (other methods, other keys) is not sent: scripted clauses do
    it where it can do no harm. Neither are requests for the whole list, where it is long.
    """

    page: bytes
    spares_whole_lists: bool
    asked: dict[Request, None] = attrs.field(factory=dict)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if environ["REQUEST_METHOD"] not in _SAFE:
            start_response("405 Method Not Allowed", [("Content-Type", "application/json")])
            return [b"{}"]
        request = _request(environ)
        is_whole = request.operation == "list" and not request.values("limit")
        if not (is_whole and self.spares_whole_lists):
            self.asked[request] = None
        start_response("200 OK", [("Content-Type", "application/json")])
        return [self._answer(request)]

    def _answer(self, request: Request) -> bytes:
        if request.operation == "list":
            return self.page
        status = {"message": "", "job_status": {request.job_id: "SUCCEEDED"}, "metadata": None}
        return json.dumps(status if request.operation == "status" else {"outputs": []}).encode()


def _page(probe: Probe) -> bytes:
    """Return a page of real jobs, in which links find IDs and a cursor."""
    jobs = [{"job_id": job["job_id"]} for job in probe.account.sample(5)]
    return json.dumps({"jobs": jobs, "next_cursor": first_cursor(probe)}).encode()


def _request(environ: dict[str, Any]) -> Request:
    query = environ["QUERY_STRING"]
    pairs = tuple(parse_qsl(query, keep_blank_values=True, errors="replace"))
    path = environ["REQUEST_URI"].partition("?")[0]
    return Request(environ["REQUEST_METHOD"], path, pairs, raw_query=query)


def _document(probe: Probe) -> dict[str, Any]:
    """Return the contract of reads that every server has, with real IDs and cursors in it."""
    document: dict[str, Any] = copy.deepcopy(sutro_contract.load_contract())
    document["servers"] = [{"url": "/"}]
    document.pop("security", None)
    del document["paths"]["/job-cancel/{job_id}"]
    _drop_optional(document["paths"])
    listing = document["paths"]["/list-jobs"]["get"]
    _drop_dead_links(listing, document["paths"])
    ids = [job["job_id"] for job in probe.account.sample(_JOBS_OFFERED)]
    pages = probe.send_all(
        Request("GET", LIST_PATH, parameters({"limit": limit})) for limit in (1, 2, 5)
    )
    cursors = filter(None, map(cursor_of, pages))
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
            # Clauses judge the answers of the server; those of the stand-in are right.
            "checks": {"enabled": False},
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
