"""Authentication: `Authorization: Key <API key>` on every operation.

What these clauses say of cancelling is checked by `cancel`, as that needs leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from ..api.pages import cursor_of
from ..judging.probe import NotExercised, Probe
from ..judging.registry import MUST, SHOULD, clause
from ..wire.exchange import NO_KEY, RIGHT_KEY, Exchange, Request

_EVIDENCE = "Evidence, everywhere: header `Authorization: Key <API key>`"
_WRONG = ("Key sutro-verify-no-such-key",)
_ALSO_WRONG = "Key sutro-verify-no-key-either"
_ALMOST = {
    "the key and another word": "Key $SUTRO_API_KEY sutro-verify",
    "the key without its first character": "Key ${SUTRO_API_KEY#?}",
    "the key and a colon": "Key $SUTRO_API_KEY:",
    "the key in single quotes": "Key '$SUTRO_API_KEY'",
    "a list that begins with the key": "Key $SUTRO_API_KEY, Bearer sutro-verify",
    "a list that ends with the key": "Key sutro-verify, Key $SUTRO_API_KEY",
}


def every_read(probe: Probe, *authorization: str) -> Iterator[Exchange]:
    """Send each reading operation, on a real job where there is one."""
    yield probe.list_jobs(key=authorization)
    yield probe.list_jobs(key=authorization, limit=1)
    cursor = probe.remember("a cursor", lambda: cursor_of(probe.list_jobs(limit=1)))
    if cursor is not None:
        yield probe.list_jobs(key=authorization, limit=1, cursor=cursor)
    for job in probe.account.ids()[:1]:
        yield probe.status(job, key=authorization)
    for target in (probe.account.succeeded(1) or probe.account.jobs)[:1]:
        yield probe.results(target["job_id"], key=authorization)
        yield probe.results(target["job_id"], "csv", key=authorization)
        yield probe.results(target["job_id"], "parquet", key=authorization, include_inputs=True)


def _expect_refusals(probe: Probe, what: str, *authorization: str) -> None:
    for exchange in every_read(probe, *authorization):
        method, path = exchange.request.method, exchange.request.path
        probe.expect(
            exchange.is_refusal,
            f"{method} {path} with {what} is answered {exchange.status}.",
            exchange,
        )


@clause(
    "AUTH-01",
    MUST,
    "A request without an Authorization header is refused on every operation.",
    source=_EVIDENCE,
)
def no_key(probe: Probe) -> None:
    """Jobs hold customers' data, and an operation that forgets the check gives it to anyone.

    Violation: `GET /job-status/{job_id}` without the header is answered 200.
    """
    _expect_refusals(probe, "no Authorization header", *NO_KEY)
    names = ("X-Forwarded-For", "X-Real-IP", "X-Original-Remote-Addr")
    headers = tuple((name, "127.0.0.1") for name in names)
    exchange = probe.send(Request("GET", "/list-jobs", (), NO_KEY, headers))
    message = f"The address 127.0.0.1 instead of a key is answered {exchange.status}."
    probe.expect(exchange.is_refusal, message, exchange)


@clause(
    "AUTH-02",
    MUST,
    "An empty Authorization header, or a scheme without a key, is refused on every operation.",
    source=_EVIDENCE,
)
def empty_key(probe: Probe) -> None:
    """An empty key compares equal to an unset one in careless code.

    Violation: `Authorization: Key` without a key is answered 200.
    """
    _expect_refusals(probe, "an empty Authorization header", "")
    _expect_refusals(probe, "a scheme and no key", "Key")


@clause(
    "AUTH-03",
    MUST,
    "A key that is not exactly a valid one is refused on every operation.",
    source=_EVIDENCE + "; the key belongs to one deployment",
)
def wrong_key(probe: Probe) -> None:
    """Keys made up, cut short, lengthened or changed in one character are all wrong.

    Violation: any key at all, or any that begins like the right one, lists the jobs.
    """
    other_end = "X" if not probe.target.api_key.endswith("X") else "Y"
    _expect_refusals(probe, "a made-up key", *_WRONG)
    _expect_refusals(probe, "the key without its last character", "Key ${SUTRO_API_KEY%?}")
    if probe.target.api_key.swapcase() != probe.target.api_key:
        _expect_refusals(probe, "the key in the other case", "Key ${SUTRO_API_KEY~~}")
    _expect_refusals(probe, "a key outside ASCII", "Key sutro-verify-schlüssel")
    _expect_refusals(probe, "the key and one character more", "Key ${SUTRO_API_KEY}x")
    _expect_refusals(
        probe, "the key with another last character", "Key ${SUTRO_API_KEY%?}" + other_end
    )
    for what, value in _ALMOST.items():
        exchange = probe.list_jobs(key=(value,), limit=1)
        message = f"The list with {what} is answered {exchange.status}."
        probe.expect(exchange.is_refusal, message, exchange)


@clause(
    "AUTH-04",
    MUST,
    "The right key under another scheme, such as Bearer, is refused on every operation.",
    source="Evidence, everywhere: `Key`, not `Bearer`; RFC 9110, section 11.1",
    rests_on=["AUTH-01", "AUTH-03"],
)
def other_scheme(probe: Probe) -> None:
    """A scheme says how to read the credentials; one that was not offered means nothing.

    Violation: `Authorization: Bearer <API key>` is answered 200.
    """
    for scheme in ("Bearer", "Token", "Kay", "Keys"):
        _expect_refusals(probe, f"the scheme {scheme}", f"{scheme} $SUTRO_API_KEY")


@clause(
    "AUTH-05",
    MUST,
    "The right key without a scheme is refused on every operation.",
    source=_EVIDENCE + "; RFC 9110, section 11.4: credentials begin with a scheme",
    rests_on=["AUTH-01", "AUTH-03"],
)
def no_scheme(probe: Probe) -> None:
    """What follows the header's name is a scheme; a bare key in its place is malformed.

    Violation: `Authorization: <API key>` is answered 200.
    """
    _expect_refusals(probe, "the key and no scheme", "$SUTRO_API_KEY")
    _expect_refusals(probe, "scheme and key in one word", "Key$SUTRO_API_KEY")


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
    for exchange in every_read(probe, *_WRONG):
        _expect_status(probe, exchange, "a wrong key", {401, 403})
    for exchange in every_read(probe, *NO_KEY):
        _expect_status(probe, exchange, "no key", {400, 401, 403, 422})
    for exchange in every_read(probe, "Key"):
        _expect_status(probe, exchange, "a scheme and no key", {400, 401, 403, 422})
    probe.seen(f"a wrong key is answered {probe.list_jobs(key=_WRONG).status}")


def _expect_status(probe: Probe, exchange: Exchange, what: str, allowed: set[int]) -> None:
    path = exchange.request.path
    probe.expect(
        exchange.status in allowed,
        f"GET {path} with {what} is answered {exchange.status}.",
        exchange,
    )


@clause(
    "AUTH-07",
    MUST,
    "Two Authorization headers give no more than one of them would give alone.",
    source="RFC 9110, section 5.3: the field can't be repeated",
    rests_on=["AUTH-03"],
)
def two_headers(probe: Probe) -> None:
    """Proxies and servers that pick different ones of two headers open a way around the check.
    A right key beside a wrong one may be taken or refused.

    Violation: two wrong keys are answered 200, or a right and a wrong one 500.
    """
    for alone in every_read(probe, *_WRONG):
        if alone.is_refusal:
            both = attrs.evolve(alone.request, authorization=(*_WRONG, _ALSO_WRONG))
            exchange = probe.send(both)
            message = f"Two wrong keys are answered {exchange.status}."
            probe.expect(exchange.is_refusal, message, alone, exchange)
    for pair in ((*RIGHT_KEY, *_WRONG), (*_WRONG, *RIGHT_KEY)):
        exchange = probe.list_jobs(key=pair)
        fine = exchange.is_refusal or exchange.status == 200
        probe.expect(fine, f"A right and a wrong key are answered {exchange.status}.", exchange)
        order = "right, wrong" if pair[:1] == RIGHT_KEY else "wrong, right"
        probe.seen(f"two keys ({order}) are answered {exchange.status}")


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
        probe.expect(
            exchange.is_success, f"The scheme `{scheme}` is answered {exchange.status}.", exchange
        )


@clause(
    "AUTH-09",
    SHOULD,
    "A 401 says in WWW-Authenticate that the scheme `Key` is wanted.",
    source="RFC 9110, section 15.5.2",
)
def challenge(probe: Probe) -> None:
    """HTTP demands the header of every 401. It stands here as SHOULD because the evidence shows no
    answer of the service to a wrong key, and clients of this API don't read it.

    Violation: a 401 without the header, or with `Bearer` in it.
    """
    refused = [*every_read(probe, *_WRONG), *every_read(probe, *NO_KEY)]
    for exchange in refused:
        if exchange.status == 401:
            value = exchange.header("www-authenticate") or ""
            schemes = {word.lower() for word in re.split(r"[\s,]+", value)}
            probe.expect("key" in schemes, f"A 401 has WWW-Authenticate: {value!r}.", exchange)
    if not any(exchange.status == 401 for exchange in refused):
        raise NotExercised("a server that refuses keys with 401")


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
        exchange = probe.list_jobs(key=_WRONG, limit=limit)
        message = f"A wrong key with a wrong limit is answered {exchange.status}."
        probe.expect(exchange.status in (401, 403), message, exchange)
    exchange = probe.status(probe.account.unknown_id(), key=_WRONG)
    probe.expect(
        exchange.status in (401, 403),
        f"A wrong key on an unknown job is answered {exchange.status}.",
        exchange,
    )


@clause(
    "AUTH-11",
    MUST,
    "A cookie does not stand in for the key.",
    source=_EVIDENCE,
    rests_on=["AUTH-01"],
)
def cookies(probe: Probe) -> None:
    """Browsers send cookies along with what any page asks them to send.

    Violation: the list sets a cookie, and gives the jobs to whoever sends it, without a key.
    """
    for answer in every_read(probe, *RIGHT_KEY):
        given = [value for name, value in answer.headers if name.lower() == "set-cookie"]
        probe.seen(f"{answer.request.path.split('/')[1]} sets {len(given) or 'no'} cookies")
        pairs = "; ".join(value.partition(";")[0] for value in given)
        headers = (("Cookie", pairs),) if pairs else ()
        alone = attrs.evolve(answer.request, authorization=NO_KEY, headers=headers)
        exchange = probe.send(alone)
        message = f"A request with a cookie and no key is answered {exchange.status}."
        probe.expect(exchange.is_refusal, message, answer, exchange)
