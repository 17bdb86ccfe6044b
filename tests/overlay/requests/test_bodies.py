"""Bodies: what they are decoded to, and how much of them is read."""

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sutro_jobs import (
    DecodingError,
    NotFoundError,
    ResponseTooLargeError,
    Sutro,
    SutroError,
    TruncatedError,
)
from sutro_jobs._requests.bounds.size import BodyError
from sutro_jobs._requests.responses.content_coding import decoder_for
from tests.support.clients import Connect
from tests.support.scripted_server import Request, Response, Script

STATUS = json.dumps({"job_status": {"job-1": "RUNNING"}}).encode()


def raw_deflate(data: bytes) -> bytes:
    compress = zlib.compressobj(wbits=-15)
    return compress.compress(data) + compress.flush()


def two_members(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:])


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZIP", gzip.compress),
    "two members": ("gzip", two_members),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "twice": ("deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
    "identity": ("identity", bytes),
    "not offered": ("aws-chunked", bytes),
}


def decoded(coding: str, body: bytes, size: int) -> list[bytes]:
    """Decode a body that arrives in pieces of so many bytes."""
    decoder = decoder_for(httpx.Headers({"Content-Encoding": coding}))
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    if decoder is None:
        return chunks
    pieces = [piece for chunk in chunks for piece in decoder.feed(chunk)]
    decoder.finish()
    return pieces


@pytest.mark.parametrize("name", CODINGS)
def test_answers_are_decoded(script: Script, connect: Connect, name: str) -> None:
    coding, encode = CODINGS[name]
    site = script(lambda _: Response(200, encode(STATUS), {"Content-Encoding": coding}))
    assert connect(site.url).get_job_status("job-1") == "RUNNING"


@pytest.mark.parametrize("name", ["gzip", "two members", "deflate", "raw deflate", "twice"])
@given(
    data=st.binary(max_size=200) | st.integers(0, 400_000).map(bytes),
    size=st.integers(1, 5_000),
)
def test_bodies_are_decoded_wherever_they_are_cut(name: str, data: bytes, size: int) -> None:
    coding, encode = CODINGS[name]
    pieces = decoded(coding, encode(data), size)
    assert b"".join(pieces) == data
    assert all(len(piece) <= 65_536 for piece in pieces)


@pytest.mark.parametrize("name", ["gzip", "deflate", "raw deflate", "twice"])
@given(share=st.floats(0.01, 0.99))
def test_a_body_that_was_cut_is_truncated(name: str, share: float) -> None:
    coding, encode = CODINGS[name]
    body = encode(STATUS * 10)
    with pytest.raises(BodyError) as caught:
        decoded(coding, body[: max(1, int(len(body) * share))], 7)
    assert caught.value.kind is TruncatedError


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@given(body=st.binary(min_size=1, max_size=300), size=st.integers(1, 50))
def test_any_bytes_are_decoded_or_an_error(coding: str, body: bytes, size: int) -> None:
    try:
        decoded(coding, body, size)
    except BodyError as error:
        assert error.kind in {TruncatedError, DecodingError}  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("coding", "body", "kind"),
    [
        ("gzip", b"{}", DecodingError),
        ("deflate", b"\xff\xff\xff", DecodingError),
        ("gzip", gzip.compress(STATUS) + b"more", DecodingError),
        ("gzip", gzip.compress(STATUS)[:-1], TruncatedError),
        (", ".join(["gzip"] * 4), gzip.compress(STATUS), DecodingError),
    ],
    # gzip holds the time: workers that collect in different seconds would disagree on the names.
    ids=["not gzip", "not deflate", "more after the end", "cut off", "gzip four times"],
)
def test_damaged_answers_are_errors(
    script: Script, connect: Connect, coding: str, body: bytes, kind: type[SutroError]
) -> None:
    site = script(lambda _: Response(200, body, {"Content-Encoding": coding}))
    with pytest.raises(kind, match="body"):
        connect(site.url, max_retries=0).get_job_status("job-1")


def test_an_error_whose_body_is_damaged_keeps_its_status(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response(404, b"{}", {"Content-Encoding": "gzip"}))
    with pytest.raises(NotFoundError):
        connect(site.url).get_job_status("job-1")


def bomb() -> bytes:
    """A gibibyte in a megabyte."""
    compress = zlib.compressobj(wbits=31)
    blanks = b" " * 2**20
    return b"".join([*(compress.compress(blanks) for _ in range(1024)), compress.flush()])


@pytest.fixture(scope="module")
def bomb_body() -> bytes:
    return bomb()


def test_an_answer_that_expands_without_end_is_not_read_to_its_end(
    script: Script, connect: Connect, bomb_body: bytes
) -> None:
    site = script(lambda _: Response(200, bomb_body, {"Content-Encoding": "gzip"}))
    client = connect(site.url)
    tracemalloc.start()
    with pytest.raises(ResponseTooLargeError, match="max_response_size"):
        client.get_job_status("job-1")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000
    assert len(site.requests) == 1


@pytest.mark.parametrize("status", [404, 500])
def test_nor_is_the_body_of_an_error(
    script: Script, connect: Connect, bomb_body: bytes, status: int
) -> None:
    site = script(lambda _: Response(status, bomb_body, {"Content-Encoding": "gzip"}))
    client = connect(site.url, max_retries=0)
    tracemalloc.start()
    with pytest.raises(SutroError) as caught:
        client.get_job_status("job-1")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.status_code == status
    assert peak < 20_000_000


def test_the_bound_of_small_answers_is_an_option(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response(200, STATUS + b" " * 1000))
    assert connect(site.url, max_response_size=2000).get_job_status("job-1") == "RUNNING"
    with pytest.raises(ResponseTooLargeError, match=r"500 bytes.*max_response_size"):
        connect(site.url, max_response_size=500).get_job_status("job-1")


@pytest.mark.parametrize("page_size", [None, 100])
def test_the_bound_of_lists_is_another(
    script: Script, connect: Connect, page_size: int | None
) -> None:
    jobs = [{"job_id": f"job-{n}", "status": "x", "name": "n" * 1000} for n in range(50)]
    site = script(lambda _: Response(body={"jobs": jobs, "next_cursor": None}))
    client = connect(site.url, max_response_size=100, max_list_size=100_000)
    assert len(list(client.list_jobs(page_size=page_size))) == 50
    with pytest.raises(ResponseTooLargeError, match="max_list_size"):
        list(connect(site.url, max_list_size=10_000).list_jobs(page_size=page_size))


def test_a_whole_list_beyond_the_bound_is_read_in_pages(script: Script) -> None:
    jobs = [{"job_id": f"job-{n}", "status": "x", "name": "n" * 1000} for n in range(450)]

    def answer(request: Request) -> Response:
        begin = int(request.query.get("cursor", ["0"])[0])
        if "limit" not in request.query:
            return Response(body={"jobs": jobs})
        more = str(begin + 100) if begin < 400 else None
        return Response(body={"jobs": jobs[begin : begin + 100], "next_cursor": more})

    site = script(answer)
    with Sutro(api_url=site.url, api_key="k", max_list_size=200_000) as client:
        assert len(client.list_jobs().to_list()) == 450
    assert len(site.requests) == 6


def test_a_client_of_the_user_offers_no_coding_without_a_bound(script: Script) -> None:
    site = script(lambda _: Response(200, STATUS))
    with httpx.Client(headers={"Accept-Encoding": "br, zstd"}) as own:
        Sutro(api_url=site.url, api_key="k", http_client=own).get_job_status("job-1")
    assert site.requests[0].headers["Accept-Encoding"] == "gzip, deflate"
