"""The two shapes of a list: LIST-01 and -02."""

from __future__ import annotations

import re

from ...api.answers import is_list
from ...judging.clause import MUST, Ruling, clause
from ...judging.probe import Probe
from ...wire.exchange import Exchange
from ...wire.target import Edition
from .entries import PAGE, ask_for_limits


def _is_paginated(exchange: Exchange) -> bool:
    return bool(exchange.request.values("limit"))


@clause(
    "LIST-01",
    MUST,
    "Without `limit` the answer has a text `message` and `jobs`, and no `next_cursor`.",
    source=PAGE + ", response without pagination",
    rests_on=["HTTP-02"],
)
def whole_list(exchange: Exchange, _: Edition) -> Ruling:
    """The presence of `next_cursor` is how clients know that they are paging.

    Violation: the answer to `GET /list-jobs` has `next_cursor`, or no `message`.
    """
    if not is_list(exchange) or _is_paginated(exchange):
        return None
    return _shape(exchange, "message", "next_cursor") or True


@clause(
    "LIST-02",
    MUST,
    "With `limit` the answer has `jobs` and `next_cursor`, a text or null, and no `message`.",
    source=PAGE + ", response with pagination",
    rests_on=["HTTP-02"],
)
def one_page(exchange: Exchange, _: Edition) -> Ruling:
    """Clients read `next_cursor` without asking whether it is there, and stop at null.

    Violation: the last page leaves `next_cursor` out instead of giving null.
    """
    limits = exchange.request.values("limit")
    if not is_list(exchange) or not (len(limits) == 1 and re.fullmatch(r"[1-9]\d?|100", limits[0])):
        return None
    return _shape(exchange, "next_cursor", "message") or True


def _shape(exchange: Exchange, wanted: str, unwanted: str) -> str | None:
    answer = exchange.fields
    if not isinstance(answer.get("jobs"), list):
        return "The answer has no array `jobs`."
    if wanted not in answer:
        return f"The answer has no `{wanted}`."
    if unwanted in answer:
        return f"The answer has `{unwanted}`."
    value = answer[wanted]
    if not isinstance(value, str) and not (wanted == "next_cursor" and value is None):
        return f"`{wanted}` is {value!r}."
    if value == "" and wanted == "next_cursor":
        return "`next_cursor` is an empty text, where null ends the list."
    return None


@whole_list.exercise
def read_list(probe: Probe) -> None:
    """Read the whole list."""
    probe.expect_status(probe.account.first_listing, "The list", 200)


@one_page.exercise
def read_page(probe: Probe) -> None:
    """Read first pages."""
    ask_for_limits(probe, 1, 3, 100)
