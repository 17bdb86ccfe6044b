"""The reference page in a real browser: `make test-page` needs Chromium.

`CHROMIUM` names its command where it is not `chromium`.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

import sutro_contract
from tests.contract.conftest import RunSpec

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(spec: RunSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    done = spec("build", "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder / "index.html"


def chromium(*arguments: str, page: Path, profile: Path) -> subprocess.CompletedProcess[str]:
    """Open a page from its file, without network, and let its scripts run for 10 seconds."""
    quiet = ("--disable-background-networking", "--disable-sync", "--no-first-run")
    offline = ("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9")
    headless = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}")
    wait = ("--virtual-time-budget=10000", "--enable-logging=stderr")
    command = (os.environ.get("CHROMIUM", "chromium"), *headless, *quiet, *offline, *wait)
    return subprocess.run(
        [*command, *arguments, page.as_uri()], capture_output=True, text=True, check=True
    )


@pytest.mark.parametrize("width", [400, 1280])
def test_a_browser_without_network_shows_every_operation(
    width: int, page: Path, tmp_path: Path
) -> None:
    # The page renders what is near the window, so the window holds the whole page.
    size = f"--window-size={width},8000"
    done = chromium("--dump-dom", size, page=page, profile=tmp_path / "profile")
    body = re.sub(r"<(script|style)\b.*?</\1>", "", done.stdout, flags=re.DOTALL)
    contract = sutro_contract.load_contract()
    for path, item in contract["paths"].items():
        assert path in body
        for operation in (item[method] for method in ("get", "post") if method in item):
            assert operation["summary"] in body
    assert "One page, with limit" in body
    assert "All jobs, without limit" in body
    said = re.findall(r':CONSOLE:\d+\] "(.*?)", source:', done.stderr, re.DOTALL)
    assert [message for message in said if "%c Redoc %c" not in message] == []
