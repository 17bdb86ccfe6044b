"""JSON answers are compressed for clients that ask."""

import asyncio
import gzip
import json
import zlib

import httpx
import pytest
from backports import zstd
from backports.zstd import ZstdDecompressor
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from sutro_server.http.compression import Compression, choose_encoding

LIST = "/list-jobs?limit=100"
RESULTS = "/jobs/job-films-countries/results?format=json"


def raw(
    client: httpx.Client, path: str, encoding: str, **headers: str
) -> tuple[httpx.Response, bytes]:
    """Ask for an encoding; return the answer and the bytes that were sent."""
    fields = {"Accept-Encoding": encoding, **headers}
    with client.stream("GET", path, headers=fields) as answer:
        return answer, b"".join(answer.iter_raw())


def decode(encoding: str, body: bytes) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    return zstd.decompress(body)


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
@pytest.mark.parametrize("path", [LIST, "/list-jobs", RESULTS])
def test_json_says_the_same_in_fewer_bytes(demo: httpx.Client, path: str, encoding: str) -> None:
    plain, expected = raw(demo, path, "identity")
    answer, body = raw(demo, path, encoding)
    assert "Content-Encoding" not in plain.headers
    assert answer.headers["Content-Encoding"] == encoding
    assert plain.headers["Vary"] == answer.headers["Vary"] == "Accept-Encoding"
    assert json.loads(decode(encoding, body))
    assert len(body) < len(expected) / 2
    if "cursor" not in path:
        assert json.loads(decode(encoding, body)) == json.loads(expected)


def test_short_answers_and_files_stay_as_they_are(demo: httpx.Client) -> None:
    for path in ("/job-status/job-films-countries", "/jobs/none", "/"):
        assert "Content-Encoding" not in raw(demo, path, "gzip")[0].headers
    for name in ("csv", "parquet"):
        answer, _ = raw(demo, f"/jobs/job-films-countries/results?format={name}", "gzip")
        assert "Content-Encoding" not in answer.headers
        assert "Vary" not in answer.headers


def test_the_tag_of_compressed_results_is_weak(demo: httpx.Client) -> None:
    plain, _ = raw(demo, RESULTS, "identity")
    answer, _ = raw(demo, RESULTS, "gzip")
    assert answer.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert "Accept-Ranges" not in answer.headers
    known = {"If-None-Match": answer.headers["ETag"]}
    assert raw(demo, RESULTS, "gzip", **known)[0].status_code == 304


def test_a_range_is_never_compressed(demo: httpx.Client) -> None:
    _, whole = raw(demo, RESULTS, "identity")
    answer, part = raw(demo, RESULTS, "gzip", Range="bytes=10-5009")
    assert (answer.status_code, part) == (206, whole[10:5010])
    assert "Content-Encoding" not in answer.headers


def test_head_says_what_get_would_of_a_compressed_answer(demo: httpx.Client) -> None:
    fields = {"Accept-Encoding": "gzip"}
    for path in (LIST, RESULTS):
        head, (get, _) = demo.head(path, headers=fields), raw(demo, path, "gzip")
        for name in ("Content-Encoding", "Vary", "ETag", "Content-Type"):
            assert head.headers.get(name) == get.headers.get(name)
        length = head.headers.get("Content-Length")
        assert length in (None, get.headers.get("Content-Length"))


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_each_piece_of_a_slow_answer_can_be_read_as_it_comes(encoding: str) -> None:
    pieces = [b'{"message":"Jobs","jobs":[', b'{"job_id":"a"}', b"]}"]
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, piece in enumerate(pieces, start=1):
            await send({"type": "http.response.body", "body": piece, "more_body": number < 3})
            assert decoder.decompress(sent[-1]["body"]) == piece

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing reads the request")

    decoder = zlib.decompressobj(wbits=31) if encoding == "gzip" else ZstdDecompressor()
    scope = {"type": "http", "method": "GET", "headers": [(b"accept-encoding", encoding.encode())]}
    asyncio.run(Compression(app)(scope, receive, send))
    assert len(sent) == 4


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ([], None),
        (["gzip"], "gzip"),
        (["gzip, deflate"], "gzip"),
        (["gzip, zstd"], "zstd"),
        (["gzip", "zstd"], "zstd"),
        (["zstd;q=0.5, gzip"], "gzip"),
        (["zstd;q=0, gzip;q=0"], None),
        (["GZIP"], "gzip"),
        (["*"], "zstd"),
        (["*;q=0"], None),
        (["zstd;q=0, *"], "gzip"),
        (["identity, gzip;q=0.5"], None),
        (["gzip;q=oops"], None),
        (["br, deflate"], None),
        (["identity;q=0, gzip"], "gzip"),
    ],
)
def test_the_encoding_is_the_one_that_the_client_likes_best(
    accepted: list[str], chosen: str | None
) -> None:
    headers = Headers(raw=[(b"accept-encoding", value.encode()) for value in accepted])
    assert choose_encoding(headers) == chosen


@given(value=st.text(st.characters(max_codepoint=255)))
def test_any_field_has_an_answer(value: str) -> None:
    headers = Headers(raw=[(b"accept-encoding", value.encode("latin-1"))])
    assert choose_encoding(headers) in (None, "gzip", "zstd")
