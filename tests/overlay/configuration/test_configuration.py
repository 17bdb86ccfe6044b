"""Where the URL and the key come from, and which ones are refused."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sutro_jobs import ArgumentError, AsyncSutro, ConfigurationError, Sutro
from tests.support.scripted_server import Response, Script

HERE, THERE = "https://here.example", "https://there.example"
TRANSPORT = httpx.MockTransport(lambda _: httpx.Response(200))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and an environment without configuration."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SUTRO_API_URL", raising=False)
    monkeypatch.delenv("SUTRO_API_KEY", raising=False)
    return tmp_path


class Save(Protocol):
    """Writes `~/.sutro/config.json`."""

    def __call__(self, **configuration: object) -> None: ...


class KeySent(Protocol):
    """Makes a client of a server on loopback and returns the `Authorization` that it sends.

    `set_url` is told the URL of the server; without it the URL is an argument of the client.
    """

    def __call__(
        self, set_url: Callable[[str], object] | None = None, *, api_key: str | None = None
    ) -> str: ...


@pytest.fixture
def save(home: Path) -> Save:
    """Write the file below a home of the test's own."""

    def write(**configuration: object) -> None:
        (home / ".sutro").mkdir()
        (home / ".sutro" / "config.json").write_text(json.dumps(configuration))

    return write


@pytest.fixture
def key_sent(script: Script) -> KeySent:
    """Let a client list jobs."""

    def send(set_url: Callable[[str], object] | None = None, *, api_key: str | None = None) -> str:
        site = script([Response(body={"jobs": [], "message": ""})])
        if set_url:
            set_url(site.url)
        with Sutro(api_url=None if set_url else site.url, api_key=api_key) as client:
            client.list_jobs().first()
        return site.requests[0].headers["Authorization"]

    return send


@pytest.mark.parametrize("kind", [Sutro, AsyncSutro])
def test_without_configuration_the_error_says_where_to_set_it(
    kind: type[Sutro | AsyncSutro],
) -> None:
    with pytest.raises(ConfigurationError, match="SUTRO_API_URL and SUTRO_API_KEY") as caught:
        kind()
    assert "config.json" in str(caught.value)


def test_arguments_are_enough(key_sent: KeySent) -> None:
    assert key_sent(api_key="argument") == "Key argument"


