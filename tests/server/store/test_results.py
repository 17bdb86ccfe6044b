"""Results: their forms, columns, ranges and versions."""

import io
import zipfile

import httpx
import jsonschema
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

COUNTRIES = "/jobs/job-films-countries/results"


@pytest.fixture
def films() -> pl.DataFrame:
    from great_tables.data import films

    return pl.DataFrame(films)


def test_json_holds_outputs_in_the_order_of_the_rows(
    demo: httpx.Client, films: pl.DataFrame
) -> None:
    answer = demo.get("/jobs/job-films-countries/results?format=json").json()
    assert answer["outputs"] == films["countries_of_origin"].to_list()


def test_the_id_column_is_there_without_inputs(demo: httpx.Client) -> None:
    answer = demo.get(COUNTRIES, params={"format": "json"}).json()
    assert set(answer) == {"outputs", "imdb_id"}


def test_inputs_and_logprobs_come_when_asked_for(demo: httpx.Client) -> None:
    query: dict[str, str | bool] = {
        "format": "json",
        "include_inputs": True,
        "include_cumulative_logprobs": True,
    }
    answer = demo.get(COUNTRIES, params=query).json()
    assert set(answer) == {"outputs", "inputs", "cumulative_logprobs", "imdb_id"}
    assert {len(column) for column in answer.values()} == {1851}


@pytest.mark.parametrize("inputs", [False, True])
@pytest.mark.parametrize("logprobs", [False, True])
def test_all_forms_hold_the_same_rows(demo: httpx.Client, inputs: bool, logprobs: bool) -> None:
    query = {"include_inputs": inputs, "include_cumulative_logprobs": logprobs}
    json, archive, parquet = (
        demo.get(COUNTRIES, params={**query, "format": name}) for name in ("json", "csv", "parquet")
    )
    whole = pl.DataFrame(json.json())
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        (name,) = opened.namelist()
        table = pl.read_csv(opened.read(name)).rename({"job-films-countries": "outputs"})
    assert pl.read_parquet(io.BytesIO(parquet.content)).equals(whole)
    assert table.equals(whole)


def test_structured_outputs_follow_their_schema(demo: httpx.Client) -> None:
    jobs = demo.get("/list-jobs").json()["jobs"]
    schema = next(job for job in jobs if job["job_id"] == "job-films-structured")["json_schema"]
    answer = demo.get("/jobs/job-films-structured/results?format=json").json()
    decoded = pl.Series(answer["outputs"]).str.json_decode(
        pl.Struct(
            {
                "year": pl.Int64,
                "director": pl.String,
                "languages": pl.List(pl.String),
                "minutes": pl.Int64,
            }
        )
    )
    for facts in decoded.to_list():
        jsonschema.validate(facts, schema)


@pytest.mark.parametrize("job", ["failed", "cancelled", "running", "starting", "queued"])
def test_a_job_that_did_not_succeed_has_no_results(demo: httpx.Client, job: str) -> None:
    answer = demo.get(f"/jobs/job-films-{job}/results?format=parquet")
    assert answer.status_code == 409
    assert job.upper() in answer.json()["detail"]


@pytest.mark.parametrize("query", ["", "?format=xml", "?result_format=json", "?format="])
def test_the_form_has_to_be_named(demo: httpx.Client, query: str) -> None:
    assert demo.get(COUNTRIES + query).status_code == 422


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
