"""Large results from the object store, by presigned URLs."""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sutro_jobs import DecodingError, SutroError
from sutro_jobs._results.download import ranges, transfer
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.results import JOB, ranged, to_parquet
from tests.support.scripted_server import Raw, Reply, Request, Response, Script, ScriptedServer

SECRET = "X-Amz-Signature=0123456789abcdef"
BODY = to_parquet(pl.DataFrame({"outputs": [f"answer {n}" * 40 for n in range(20_000)]}))
Change = Callable[[Request, int], Reply | None]


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of some hundred kilobytes count as large, in several parts."""
    monkeypatch.setattr(transfer, "_SMALL", 10_000)
    monkeypatch.setattr(ranges, "_SMALLEST_PART", 10_000)


class Store:
    """An API with one job and the object store that its URL leads to.

    `change` may answer a request to the store in another way; it gets the number of the request.
    """

    def __init__(self, script: Script, change: Change = lambda *_: None) -> None:
        self.body = BODY
        self.size = len(BODY)
        self.change = change
        self.urls = 0
        self.files = script(self._file)
        self.api = script(self._api)

    def _api(self, request: Request) -> Reply:
        if request.path.endswith("/results-url"):
            self.urls += 1
            url = f"{self.files.url}/{JOB}.parquet?{SECRET}&n={self.urls}"
            artifact = {"size_bytes": self.size}
            return Response(body={"artifact": artifact, "urls": {"get": url, "head": url}})
        if request.path.endswith("/results"):
            return ranged(request, BODY)
        return Response(404, {"detail": "Not found"})

    def _file(self, request: Request) -> Reply:
        changed = self.change(request, len(self.files.requests))
        return ranged(request, self.body) if changed is None else changed


def fetched(site: ScriptedServer) -> list[str]:
    return [re.sub(r"^/v1/jobs/[^/]*/", "", request.path) for request in site.requests]


def download(store: Store, connect: Connect, path: Path, **options: int) -> bytes:
    client = connect(store.api.url, **options)  # type: ignore[arg-type]
    return client.download_job_results(JOB, path / "results.parquet").read_bytes()


def test_large_results_come_in_parts_without_the_key(
    script: Script, connect: Connect, tmp_path: Path
) -> None:
    store = Store(script)
    assert download(store, connect, tmp_path) == BODY
    assert fetched(store.api) == ["results", "results-url"]
    assert len(store.files.requests) > 1
    for request in store.files.requests:
        sent = {name.lower() for name in request.headers}
        assert sent <= {"host", "accept-encoding", "range", "user-agent", "connection"}
    assert [path.name for path in tmp_path.iterdir()] == ["results.parquet"]


def test_small_results_are_one_request(script: Script, connect: Connect, tmp_path: Path) -> None:
    small = to_parquet({"outputs": ["a"]})
    site = script(lambda request: ranged(request, small))
    path = connect(site.url).download_job_results(JOB, tmp_path / "r.parquet")
    assert path.read_bytes() == small
    assert fetched(site) == ["results"]


def test_a_frame_of_large_results_is_the_same(script: Script, connect: Connect) -> None:
    store = Store(script)
    frame = connect(store.api.url).get_job_results(JOB, unpack_json=False, disable_cache=True)
    assert frame["inference_result"].to_list() == pl.read_parquet(BODY)["outputs"].to_list()
    assert store.files.requests


def test_the_reference_server_serves_large_results(
    server: Server, connect: Connect, tmp_path: Path
) -> None:
    client = connect(server.url, server.key)
    job = "job-films-countries"
    plain = client.download_job_results(job, tmp_path / "plain.csv", format="csv")
    stored = client.download_job_results(job, tmp_path / "stored.parquet")
    assert pl.read_parquet(stored).height == pl.read_csv(plain).height


def once(number: int, reply: Reply) -> Change:
    return lambda _, request: reply if request == number else None


@pytest.mark.parametrize(
    "reply",
    [Response(503, b"<Error/>"), Response(429, b"", {"Retry-After": "0"}), Raw(), Raw(reset=True)],
)
@pytest.mark.parametrize("number", [1, 3])
def test_a_part_that_fails_is_asked_for_again(
    script: Script, connect: Connect, tmp_path: Path, reply: Reply, number: int
) -> None:
    assert download(Store(script, once(number, reply)), connect, tmp_path) == BODY


def test_an_expired_url_is_asked_for_anew(script: Script, connect: Connect, tmp_path: Path) -> None:
    def expire(request: Request, number: int) -> Reply | None:
        return Response(403, b"<Error/>") if number > 2 and "n=1" in request.target else None

    store = Store(script, expire)
    assert download(store, connect, tmp_path) == BODY
    assert store.urls == 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda *_: Response(403, SECRET.encode()), id="refused"),
        pytest.param(lambda *_: Response(400, b"<Error/>"), id="400"),
        pytest.param(lambda *_: Response(200, BODY), id="no ranges"),
        pytest.param(lambda *_: Response(302, b"", {"Location": "/"}), id="redirect"),
        pytest.param(
            lambda *_: Response(206, b"x", {"Content-Range": "bytes 0-0/1"}), id="other range"
        ),
        pytest.param(
            lambda request, number: ranged(
                Request("GET", "/", request.headers), BODY, etag=f'"{number}"'
            ),
            id="changing",
        ),
    ],
)
def test_a_store_that_does_not_serve_is_left_for_the_plain_route(
    script: Script, connect: Connect, tmp_path: Path, change: Change
) -> None:
    store = Store(script, change)
    assert download(store, connect, tmp_path, max_retries=0) == BODY
    assert fetched(store.api)[-1] == "results"


def test_a_server_without_the_route_is_asked_once(
    script: Script, connect: Connect, tmp_path: Path
) -> None:
    def answer(request: Request) -> Reply:
        found = request.path.endswith("/results")
        return ranged(request, BODY) if found else Response(404, {"detail": "Not found"})

    site = script(answer)
    client = connect(site.url)
    for name in ("a.parquet", "b.parquet"):
        assert client.download_job_results(JOB, tmp_path / name).read_bytes() == BODY
    assert fetched(site).count("results-url") == 1


@pytest.mark.parametrize(
    "url", ["http://files.example.com/x?" + SECRET, "ftp://x/?" + SECRET, "https://[?" + SECRET]
)
def test_a_url_that_is_not_safe_is_not_used(
    script: Script,
    connect: Connect,
    tmp_path: Path,
    url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Store(script)
    api = store.api.handler

    def answer(request: Request) -> Reply:
        if request.path.endswith("/results-url"):
            urls = {"get": url, "head": url}
            return Response(body={"artifact": {"size_bytes": store.size}, "urls": urls})
        return api(request)

    store.api.handler = answer
    caplog.set_level("DEBUG", "sutro_jobs")
    assert download(store, connect, tmp_path) == BODY
    assert SECRET not in caplog.text


def test_what_broke_off_is_resumed_with_the_missing_parts(
    script: Script, connect: Connect, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "sutro_jobs")
    store = Store(script, lambda _, number: Raw() if number > 2 else None)
    with pytest.raises(SutroError) as caught:
        download(store, connect, tmp_path, max_retries=0)
    assert SECRET not in caplog.text + str(caught.value) + repr(caught.value)
    assert not (tmp_path / "results.parquet").exists()
    # Another server, as requests of the first download may still arrive at this one.
    store.files = script(lambda request: ranged(request, BODY))
    assert download(store, connect, tmp_path) == BODY
    asked = [request.headers["range"] for request in store.files.requests]
    begins = [int(re.findall(r"\d+", span)[0]) for span in asked]
    ends = [int(re.findall(r"\d+", span)[1]) + 1 for span in asked]
    assert 0 < sum(ends) - sum(begins) < len(BODY)
    assert [path.name for path in tmp_path.iterdir()] == ["results.parquet"]


def test_a_file_that_changed_since_is_fetched_whole(
    script: Script, connect: Connect, tmp_path: Path
) -> None:
    store = Store(script, lambda _, number: Raw() if number > 2 else None)
    with pytest.raises(SutroError):
        download(store, connect, tmp_path, max_retries=0)
    store.change = lambda request, _: ranged(request, BODY, etag='"another"')
    assert download(store, connect, tmp_path) == BODY


def test_a_stored_file_that_is_not_parquet_is_an_error(
    script: Script, connect: Connect, tmp_path: Path
) -> None:
    store = Store(script)
    store.body = b"?" * len(BODY)
    with pytest.raises(DecodingError):
        download(store, connect, tmp_path)
    assert list(tmp_path.iterdir()) == []
