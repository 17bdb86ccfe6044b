"""What is public, and that both clients are the same."""

import inspect
from importlib.metadata import version
from typing import Any

import pytest

import sutro_jobs
from sutro_jobs import AsyncJobList, AsyncSutro, JobList, Sutro

PUBLIC = [
    "ArgumentError",
    "AsyncJobList",
    "AsyncSutro",
    "AuthenticationError",
    "BadRequestError",
    "ColumnClashError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "DecodingError",
    "EmptyPagesError",
    "ForkError",
    "FrameError",
    "InvalidParametersError",
    "Job",
    "JobCancellation",
    "JobCancelledError",
    "JobFailedError",
    "JobList",
    "JobPage",
    "JobStatus",
    "JobStatusReport",
    "NotFoundError",
    "PermissionDeniedError",
    "ProtocolError",
    "RateLimitError",
    "RedirectError",
    "RepeatedCursorError",
    "RequestEvent",
    "RequestTimeoutError",
    "ResponseEvent",
    "ResponseTooLargeError",
    "RowCountError",
    "ServerError",
    "StatusError",
    "Sutro",
    "SutroError",
    "TruncatedError",
    "UnexpectedShapeError",
    "UnpackError",
    "WaitTimeoutError",
]


def methods(kind: type) -> dict[str, Any]:
    found = inspect.getmembers(
        kind, lambda member: callable(member) or isinstance(member, property)
    )
    return {name: member for name, member in found if not name.startswith("_")}


def test_the_public_names_are_these() -> None:
    assert sorted(sutro_jobs.__all__) == PUBLIC


def test_the_version_is_that_of_the_distribution() -> None:
    assert sutro_jobs.__version__ == version("sutro-jobs")


def test_everything_public_can_be_listed_and_used() -> None:
    assert set(PUBLIC) <= set(dir(sutro_jobs))
    assert all(hasattr(sutro_jobs, name) for name in PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_public_is_documented(name: str) -> None:
    documented = getattr(sutro_jobs, name)
    assert (documented.__doc__ or "").strip()
    if inspect.isclass(documented) and documented.__module__.startswith("sutro_jobs"):
        for method in vars(documented):
            if not method.startswith("_") and callable(getattr(documented, method)):
                assert inspect.getdoc(getattr(documented, method)), method


@pytest.mark.parametrize(("one", "other"), [(Sutro, AsyncSutro), (JobList, AsyncJobList)])
def test_both_clients_have_the_same_methods(one: type, other: type) -> None:
    assert methods(one).keys() == methods(other).keys()


@pytest.mark.parametrize("name", ["__init__", *methods(Sutro)])
def test_both_clients_take_the_same_arguments(name: str) -> None:
    one, other = inspect.getattr_static(Sutro, name), inspect.getattr_static(AsyncSutro, name)
    if not isinstance(one, property):
        parameters = inspect.signature(one).parameters
        assert list(parameters.values()) == list(inspect.signature(other).parameters.values())


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("list_jobs", ["limit", "page_size", "cursor"]),
        ("get_job_status", ["job_id"]),
        ("cancel_job", ["job_id"]),
        (
            "get_job_results",
            [
                "job_id",
                "include_inputs",
                "include_cumulative_logprobs",
                "with_original_df",
                "output_column",
                "disable_cache",
                "unpack_json",
            ],
        ),
    ],
)
def test_parameters_keep_the_names_and_the_order_of_the_vendor(
    name: str, parameters: list[str]
) -> None:
    taken = list(inspect.signature(getattr(Sutro, name)).parameters)[1:]
    assert taken[: len(parameters)] == parameters
