"""The main job from end to end: serve real rows, verify the server, list its jobs, read results.

`make demo` runs it. All it starts, it stops; all it writes is in a temporary directory.
"""

import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sutro_jobs import Sutro

COMMAND = Path(sys.executable).with_name("sutro-jobs")


@contextmanager
def reference_server(data: Path, keys: dict[str, str]) -> Iterator[str]:
    """Serve the demo data on a free port of loopback and yield the URL."""
    arguments = [f"--api-key={tenant}={key}" for tenant, key in keys.items()]
    log = data / "server.log"
    with (
        log.open("w") as access_log,
        subprocess.Popen(
            [COMMAND, "serve", "--demo", "--port=0", f"--data={data}", *arguments],
            stdout=subprocess.PIPE,
            stderr=access_log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            announced = re.search(r"http://\S+", process.stdout.readline())
            if not announced:
                raise SystemExit(f"The reference server did not start:\n{log.read_text()}")
            yield announced.group()
        finally:
            process.terminate()


def headline(text: str) -> None:
    """Print the title of one part of the demo."""
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)


def verify(url: str, keys: dict[str, str]) -> None:
    """Verify the whole contract; leave to cancel is safe here, as the jobs are ours."""
    subprocess.run(
        [
            *(COMMAND, "verify", f"--api-url={url}", "--allow-cancel-any"),
            *(f"--api-key={keys['demo']}", f"--second-api-key={keys['other']}"),
        ],
        check=True,
    )


def show_jobs(client: Sutro) -> None:
    """Print the first jobs of each page."""
    for number, page in enumerate(client.list_jobs(page_size=50).pages(), start=1):
        print(f"page {number}: {len(page)} jobs")
        for job in islice(page, 3):
            print(f"  {job.status:<10} {job.num_rows or 0:>6} rows  {job.name}")


def show_results(client: Sutro) -> None:
    """Print the results of the newest structured job that succeeded."""
    job = next(job for job in client.list_jobs() if job.status == "SUCCEEDED" and job.json_schema)
    print(f"{job.name}, {job.num_rows} rows")
    print(client.get_job_results(job.job_id, include_inputs=True))


def main() -> None:
    """Run the demo."""
    keys = {"demo": secrets.token_urlsafe(), "other": secrets.token_urlsafe()}
    with TemporaryDirectory() as data, reference_server(Path(data), keys) as url:
        headline(f"Reference server at {url}: does it keep the contract?")
        verify(url, keys)
        with Sutro(api_url=url, api_key=keys["demo"], cache_dir=Path(data, "cache")) as client:
            headline("Its jobs, page by page")
            show_jobs(client)
            headline("Results as a frame")
            show_results(client)


if __name__ == "__main__":
    main()
