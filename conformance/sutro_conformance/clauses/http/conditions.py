"""Parts, conditions and tags: HTTP-11 to -13."""

from __future__ import annotations

import attrs

from ...api.requests import results_path
from ...judging.clause import MUST, Phase, clause
from ...judging.probe import Probe
from ...scenarios.reads import unchanging
from ...scenarios.results import SUCCEEDED
from ...wire.exchange import NO_KEY, Request


@clause(
    "HTTP-11",
    MUST,
    "A part answered with 206 is exactly the part that `Content-Range` names.",
    source="RFC 9110, sections 13.1.5, 14.4, 15.3.7 and 15.5.17",
    needs=SUCCEEDED,
)
def ranges(probe: Probe) -> None:
    """Interrupted downloads go on where they broke off, and a wrong part gives a broken file.
    Parts need the key as the whole does, and `If-Range` with another tag gives the whole.

    Violation: `Range: bytes=4-7` gives bytes 5 to 8.
    """
    for job in probe.require(probe.account.succeeded(1), SUCCEEDED):
        request = Request("GET", results_path(job["job_id"]), ((probe.format_name, "parquet"),))
        whole = probe.send(request)
        size = len(whole.body)
        if whole.status != 200 or size < 16:
            continue
        for asked, first, last in (("0-3", 0, 3), ("4-11", 4, 11), ("-4", size - 4, size - 1)):
            headers = (("Range", f"bytes={asked}"),)
            part = probe.send(Request("GET", request.path, request.query, headers=headers))
            probe.note(f"a Range request is answered {part.status}")
            if part.status == 206:
                wanted = f"bytes {first}-{last}/{size}"
                given = part.header("content-range")
                probe.expect(given == wanted, f"bytes={asked} gives {given!r}.", whole, part)
                fine = part.body == whole.body[first : last + 1]
                probe.expect(fine, f"bytes={asked} gives other bytes.", whole, part)
                _expect_careful(probe, part.request, size)
    probe.require_offer(probe.checks, "Range requests for results")


def _expect_careful(probe: Probe, request: Request, size: int) -> None:
    """Expect a server that gives parts not to give them to strangers, nor parts that are not."""
    stranger = probe.send(attrs.evolve(request, authorization=NO_KEY))
    probe.expect_refusal(stranger, "A Range request without a key")
    changed = (*request.headers, ("If-Range", '"sutro-verify-no-such-tag"'))
    whole = probe.send(attrs.evolve(request, headers=changed))
    probe.expect_status(whole, "Range with an unknown tag in `If-Range`", 200)
    beyond = probe.send(attrs.evolve(request, headers=(("Range", f"bytes={size + 9}-"),)))
    probe.expect_status(beyond, "A range beyond the end", 200, 416)


@clause(
    "HTTP-12",
    MUST,
    "304 is the answer to a known `ETag` or a time of no earlier change only.",
    source="RFC 9110, sections 13.1.2, 13.1.3 and 15.4.5",
)
def conditional(probe: Probe) -> None:
    """A client that is told that nothing changed keeps what it has.

    Violation: `If-None-Match` with an unknown tag is answered 304.
    """
    for request in unchanging(probe):
        plain = probe.send(request)
        tag = plain.header("etag")
        probe.note(f"{request.path.split('/')[1]} is sent {'with' if tag else 'without'} `ETag`")
        tags = [('"sutro-verify-no-such-tag"', {plain.status})]
        tags += [(tag, {plain.status, 304})] if tag else []
        for value, fine in tags:
            headers = (("If-None-Match", value),)
            answer = probe.send(Request("GET", request.path, request.query, headers=headers))
            probe.expect_status(answer, f"`If-None-Match: {value}`", *fine)
        headers = (("If-Modified-Since", "Thu, 01 Jan 1970 00:00:01 GMT"),)
        answer = probe.send(attrs.evolve(request, headers=headers))
        probe.expect_status(answer, "`If-Modified-Since` with a time in 1970", plain.status)


@clause(
    "HTTP-13",
    MUST,
    "A strong `ETag` stands for one document.",
    source="RFC 9110, section 8.8.1",
    rests_on=["LIFE-03"],
    phase=Phase.REVIEW,
)
def one_body_a_tag(probe: Probe) -> None:
    """Clients and caches that are told that the tag is still the same keep what they have. All
    answers of the run are compared; a server that sends no tags keeps this clause.

    Violation: the tag of a status is made from the job's ID, and stays when the job has ended.
    """
    tags = probe.run.tags
    for first, other in tags.conflicts:
        message = f"`ETag: {first.header('etag')}` of {first.request.target} stands for two."
        probe.expect(False, message, first, other)
    probe.note(f"{tags.count} answers with a strong `ETag`")
    probe.checks += 1
