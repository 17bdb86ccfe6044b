"""The guide's Python runs, block after block, against the demo data."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.reference_server import Server

GUIDE = Path(__file__).parents[3] / "docs" / "client.md"


def test_the_code_of_the_guide_runs(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUTRO_API_URL", server.url)
    monkeypatch.setenv("SUTRO_API_KEY", server.key)
    names: dict[str, Any] = {}
    for code in re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL):
        exec(code, names)  # noqa: S102 - it is our own page
    names["client"].close()
    assert names["frame"].height == len(names["everything"])