def test_the_environment_is_enough(key_sent: KeySent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUTRO_API_KEY", "environment")
    sent = key_sent(lambda url: monkeypatch.setenv("SUTRO_API_URL", url))
    assert sent == "Key environment"


@pytest.mark.parametrize("name", ["api_url", "base_url"])
def test_the_saved_file_is_enough(key_sent: KeySent, save: Save, name: str) -> None:
    assert key_sent(lambda url: save(**{name: url}, api_key="saved")) == "Key saved"


def test_arguments_win_over_the_environment(
    key_sent: KeySent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUTRO_API_URL", HERE)
    monkeypatch.setenv("SUTRO_API_KEY", "environment")
    assert key_sent(api_key="argument") == "Key argument"


def test_the_environment_wins_over_the_file(
    key_sent: KeySent, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(api_url=HERE, api_key="saved")
    monkeypatch.setenv("SUTRO_API_KEY", "environment")
    sent = key_sent(lambda url: monkeypatch.setenv("SUTRO_API_URL", url))
    assert sent == "Key environment"


@pytest.mark.parametrize("variable", ["SUTRO_API_URL", "SUTRO_API_KEY"])
def test_a_half_set_environment_borrows_nothing_from_the_file(
    save: Save, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    save(api_url=HERE, api_key="saved")
    monkeypatch.setenv(variable, HERE if variable.endswith("URL") else "environment")
    with pytest.raises(ConfigurationError):
        Sutro()


def test_the_key_of_the_environment_does_not_go_to_another_url(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUTRO_API_URL", HERE)
    monkeypatch.setenv("SUTRO_API_KEY", "environment")
    with pytest.raises(ConfigurationError, match="api_key"):
        Sutro(api_url=THERE)


def test_the_saved_key_does_not_go_to_another_url(save: Save) -> None:
    save(api_url=HERE, api_key="saved")
    with pytest.raises(ConfigurationError, match="api_key"):
        Sutro(api_url=THERE)


def test_a_saved_key_without_a_url_goes_nowhere(save: Save) -> None:
    save(api_key="saved")
    with pytest.raises(ConfigurationError, match="api_key"):
        Sutro(api_url=HERE)


def test_the_saved_key_goes_to_its_url_however_that_is_written(save: Save) -> None:
    save(api_url=HERE, api_key="saved")
    assert Sutro(api_url=f"{HERE.upper()}:443/v1/").api_url == f"{HERE}/v1"


def test_an_unreadable_file_is_an_error_that_names_it(home: Path) -> None:
    (home / ".sutro").mkdir()
    (home / ".sutro" / "config.json").write_text("{")
    with pytest.raises(ConfigurationError, match=r"config\.json"):
        Sutro()


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/"])
def test_a_url_may_end_in_v1(end: str) -> None:
    assert Sutro(api_url=HERE + end, api_key="k").api_url == f"{HERE}/v1"


def test_the_shared_service_of_older_editions_has_bare_paths() -> None:
    assert Sutro(api_url="https://api.sutro.sh", api_key="k").api_url == "https://api.sutro.sh"


@pytest.mark.parametrize(
    "url",
    [
        "http://here.example",
        "http://127.0.0.1.example",
        "http://localhost.example",
        "https://user:secret@here.example",
        "https://user@here.example",
        "https://here.example?x=1",
        "https://here.example#x",
        "https://here.example/v2",
        "https://here.example/v1/list-jobs",
        "https://here.example:port",
        "ftp://here.example",
        "https://here example",
        "https://here.example%2f@there.example",
        "https://[::1",
        "here.example",
        "https://",
        "",
    ],
)
def test_urls_that_could_betray_the_key_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Sutro(api_url=url, api_key="k")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "127.1.2.3", "[::1]:8000"])
def test_loopback_may_do_without_https(host: str) -> None:
    assert Sutro(api_url=f"http://{host}", api_key="k").api_url == f"http://{host}/v1"


@pytest.mark.parametrize("key", ["", " ", "a b", "a\nb", "schlüssel", "a\r\nX-Evil: 1"])
def test_keys_that_are_no_header_value_are_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Sutro(api_url=HERE, api_key=key)
    assert not key.strip() or key not in str(caught.value)


@given(st.text())
def test_any_text_as_url_is_taken_or_refused(url: str) -> None:
    try:
        client = Sutro(api_url=url, api_key="k")
    except ConfigurationError:
        return
    assert httpx.URL(client.api_url).path in {"/v1", "/"}


@given(st.from_regex(r"https://[a-z0-9A-Z.:@%\[\]\\ ü-]{1,12}(/v1)?", fullmatch=True))
def test_any_host_is_taken_as_it_is_or_refused(url: str) -> None:
    try:
        client = Sutro(api_url=url, api_key="k")
    except ConfigurationError:
        return
    assert httpx.URL(client.api_url).host == httpx.URL(url.strip()).host


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *[("timeout", value) for value in (0, -1, math.nan, math.inf, "60", True, None, (1, 2))],
        *[("total_timeout", value) for value in (0, -1, math.nan, "600", False, None)],
        *[("max_retries", value) for value in (-1, 1.5, math.inf, math.nan, "4", True, None)],
        *[("cache_size", value) for value in (-5, 1e9, math.nan, "1 GB", True, None)],
        *[("on_request", value) for value in ("print", 1)],
        *[("on_response", value) for value in ("print", 1)],
        *[("progress", value) for value in ("no", 0)],
        *[("cache_dir", value) for value in (1, b"cache", ["cache"])],
    ],
)
@pytest.mark.parametrize("kind", [Sutro, AsyncSutro])
def test_options_out_of_bounds_or_of_another_type_are_refused(
    kind: type[Sutro | AsyncSutro], argument: str, value: Any
) -> None:
    client = kind(api_url=HERE, api_key="k")
    with pytest.raises(ArgumentError, match=f"^{argument} must be "):
        client.with_options(**{argument: value})
    with pytest.raises(ArgumentError, match=f"^{argument} must be "):
        kind(api_url=HERE, api_key="k", **{argument: value})


@pytest.mark.parametrize(
    "arguments",
    [
        {"timeout": 1},
        {"timeout": httpx.Timeout(None)},
        {"timeout": np.float32(2)},
        {"total_timeout": math.inf},
        {"max_retries": 0},
        {"max_retries": np.int64(2)},
        {"cache_size": 0},
        {"cache_dir": Path("cache")},
    ],
)
def test_options_within_bounds_are_taken(arguments: dict[str, Any]) -> None:
    Sutro(api_url=HERE, api_key="k", **arguments)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("http_client", "https://here.example"),
        ("transport", object()),
        ("proxy", 8080),
        ("verify", None),
        ("verify", 1),
        ("limits", 10),
        ("limits", httpx.Limits(max_connections=0)),
        ("limits", httpx.Limits(max_connections=-1)),
        ("api_url", 8080),
        ("api_key", b"k"),
    ],
)
@pytest.mark.parametrize("kind", [Sutro, AsyncSutro])
def test_settings_of_another_type_are_refused(
    kind: type[Sutro | AsyncSutro], argument: str, value: object
) -> None:
    arguments: dict[str, Any] = {"api_url": HERE, "api_key": "k", argument: value}
    with pytest.raises(ArgumentError, match=f"^{argument} must be "):
        kind(**arguments)


@pytest.mark.parametrize(
    ("kind", "argument", "value"),
    [
        (Sutro, "http_client", httpx.AsyncClient()),
        (Sutro, "transport", httpx.AsyncHTTPTransport()),
        (AsyncSutro, "http_client", httpx.Client()),
        (AsyncSutro, "transport", httpx.HTTPTransport()),
    ],
)
def test_a_client_of_the_other_kind_is_refused(
    kind: type[Sutro | AsyncSutro], argument: str, value: Any
) -> None:
    with pytest.raises(ArgumentError, match=f"^{argument} must be "):
        kind(api_url=HERE, api_key="k", **{argument: value})


@pytest.mark.parametrize("owner", [{"http_client": httpx.Client()}, {"transport": TRANSPORT}])
@pytest.mark.parametrize("other", [{"proxy": HERE}, {"verify": False}, {"limits": httpx.Limits()}])
def test_what_would_have_no_effect_is_refused(owner: Any, other: Any) -> None:
    with pytest.raises(ArgumentError, match=f"^{next(iter(other))} would have no effect"):
        Sutro(api_url=HERE, api_key="k", **owner, **other)


def test_a_proxy_that_is_refused_is_not_shown() -> None:
    with pytest.raises(ArgumentError) as caught:
        Sutro(api_url=HERE, api_key="k", proxy=("http://user:secret@proxy.example",))  # type: ignore[arg-type]
    assert "secret" not in str(caught.value)
