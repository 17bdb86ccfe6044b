"""The right server that all others are made from, seen from outside."""

import csv
import io
import zipfile
from collections.abc import Iterator

import httpx
import pyarrow.parquet as pq
import pytest

from ..support.asgi import asgi_server
from .accounts import KEY, SECOND_KEY
from .plain import failed_checks
from .server import Server


@pytest.fixture(scope="module")
def first() -> Iterator[httpx.Client]:
    with asgi_server(Server()) as address, client(address, KEY) as found:
        yield found


def client(address: str, key: str) -> httpx.Client:
    return httpx.Client(base_url=f"{address}/v1/", headers={"Authorization": f"Key {key}"})


def pages(account: httpx.Client, limit: int) -> Iterator[list[dict[str, object]]]:
    cursor: dict[str, str] = {}
    while True:
        page = account.get("list-jobs", params={"limit": limit, **cursor}).json()
        yield page["jobs"]
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize("limit", range(1, 23))
def test_pages_joined_are_the_whole_list(first: httpx.Client, limit: int) -> None:
    joined = [job for page in pages(first, limit) for job in page]
    assert joined == first.get("list-jobs").json()["jobs"]


def test_formats_hold_the_same_values(first: httpx.Client) -> None:
    jobs = first.get("list-jobs", params={"limit": 100}).json()["jobs"]
    job_id = next(job["job_id"] for job in jobs if job["name"] == "First")
    forms = {
        form: first.get(f"jobs/{job_id}/results", params={"format": form, "include_inputs": "true"})
        for form in ("json", "csv", "parquet")
    }
    wanted = forms["json"].json()
    archive = zipfile.ZipFile(io.BytesIO(forms["csv"].content))
    text = archive.read(archive.namelist()[0]).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row[job_id] for row in rows] == wanted["outputs"]
    assert pq.read_table(io.BytesIO(forms["parquet"].content)).to_pydict() == wanted


def test_another_account_is_out_of_reach() -> None:
    with (
        asgi_server(Server()) as address,
        client(address, KEY) as first,
        client(address, SECOND_KEY) as second,
    ):
        job = first.get("list-jobs", params={"limit": 1}).json()["jobs"][0]["job_id"]
        assert second.get(f"job-status/{job}").status_code == 404
        assert second.get(f"jobs/{job}/results", params={"format": "json"}).status_code == 404
        assert second.get(f"job-cancel/{job}").status_code == 404


def test_plain_schemathesis_finds_nothing() -> None:
    assert failed_checks(Server, seed=1) == []
