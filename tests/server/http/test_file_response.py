"""Results as files over HTTP: ranges, versions, and HEAD."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

COUNTRIES = "/jobs/job-films-countries/results"


@given(start=st.integers(0, 30_000), length=st.integers(1, 30_000))
def test_a_range_is_that_part_of_the_file(demo: httpx.Client, start: int, length: int) -> None:
    query = {"format": "parquet"}
    whole = demo.get(COUNTRIES, params=query).content
    part = demo.get(
        COUNTRIES, params=query, headers={"Range": f"bytes={start}-{start + length - 1}"}
    )
    if start >= len(whole):
        assert part.status_code == 416
        assert part.headers["Content-Range"] == f"bytes */{len(whole)}"
    else:
        assert part.status_code == 206
        assert part.content == whole[start : start + length]


def test_a_range_of_another_version_gives_the_whole_file(demo: httpx.Client) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert demo.get(f"{COUNTRIES}?format=parquet", headers=headers).status_code == 200


def test_a_range_of_the_same_version_gives_the_part(demo: httpx.Client) -> None:
    etag = demo.head(f"{COUNTRIES}?format=parquet").headers["ETag"]
    headers = {"Range": "bytes=0-3", "If-Range": etag}
    part = demo.get(f"{COUNTRIES}?format=parquet", headers=headers)
    assert (part.status_code, part.content) == (206, b"PAR1")


@pytest.mark.parametrize(
    "ignored",
    ["bytes=5-1", "bytes=", "bytes=a-b", "lines=0-1", "bytes=0-1,5-1", "bytes", "bytes=--1", "0-1"],
)
def test_a_range_that_makes_no_sense_is_ignored(demo: httpx.Client, ignored: str) -> None:
    answer = demo.get(f"{COUNTRIES}?format=parquet", headers={"Range": ignored})
    assert (answer.status_code, answer.content[:4]) == (200, b"PAR1")


@pytest.mark.parametrize(
    ("wanted", "last"),
    [
        ("bytes=0-99999999999999999999999", None),
        ("bytes=-99999999999999999999999", None),
        ("Bytes=0-3", 4),
        ("bytes=0-3,,", 4),
        ("bytes=99999999-,0-3", 4),
    ],
)
def test_a_range_is_cut_to_what_there_is(demo: httpx.Client, wanted: str, last: int | None) -> None:
    whole = demo.get(f"{COUNTRIES}?format=parquet").content
    part = demo.get(f"{COUNTRIES}?format=parquet", headers={"Range": wanted})
    assert (part.status_code, part.content) == (206, whole[:last])


@pytest.mark.parametrize("outside", ["bytes=-0", "bytes=99999999-", "bytes=99999999-,99999990-"])
def test_a_range_outside_of_the_file_says_how_long_it_is(demo: httpx.Client, outside: str) -> None:
    whole = demo.get(f"{COUNTRIES}?format=parquet").content
    part = demo.get(f"{COUNTRIES}?format=parquet", headers={"Range": outside})
    assert (part.status_code, part.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")
    assert part.json()["detail"]
    assert part.headers["X-Request-ID"]


def test_several_ranges_come_in_parts(demo: httpx.Client) -> None:
    part = demo.get(f"{COUNTRIES}?format=parquet", headers={"Range": "bytes=0-3,-4"})
    assert part.status_code == 206
    assert part.headers["Content-Type"].startswith("multipart/byteranges; boundary=")
    assert part.content.count(b"PAR1") == 2


def test_a_range_of_an_answer_to_post_is_ignored(demo: httpx.Client) -> None:
    body = {"job_id": "job-films-countries"}
    answer = demo.post("/job-results", json=body, headers={"Range": "bytes=99999999-"})
    assert answer.status_code == 200


def test_a_known_version_is_not_sent_again(demo: httpx.Client) -> None:
    etag = demo.get(f"{COUNTRIES}?format=csv").headers["ETag"]
    again = demo.get(f"{COUNTRIES}?format=csv", headers={"If-None-Match": f'"x", W/{etag}'})
    assert (again.status_code, again.content) == (304, b"")


def test_head_says_what_get_would(demo: httpx.Client) -> None:
    plain = {"Accept-Encoding": "identity"}
    head, get = (
        demo.request(method, f"{COUNTRIES}?format=json", headers=plain)
        for method in ("HEAD", "GET")
    )
    assert head.content == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Accept-Ranges"):
        assert head.headers[name] == get.headers[name]
    assert int(get.headers["Content-Length"]) == len(get.content)


def test_each_choice_of_columns_has_its_own_version(demo: httpx.Client) -> None:
    queries = [
        {"format": form, "include_inputs": inputs, "include_cumulative_logprobs": logprobs}
        for form in ("json", "csv", "parquet")
        for inputs in (False, True)
        for logprobs in (False, True)
    ]
    tags = {demo.head(COUNTRIES, params=query).headers["ETag"] for query in queries}
    assert len(tags) == len(queries)
