"""The client where pandas and PyArrow are not installed, and pandas where PyArrow is not."""

import subprocess
import sys

import pytest

from tests.support.reference_server import Server

ABSENT = """
import importlib.util, sys
absent = {absent!r}
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in absent else found(name, *rest)
for name in absent:
    sys.modules[name] = None
from sutro_jobs import Sutro
client = Sutro(api_url={url!r}, api_key="demo-key")
"""


def run(absent: list[str], url: str, code: str) -> str:
    program = ABSENT.format(absent=absent, url=url) + code
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_polars_needs_neither(server: Server) -> None:
    code = """
import polars as pl
original = pl.DataFrame({"row": range(1851)})
frame = client.get_job_results("job-films-structured", with_original_df=original)
lazy = client.scan_job_results("job-films-structured", unpack_json=True)
print(*frame.columns, lazy.collect().height)
"""
    assert run(["pandas", "pyarrow"], server.url, code) == (
        "row imdb_id year director languages minutes 1851"
    )


@pytest.mark.filterwarnings("ignore")
def test_pandas_does_not_need_pyarrow(server: Server) -> None:
    code = """
import pandas as pd
original = pd.DataFrame({"row": range(1851)}, index=range(1851, 0, -1))
frame = client.get_job_results(
    "job-films-structured", with_original_df=original, include_cumulative_logprobs=True
)
assert frame.index.equals(original.index)
print(frame["director"].iloc[1], frame["languages"].iloc[4], *frame.dtypes.iloc[[2, 6]])
"""
    assert run(["pyarrow"], server.url, code) == "John Cromwell ['en', 'fr'] int64 float64"


def test_results_load_neither(server: Server) -> None:
    code = """
frame = client.get_job_results("job-films-countries")
print(*{"pandas", "pyarrow", "numpy"} & set(sys.modules))
"""
    assert run([], server.url, code) == ""
