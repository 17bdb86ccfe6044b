"""What a `Target` refuses by itself, however it is made."""

from typing import Any, cast

import pytest

from sutro_conformance import Target

URL = "http://127.0.0.1:1/v1"


def test_one_job_id_is_one_job_id() -> None:
    target = Target(url=URL, api_key="some-key", allow_cancel="job-1")
    assert target.allow_cancel == {"job-1"}
    assert target.cancellable(["job-1", "j", "o"]) == ["job-1"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": None},
        {"app": print},
        {"url": "ftp://host"},
        {"url": "http://host:99999"},
        {"url": "http://host/v1?x=1"},
        {"api_key": ""},
        {"api_key": "two\nlines"},
        {"second_api_key": "some-key"},
        {"second_api_key": " "},
        {"allow_cancel": [""]},
        {"allow_cancel": [7]},
    ],
    ids=str,
)
def test_a_target_that_can_not_be_judged_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 (the text is what is looked at)
        Target(**cast("dict[str, Any]", {"url": URL, "api_key": "some-key"} | wrong))
    assert "some-key" not in str(refusal.value)
