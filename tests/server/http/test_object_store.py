"""The object store that presigned URLs lead to."""

from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.server.conftest import AddJob
from tests.support.reference_server import Server, StartServer

JOB = "job-films-countries"
Urls = dict[str, str]


@pytest.fixture(scope="module")
def urls(server: Server) -> Urls:
    """Presigned URLs of a job's results."""
    answer = httpx.get(f"{server.url}/jobs/{JOB}/results-url", headers=server.headers)
    found: Urls = answer.json()["urls"]
    return found


@pytest.fixture(scope="module")
def content(urls: Urls) -> bytes:
    return httpx.get(urls["get"]).content


def test_it_is_another_origin_than_the_api(server: Server, urls: Urls) -> None:
    api, files = urlsplit(server.url), urlsplit(urls["get"])
    assert (api.hostname, api.port) != (files.hostname, files.port)
    at_api = httpx.get(urls["get"].replace(files.netloc, api.netloc))
    assert at_api.status_code == 404
    at_files = httpx.get(f"http://{files.netloc}/list-jobs", headers=server.headers)
    assert at_files.status_code == 404


def test_head_says_what_get_would(urls: Urls, content: bytes) -> None:
    head, get = httpx.head(urls["head"]), httpx.get(urls["get"])
    assert head.content == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Accept-Ranges"):
        assert head.headers[name] == get.headers[name]
    assert int(head.headers["Content-Length"]) == len(content)


@pytest.mark.parametrize(("method", "url"), [("HEAD", "get"), ("GET", "head")])
def test_a_url_is_good_for_its_own_method_only(urls: Urls, method: str, url: str) -> None:
    assert httpx.request(method, urls[url]).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_other_methods_are_not_allowed(urls: Urls, method: str) -> None:
    assert httpx.request(method, urls["get"]).status_code == 405


@pytest.mark.parametrize("scheme", ["Key demo-key", "Bearer x", ""])
def test_a_second_credential_is_refused(urls: Urls, scheme: str) -> None:
    answer = httpx.get(urls["get"], headers={"Authorization": scheme})
    assert answer.status_code == 400
    assert "<Code>InvalidArgument</Code>" in answer.text


@given(data=st.data())
def test_an_altered_url_is_refused(urls: Urls, data: st.DataObject) -> None:
    origin, query = urls["get"].split("/sutro-results/")[0], urls["get"].split("/sutro-results/")[1]
    place = data.draw(st.integers(0, len(query) - 1))
    character = data.draw(st.sampled_from("abcdef0123456789=&%-."))
    altered = query[:place] + character + query[place + 1 :]
    answer = httpx.get(f"{origin}/sutro-results/{altered}")
    if altered == query:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 403
        assert answer.headers["Content-Type"] == "application/xml"


@pytest.mark.parametrize(
    "alter",
    [
        lambda url: url + "&expires=9999999999",
        lambda url: url + "&x=",
        lambda url: url.replace("expires=", "expires=0"),
        lambda url: url.replace("expires=", "expires=%31"),
        lambda url: url.split("?")[0],
        lambda url: url.split("&")[0],
        lambda url: url.replace("outputs.snappy", "inputs-outputs-logprobs.snappy"),
        lambda url: url.replace("signature=", "signature=" + "0" * 4000),
    ],
)
def test_a_url_that_was_not_handed_out_is_refused(urls: Urls, alter: object) -> None:
    assert callable(alter)
    answer = httpx.get(alter(urls["get"]))
    assert answer.status_code == 403
    assert "<Code>AccessDenied</Code>" in answer.text
    assert answer.headers["X-Request-ID"]


def test_a_url_expires(start_server: StartServer, add_job: AddJob) -> None:
    server = start_server("--control")
    path = f"{server.url}/jobs/{add_job(server.data)}/results-url?expires_in_seconds=60"
    urls = httpx.get(path, headers=server.headers).json()["urls"]
    assert httpx.get(urls["get"]).status_code == 200
    httpx.post(f"{server.url}/control/clock?advance=61s", headers=server.headers)
    for method, url in urls.items():
        assert httpx.request(method.upper(), url).status_code == 403


def test_an_answer_that_was_removed_is_made_again(
    start_server: StartServer, add_job: AddJob
) -> None:
    server = start_server()
    link = httpx.get(
        f"{server.url}/jobs/{add_job(server.data)}/results-url", headers=server.headers
    ).json()
    before = httpx.get(link["urls"]["get"])
    for file in (server.data / "answers").iterdir():
        file.unlink()
    after = httpx.get(link["urls"]["get"])
    assert (after.content, after.headers["ETag"]) == (before.content, before.headers["ETag"])


@given(start=st.integers(0, 30_000), length=st.integers(1, 30_000))
def test_a_range_is_that_part_of_the_file(
    urls: Urls, content: bytes, start: int, length: int
) -> None:
    part = httpx.get(urls["get"], headers={"Range": f"bytes={start}-{start + length - 1}"})
    if start >= len(content):
        assert part.status_code == 416
        assert part.headers["Content-Range"] == f"bytes */{len(content)}"
        assert "<Code>InvalidRange</Code>" in part.text
    else:
        assert part.status_code == 206
        assert part.content == content[start : start + length]
        assert part.headers["Content-Range"].endswith(f"/{len(content)}")


def test_the_end_of_a_file_can_be_asked_for(urls: Urls, content: bytes) -> None:
    part = httpx.get(urls["get"], headers={"Range": "bytes=-8"})
    assert (part.status_code, part.content) == (206, content[-8:])


@pytest.mark.parametrize(
    ("condition", "matching", "other"),
    [("If-Range", 206, 200), ("If-Match", 206, 412), ("If-None-Match", 304, 206)],
)
def test_conditions_compare_tags(urls: Urls, condition: str, matching: int, other: int) -> None:
    etag = httpx.head(urls["head"]).headers["ETag"]
    for tag, status in ((etag, matching), ('"another"', other)):
        headers = {"Range": "bytes=0-3", condition: tag}
        assert httpx.get(urls["get"], headers=headers).status_code == status


def test_a_weak_tag_is_not_the_same_version(urls: Urls) -> None:
    etag = httpx.head(urls["head"]).headers["ETag"]
    headers = {"Range": "bytes=0-3", "If-Range": f"W/{etag}"}
    assert httpx.get(urls["get"], headers=headers).status_code == 200
    assert httpx.get(urls["get"], headers={"If-Match": f"W/{etag}"}).status_code == 412


def test_urls_stay_good_with_several_workers_and_after_a_restart(
    start_server: StartServer, add_job: AddJob
) -> None:
    first = start_server("--workers", "2")
    job = add_job(first.data)
    link = httpx.get(f"{first.url}/jobs/{job}/results-url", headers=first.headers).json()
    for _ in range(8):
        assert httpx.get(link["urls"]["get"]).status_code == 200
    first.process.terminate()
    first.process.wait(60)
    files = urlsplit(link["urls"]["get"])
    start_server("--files-port", str(files.port), data=first.data)
    assert httpx.get(link["urls"]["get"]).status_code == 200


def test_the_log_holds_no_signature(server: Server, urls: Urls) -> None:
    httpx.get(urls["get"])
    # As clients do that take the whole URL for a path.
    httpx.get(urls["get"].replace("?", "%3F"))
    query = urlsplit(urls["get"]).query
    log = server.log.read_text()
    assert query not in log
    assert query.split("signature=")[1] not in log
