"""What wrong keys are answered: AUTH-06, and -08 to -10."""

from __future__ import annotations

import re

from ...judging.clause import MUST, SHOULD, clause
from ...judging.probe import Probe
from ...scenarios.reads import every_read
from ...wire.exchange import NO_KEY, WRONG_KEY


@clause(
    "AUTH-06",
    MUST,
    "A wrong key is refused with 401 or 403; a missing or malformed header with one of these, or"
    " 400 or 422.",
    source="RFC 9110, sections 15.5.2 and 15.5.4",
    rests_on=["AUTH-01", "AUTH-02", "AUTH-03"],
)
def refusal_status(probe: Probe) -> None:
    """Clients tell a wrong key from a missing job by the status. Validation may come first where
    the header is missing or malformed, as in FastAPI.

    Violation: a wrong key is answered 404, or 500.
    """
    _expect_statuses(probe, WRONG_KEY, "a wrong key", 401, 403)
    _expect_statuses(probe, NO_KEY, "no key", 400, 401, 403, 422)
    _expect_statuses(probe, ("Key",), "a scheme and no key", 400, 401, 403, 422)
    probe.note(f"a wrong key is answered {probe.list_jobs(key=WRONG_KEY).status}")


def _expect_statuses(probe: Probe, key: tuple[str, ...], what: str, *allowed: int) -> None:
    for exchange in probe.send_all(every_read(probe, *key)):
        probe.expect_status(exchange, f"GET {exchange.request.path} with {what}", *allowed)


@clause(
    "AUTH-08",
    SHOULD,
    "The name of the scheme is read without regard to case.",
    source="RFC 9110, section 11.1",
)
def case_of_scheme(probe: Probe) -> None:
    """HTTP libraries and proxies may change the case of a scheme.

    Violation: `Authorization: key <API key>` is answered 401.
    """
    for scheme in ("key", "KEY"):
        exchange = probe.list_jobs(key=(f"{scheme} $SUTRO_API_KEY",), limit=1)
        probe.expect_status(exchange, f"The scheme `{scheme}`", 200)


@clause(
    "AUTH-09",
    SHOULD,
    "A 401 says in WWW-Authenticate that the scheme `Key` is wanted.",
    source="RFC 9110, section 15.5.2",
)
def challenge(probe: Probe) -> None:
    """HTTP demands the header of every 401. It stands here as SHOULD because the evidence shows no
    answer of the service to a wrong key, and clients of this API do not read it.

    Violation: a 401 without the header, or with `Bearer` in it.
    """
    requests = [*every_read(probe, *WRONG_KEY), *every_read(probe, *NO_KEY)]
    refused = probe.send_all(requests)
    for exchange in refused:
        if exchange.status == 401:
            value = exchange.header("www-authenticate") or ""
            schemes = {word.lower() for word in re.split(r"[\s,]+", value)}
            probe.expect("key" in schemes, f"A 401 has WWW-Authenticate: {value!r}.", exchange)
    probe.require_offer(probe.checks, "401 as the answer to a wrong key")


@clause(
    "AUTH-10",
    SHOULD,
    "The key is checked before the parameters.",
    source="RFC 9110, section 15.5.2",
    rests_on=["AUTH-01", "AUTH-03", "AUTH-06"],
)
def key_first(probe: Probe) -> None:
    """Who has no key should learn nothing about parameters and jobs.

    Violation: `GET /list-jobs?limit=0` with a wrong key is answered 422 instead of 401.
    """
    for limit in (0, "ten"):
        exchange = probe.list_jobs(key=WRONG_KEY, limit=limit)
        probe.expect_status(exchange, "A wrong key with a wrong limit", 401, 403)
    exchange = probe.status(probe.unknown_id(), key=WRONG_KEY)
    probe.expect_status(exchange, "A wrong key on an unknown job", 401, 403)
