"""Failures become errors of one tree, each with what is known about it."""

import inspect
import pickle
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import sutro_jobs
from sutro_jobs import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    DecodingError,
    InvalidParametersError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    StatusError,
    SutroError,
    TruncatedError,
)
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.scripted_server import Response, Script

HTML = b"<!DOCTYPE html><html><title>524</title><body>A timeout occurred</body></html>"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (418, StatusError),
        (422, InvalidParametersError),
        (429, RateLimitError),
        (499, StatusError),
        (500, ServerError),
        (503, ServerError),
        *((status, ServerError) for status in range(520, 530)),
    ],
)
def test_each_status_has_its_class(
    script: Script, connect: Connect, status: int, kind: type[StatusError]
) -> None:
    headers = {"X-Request-ID": "r-1", "Retry-After": "7"}
    site = script(lambda _: Response(status, {"detail": "Not now."}, headers))
    with pytest.raises(kind, match=rf"{status}: Not now\. .*r-1") as caught:
        connect(site.url, max_retries=0).get_job_status("job-1")
    error = caught.value
    assert type(error) is kind
    assert (error.status_code, error.request_id, error.retry_after) == (status, "r-1", 7)
    assert "Not now." in (error.body or "")


def test_each_operation_raises_the_typed_error(server: Server, connect: Connect) -> None:
    client = connect(server.url, "wrong-key")
    calls: list[Callable[[], Any]] = [
        lambda: list(client.list_jobs()),
        lambda: client.get_job_status("job-films-failed"),
        lambda: client.cancel_job("job-films-failed"),
        lambda: client.wait_for_job("job-films-failed"),
        lambda: client.get_job_results("job-films-failed"),
    ]
    for call in calls:
        with pytest.raises(AuthenticationError, match="SUTRO_API_KEY"):
            call()


def test_results_of_an_unfinished_job_are_a_conflict(server: Server, connect: Connect) -> None:
    with pytest.raises(ConflictError, match="wait_for_job"):
        connect(server.url).get_job_results("job-films-running")


def test_html_of_a_proxy_is_kept_but_not_shown(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response(524, HTML, {"Content-Type": "text/html"}))
    with pytest.raises(ServerError) as caught:
        connect(site.url, max_retries=0).get_job_status("job-1")
    assert "<html>" not in str(caught.value)
    assert "<html>" in (caught.value.body or "")


def test_invalid_parameters_are_named(script: Script, connect: Connect) -> None:
    issue = {"loc": ["query", "limit"], "msg": "Input should be less", "type": "less_than"}
    site = script(lambda _: Response(422, {"detail": [issue]}))
    with pytest.raises(InvalidParametersError, match=r"query\.limit: Input should be less"):
        connect(site.url).list_jobs().first()


def test_a_long_body_is_cut(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response(500, b"x" * 100_000))
    with pytest.raises(ServerError) as caught:
        connect(site.url, max_retries=0).get_job_status("job-1")
    assert 0 < len(caught.value.body or "") <= 2000


def test_no_server_is_a_failed_connection(connect: Connect, nobody: str) -> None:
    with pytest.raises(ConnectionFailedError, match="Check api_url") as caught:
        connect(nobody, max_retries=0).get_job_status("job-1")
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


def test_a_reset_connection_is_a_failed_connection(controlled: str, connect: Connect) -> None:
    with pytest.raises(ConnectionFailedError):
        connect(controlled, fault="reset", max_retries=0).get_job_status("job-films-failed")


def test_a_silent_server_is_a_timeout(controlled: str, connect: Connect) -> None:
    client = connect(controlled, fault="latency=5s", timeout=0.2, max_retries=0)
    with pytest.raises(RequestTimeoutError, match="raise timeout"):
        client.get_job_status("job-films-failed")


def test_a_server_that_never_ends_its_answer_is_a_timeout(
    controlled: str, connect: Connect
) -> None:
    client = connect(controlled, fault="drip=100", total_timeout=0.5)
    with pytest.raises(RequestTimeoutError):
        client.list_jobs().first()


def test_a_short_answer_is_truncated(controlled: str, connect: Connect) -> None:
    with pytest.raises(TruncatedError):
        connect(controlled, fault="cut", max_retries=0).list_jobs().first()


def test_broken_json_cannot_be_decoded(controlled: str, connect: Connect) -> None:
    with pytest.raises(DecodingError, match="api_url") as caught:
        connect(controlled, fault="malformed-json").get_job_status("job-films-failed")
    assert caught.value.request_id


def test_an_answer_that_is_no_deployment_s_cannot_be_decoded(
    script: Script, connect: Connect
) -> None:
    site = script(lambda _: Response(200, HTML))
    with pytest.raises(DecodingError):
        connect(site.url).get_job_status("job-1")


def every_error() -> list[type[SutroError]]:
    public = vars(sutro_jobs).values()
    return [kind for kind in public if inspect.isclass(kind) and issubclass(kind, SutroError)]


@pytest.mark.parametrize("kind", every_error())
def test_errors_survive_pickling(kind: type[SutroError]) -> None:
    error = (
        kind("What happened.", request_id="r-1")
        if "request_id" in signature(kind)
        else kind("What happened.")
    )
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == "What happened."
    assert vars(copy) == vars(error)


def signature(kind: type[SutroError]) -> list[str]:
    return list(inspect.signature(kind).parameters)


def test_the_docstring_of_the_errors_draws_the_tree() -> None:
    drawing = inspect.getdoc(inspect.getmodule(SutroError)) or ""
    drawn = re.findall(r"^([│├└─ ]*)(\w+Error)\b", drawing, re.MULTILINE)
    above: list[str] = []
    for indent, name in drawn:
        above = [*above[: len(indent) // 4], name]
        assert issubclass(
            getattr(sutro_jobs, name), getattr(sutro_jobs, above[max(0, len(above) - 2)])
        )
    assert {kind.__name__ for kind in every_error()} == {name for _, name in drawn}
