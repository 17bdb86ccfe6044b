"""The guide's Python runs, block after block, against the demo data."""

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sutro_jobs import Sutro
from tests.support.reference_server import Server

GUIDE = Path(__file__).parents[3] / "docs" / "results.md"


def test_the_code_of_the_guide_runs(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with Sutro(api_url=server.url, api_key=server.key) as client:
        films = pl.DataFrame({"row": range(1851)})
        names: dict[str, Any] = {"client": client, "job_id": "job-films-countries", "films": films}
        for code in re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL):
            exec(code, names)  # noqa: S102 - it is our own page
    assert (tmp_path / "results.parquet").exists()
    assert names["joined"].columns == ["row", "imdb_id", "inference_result"]
