"""What does not open the door: AUTH-01 to -05, -07 and -11.

What these clauses say of cancelling is checked by CANCEL-10, as that needs leave.
"""

from __future__ import annotations

import attrs

from ...judging.clause import MUST, clause
from ...judging.probe import Probe
from ...scenarios.reads import every_read
from ...wire.exchange import NO_KEY, RIGHT_KEY, WRONG_KEY, Request

_EVIDENCE = "Evidence, everywhere: header `Authorization: Key <API key>`"


_ALSO_WRONG = "Key sutro-verify-no-key-either"


_ALMOST = {
    "the key and another word": "Key $SUTRO_API_KEY sutro-verify",
    "the key without its first character": "Key ${SUTRO_API_KEY#?}",
    "the key and a colon": "Key $SUTRO_API_KEY:",
    "the key in single quotes": "Key '$SUTRO_API_KEY'",
    "a list that begins with the key": "Key $SUTRO_API_KEY, Bearer sutro-verify",
    "a list that ends with the key": "Key sutro-verify, Key $SUTRO_API_KEY",
}


def _expect_refusals(probe: Probe, what: str, *authorization: str) -> None:
    for exchange in probe.send_all(every_read(probe, *authorization)):
        probe.expect_refusal(exchange, f"GET {exchange.request.path} with {what}")


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
    probe.expect_refusal(exchange, "The address 127.0.0.1 instead of a key")


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
    _expect_refusals(probe, "a made-up key", *WRONG_KEY)
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
        probe.expect_refusal(exchange, f"The list with {what}")


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
    "AUTH-07",
    MUST,
    "Two Authorization headers give no more than one of them would give alone.",
    source="RFC 9110, section 5.3: the field cannot be repeated",
    rests_on=["AUTH-03"],
)
def two_headers(probe: Probe) -> None:
    """Proxies and servers that pick different ones of two headers open a way around the check.
    A right key beside a wrong one may be taken or refused.

    Violation: two wrong keys are answered 200, or a right and a wrong one 500.
    """
    for alone in probe.send_all(every_read(probe, *WRONG_KEY)):
        if alone.is_refusal:
            both = attrs.evolve(alone.request, authorization=(*WRONG_KEY, _ALSO_WRONG))
            probe.expect_refusal(
                probe.send(both), "A request with two wrong keys", shown_by=[alone]
            )
    for pair in ((*RIGHT_KEY, *WRONG_KEY), (*WRONG_KEY, *RIGHT_KEY)):
        exchange = probe.list_jobs(key=pair)
        probe.expect_answer(exchange, "A request with a right and a wrong key")
        order = "right, wrong" if pair[:1] == RIGHT_KEY else "wrong, right"
        probe.note(f"two keys ({order}) are answered {exchange.status}")


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
    for answer in probe.send_all(every_read(probe, *RIGHT_KEY)):
        given = [value for name, value in answer.headers if name.lower() == "set-cookie"]
        probe.note(f"{answer.request.path.split('/')[1]} sets {len(given) or 'no'} cookies")
        pairs = "; ".join(value.partition(";")[0] for value in given)
        headers = (("Cookie", pairs),) if pairs else ()
        alone = attrs.evolve(answer.request, authorization=NO_KEY, headers=headers)
        what = "A request with a cookie and no key"
        probe.expect_refusal(probe.send(alone), what, shown_by=[answer])
