"""Programs written for the vendor's SDK run after changing the import and the constructor."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from sutro_jobs import Sutro
from tests.support.reference_server import Server

GUIDE = Path(__file__).parents[2] / "docs" / "migrating.md"
JOB_ID = "job-films-year-1946"


RunExample = Callable[[object], dict[str, Any]]


@pytest.fixture
def example(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RunExample:
    """Run the vendor's documented example, as the guide shows it, on a frame of the user."""
    monkeypatch.setenv("SUTRO_API_URL", server.url)
    monkeypatch.setenv("SUTRO_API_KEY", server.key)
    monkeypatch.setenv("SUTRO_CACHE_DIR", str(tmp_path))

    def run(original: object) -> dict[str, Any]:
        [code] = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
        names: dict[str, Any] = {"job_id": JOB_ID, "original_df": original}
        exec(code, names)  # noqa: S102 - it is our own page
        names["sutro"].close()
        return names

    return run


@pytest.fixture
def rows(server: Server) -> int:
    """Rows of the job."""
    with Sutro(api_url=server.url, api_key=server.key) as client:
        return next(job.num_rows or 0 for job in client.list_jobs() if job.job_id == JOB_ID)


@pytest.mark.parametrize("frame", [pl.DataFrame, pd.DataFrame])
def test_the_documented_example_runs(
    example: RunExample, rows: int, frame: type[pl.DataFrame | pd.DataFrame]
) -> None:
    original = frame({"row": range(rows)})
    names = example(original)
    assert names["results"].columns == ["inputs", "inference_result"]
    assert names["results"].height == rows
    assert type(names["df_with_results"]) is frame
    assert list(names["df_with_results"].columns) == ["row", "inference_result"]
