"""The synchronous client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, overload

from .._configuration.http_settings import SyncHttpSettings
from .._forks import no_fork
from .base import Client
from .lazy import lazy

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any, Literal

    import httpx  # noqa: F401 - named in the base class
    import polars as pl
    from narwhals.typing import IntoDataFrameT

    from .._jobs.cancellation import JobCancellation
    from .._jobs.job import Job
    from .._jobs.job_list import JobList
    from .._jobs.status import JobStatus, JobStatusReport
    from .._requests.connections import SyncConnections
    from .._requests.drivers import SyncDriver
    from .._results.options import OnInvalidJSON, Reasoning


class Sutro(Client["httpx.Client", "httpx.BaseTransport", "SyncConnections"]):
    """Client of the jobs API of one Sutro deployment.

    >>> from sutro_jobs import Sutro
    >>> with Sutro() as client:
    ...     for job in client.list_jobs(limit=10):
    ...         print(job.job_id, job.status)

    Threads can share a client. It can be pickled: a copy has the same configuration, including the
    key, and connections of its own.

    `api_url` and `api_key` are those of a deployment. They default to the environment variables
    `SUTRO_API_URL` and `SUTRO_API_KEY`, then to `~/.sutro/config.json`. There is no default
    deployment.

    Args:
        api_url: URL of the deployment, with or without `/v1`.
        api_key: API key of that deployment.
        timeout: Maximum seconds until a response begins, connecting included, and of each wait for
            more of it; or an `httpx.Timeout`.
        total_timeout: Maximum seconds of a call with all its retries. The limit restarts whenever a
            download makes progress.
        max_retries: Maximum number of retries after transient errors.
        http_client: httpx client of your own, which you close. It replaces the settings below.
        transport: httpx transport of your own. It replaces the settings below.
        proxy: URL of a proxy. By default, HTTPS_PROXY and the like count.
        verify: Path of a CA bundle, or an SSL context, instead of the default authorities.
        limits: Limits of the connection pool.
        on_request: Called before each request.
        on_response: Called after each response.
        progress: Whether to show the progress of long work on standard error; None shows it if that
            is a terminal.
        cache_dir: Folder of cached results.
        cache_size: Maximum size of cached results in bytes.
        min_download_speed: Minimum bytes per second of a download, on average over `timeout`. A
            slower one is broken off, and resumed by the next attempt; 0 allows any speed.
        max_response_size: Maximum size in bytes of a decoded response, results and lists excepted.
        max_list_size: Maximum size in bytes of a decoded list of jobs, or of a page of one.

    Raises:
        ConfigurationError: the URL or the key is missing or refused.
        ArgumentError: an argument is out of bounds or of another type.
    """

    _settings_type = SyncHttpSettings

    def list_jobs(
        self,
        limit: int | None = None,
        page_size: int | None = 100,
        cursor: str | None = None,
    ) -> JobList:
        """List the jobs of the account, newest first.

        Nothing is sent until the list is iterated.

        Args:
            limit: Maximum number of jobs; None lists all.
            page_size: Jobs per request, 1 to 100; None fetches all of them by one request.
            cursor: `next_cursor` of a page, to continue after it.

        Returns:
            An iterable object with `.pages()`, `.first()`, `.to_list()`, `.to_polars()`
            and `.to_pandas()`.

        Raises:
            ArgumentError: an argument is out of bounds or of another type.
        """
        from .._jobs.job_list import JobList
        from .._jobs.options import ListOptions

        options = ListOptions(limit, page_size, cursor)
        return JobList(self._connections.driver, self._get_requester, options)

    def get_job(self, job_id: str) -> Job:
        """Return a job as the list shows it.

        A server that lacks the route for one job is asked for the whole list.

        Raises:
            NotFoundError: there is no such job.
        """
        from .._jobs.lookup import get_job

        return self._driver.run(get_job(self._requester, job_id))

    def get_job_status(self, job_id: str) -> JobStatus:
        """Return the status of a job.

        `get_job_status_report` also returns the reason for a failure.
        """
        return self.get_job_status_report(job_id).status

    def get_job_status_report(self, job_id: str) -> JobStatusReport:
        """Return the status of a job, with the reason for a failure and other details."""
        from .._jobs.status import job_status

        return self._driver.run(job_status(self._requester, job_id))

    def wait_for_job(
        self,
        job_id: str,
        timeout: float | None = None,
        on_progress: Callable[[JobStatusReport], None] | None = None,
        poll_interval: float = 30.0,
    ) -> JobStatusReport:
        """Wait until a job has succeeded.

        Polls after 1 s, then backs off to `poll_interval`; transient errors are retried.

        Args:
            job_id: The job.
            timeout: Maximum seconds to wait; None waits indefinitely.
            on_progress: Called with each report.
            poll_interval: Maximum seconds between polls.

        Returns:
            The last report.

        Raises:
            JobFailedError: it failed; `failure_reason` says why.
            JobCancelledError: it was cancelled.
            WaitTimeoutError: it did not end within `timeout`.
        """
        from .._jobs.options import WaitOptions
        from .._jobs.wait import wait_for_job

        options = WaitOptions(timeout, poll_interval, on_progress)
        return self._driver.run(wait_for_job(self._requester, job_id, options))

    # The type of the original decides that of the result, whether it is passed by name or, as
    # the vendor's SDK allows, by position.
    @overload
    def get_job_results(
        self,
        job_id: str,
        include_inputs: bool = ...,
        include_cumulative_logprobs: bool = ...,
        with_original_df: None = ...,
        output_column: str = ...,
        disable_cache: bool = ...,
        unpack_json: bool = ...,
        *,
        json_schema: Mapping[str, Any] | None = ...,
        on_invalid_json: OnInvalidJSON = ...,
        reasoning: Reasoning = ...,
    ) -> pl.DataFrame: ...
    @overload
    def get_job_results(
        self,
        job_id: str,
        include_inputs: bool = ...,
        include_cumulative_logprobs: bool = ...,
        *,
        with_original_df: IntoDataFrameT,
        output_column: str = ...,
        disable_cache: bool = ...,
        unpack_json: bool = ...,
        json_schema: Mapping[str, Any] | None = ...,
        on_invalid_json: OnInvalidJSON = ...,
        reasoning: Reasoning = ...,
    ) -> IntoDataFrameT: ...
    @overload
    def get_job_results(
        self,
        job_id: str,
        include_inputs: bool,
        include_cumulative_logprobs: bool,
        with_original_df: IntoDataFrameT,
        output_column: str = ...,
        disable_cache: bool = ...,
        unpack_json: bool = ...,
        *,
        json_schema: Mapping[str, Any] | None = ...,
        on_invalid_json: OnInvalidJSON = ...,
        reasoning: Reasoning = ...,
    ) -> IntoDataFrameT: ...
    def get_job_results(
        self,
        job_id: str,
        include_inputs: bool = False,
        include_cumulative_logprobs: bool = False,
        with_original_df: IntoDataFrameT | None = None,
        output_column: str = "inference_result",
        disable_cache: bool = False,
        unpack_json: bool = True,
        *,
        json_schema: Mapping[str, Any] | None = None,
        on_invalid_json: OnInvalidJSON = "raise",
        reasoning: Reasoning = "packed",
    ) -> pl.DataFrame | IntoDataFrameT:
        """Return the results of a job that succeeded, one row for each input row, in that order.

        Args:
            job_id: The job.
            include_inputs: Whether to add the column `inputs`.
            include_cumulative_logprobs: Whether to add the column `cumulative_logprobs`.
            with_original_df: Frame of the same number of rows that the results are added to, of
                polars, pandas, PyArrow, or any other eager frame that narwhals supports.
            output_column: Name of the column of outputs.
            disable_cache: Whether to bypass the cache on disk.
            unpack_json: Whether structured outputs become a column for each property.
            json_schema: JSON Schema to unpack by, instead of that of the job; `{}` infers names and
                types from the rows.
            on_invalid_json: What to do with an output that is not a JSON object of the expected
                types: "raise" an error, set all columns to "null", or also "keep" its text in the
                output column.
            reasoning: Whether outputs of reasoning models stay "packed", are "split" into content
                and reasoning, or "drop" the reasoning.

        Returns:
            A frame of the type of `with_original_df`; polars without it.

        Raises:
            ConflictError: the job has not succeeded.
            RowCountError: the frame and the results have different numbers of rows.
            ColumnClashError: a column of the results would overwrite one of the frame.
            UnpackError: structured outputs cannot become columns.
        """
        with no_fork():
            from .._results import ResultsOptions, get_job_results

        options = ResultsOptions(
            include_inputs=include_inputs,
            include_cumulative_logprobs=include_cumulative_logprobs,
            output_column=output_column,
            unpack_json=unpack_json,
            json_schema=json_schema,
            on_invalid_json=on_invalid_json,
            reasoning=reasoning,
        )
        frame: pl.DataFrame | IntoDataFrameT = self._driver.run(
            get_job_results(self._requester, job_id, options, with_original_df, disable_cache)
        )
        return frame

    def scan_job_results(
        self,
        job_id: str,
        include_inputs: bool = False,
        include_cumulative_logprobs: bool = False,
        output_column: str = "inference_result",
        disable_cache: bool = False,
        unpack_json: bool = False,
        *,
        json_schema: Mapping[str, Any] | None = None,
        on_invalid_json: OnInvalidJSON = "raise",
    ) -> pl.LazyFrame:
        """Return the results of a job as a lazy frame over a file, for results larger than memory.

        Predicates and projections are pushed down to the file. Structured outputs stay packed
        unless `unpack_json` is set; then they are unpacked batch by batch. The file stays readable
        until the process ends.
        """
        with no_fork():
            from .._results import ResultsOptions, scan_job_results

        options = ResultsOptions(
            include_inputs=include_inputs,
            include_cumulative_logprobs=include_cumulative_logprobs,
            output_column=output_column,
            unpack_json=unpack_json,
            json_schema=json_schema,
            on_invalid_json=on_invalid_json,
        )
        return self._driver.run(scan_job_results(self._requester, job_id, options, disable_cache))

    def download_job_results(
        self,
        job_id: str,
        path: str | os.PathLike[str],
        format: Literal["json", "csv", "parquet"] = "parquet",  # noqa: A002
        include_inputs: bool = False,
        include_cumulative_logprobs: bool = False,
    ) -> Path:
        """Write the results of a job to a file as the server sends them, and return its path.

        The file appears once it is complete. An interrupted download resumes where it broke, also
        in a later call, if the server supports that. The ZIP archive of format `csv` is extracted,
        unless the path ends in `.zip`.
        """
        with no_fork():
            from .._results import DownloadOptions, download_job_results

        options = DownloadOptions(format, include_inputs, include_cumulative_logprobs)
        return self._driver.run(download_job_results(self._requester, job_id, path, options))

    def cancel_job(self, job_id: str) -> JobCancellation:
        """Request the cancellation of a job, and return the response of the server.

        The job ends a little later: `wait_for_job` shows when.
        """
        from .._jobs.cancellation import cancel_job

        return self._driver.run(cancel_job(self._requester, job_id))

    def close(self) -> None:
        """Close all connections. A later call opens new ones."""
        if not self._shares_connections:
            self._connections.close()

    @lazy
    def _connections(self) -> SyncConnections:
        from .._requests.connections import SyncConnections

        return SyncConnections(self._http, self._account.base_url)

    @property
    def _driver(self) -> SyncDriver:
        return self._connections.driver()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
