"""The wheel with every extra."""

import subprocess
import sys
from pathlib import Path

import httpx
import pandas as pd
import pytest

import sutro_jobs
from sutro_jobs import Sutro

pytestmark = pytest.mark.usefixtures("account")
COMMAND = Path(sys.executable).with_name("sutro-jobs")


def test_the_wheel_and_not_a_checkout_is_under_test() -> None:
    assert "site-packages" in sutro_jobs.__file__


def test_results_join_a_pandas_frame() -> None:
    with Sutro() as client:
        job = next(job for job in client.list_jobs() if job.status == "SUCCEEDED")
        rows = pd.DataFrame({"row": range(job.num_rows or 0)})
        frame = client.get_job_results(job.job_id, with_original_df=rows, unpack_json=False)
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["row"]) == list(rows["row"])
    assert frame["inference_result"].notna().all()


def test_the_served_demo_keeps_the_contract(api_url: str) -> None:
    done = subprocess.run(
        [COMMAND, "verify", "--profile", "quick", "--api-url", api_url, "--api-key", "wheel-key"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_generated_client_stands_alone(api_url: str) -> None:
    from sutro_jobs_api import AuthenticatedClient
    from sutro_jobs_api.api.jobs import list_jobs
    from sutro_jobs_api.models import JobList

    with AuthenticatedClient(base_url=api_url, token="wheel-key", prefix="Key") as client:
        page = list_jobs.sync(client=client, limit=1)
    assert isinstance(page, JobList)
    assert len(page.jobs) == 1


def test_every_room_is_typed() -> None:
    site = Path(sutro_jobs.__file__).parents[1]
    rooms = [
        "sutro_conformance",
        "sutro_contract",
        "sutro_jobs",
        "sutro_jobs_api",
        "sutro_jobs_requests",
    ]
    rooms += ["sutro_server"]
    assert [room for room in rooms if not (site / room / "py.typed").exists()] == []


def test_the_contract_is_inside() -> None:
    import sutro_contract

    assert "site-packages" in str(sutro_contract.contract_path())
    assert sutro_contract.load_contract()["openapi"].startswith("3.1")


def test_the_contract_is_published_without_node(tmp_path: Path) -> None:
    done = subprocess.run(
        [COMMAND, "spec", "build", "--out", tmp_path],
        capture_output=True,
        text=True,
        env={"PATH": "/nowhere"},
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "latest" / "index.html").stat().st_size > 1_000_000


def test_the_server_hands_out_the_contract_and_its_page(api_url: str) -> None:
    root = api_url.removesuffix("/v1")
    assert httpx.get(f"{root}/openapi.json").json()["openapi"].startswith("3.1")
    assert "unofficial" in httpx.get(f"{root}/docs").text
