"""The synchronous client."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self, overload

from .._configuration.http_settings import SyncHttpSettings
from .base import Client

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any, Literal

    import httpx  # noqa: F401 - named in the base class
    import polars as pl
    from narwhals.typing import IntoDataFrameT

    from .._jobs.cancellation import JobCancellation
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

    Several threads can use one client. It can be pickled: a copy has the same configuration, the
    key included, and connections of its own.

    `api_url` and `api_key` are those of a deployment. Where they are not given, the environment
    variables `SUTRO_API_URL` and `SUTRO_API_KEY` count, then `~/.sutro/config.json`. There is no
    default deployment.

    Args:
        api_url: URL of the deployment, with or without `/v1`.
        api_key: API key of that deployment.
        timeout: Seconds that the network may stay silent, or an `httpx.Timeout`.
        total_timeout: Seconds that a call may take with all its retries. A download starts anew to
            count whenever it gets further.
        max_retries: How often a call is repeated after a failure that may pass.
        http_client: httpx client of your own; it stays yours to close.
        transport: httpx transport of your own.
        proxy: URL of a proxy. The usual environment variables are respected.
        verify: Path of a CA bundle, or an SSL context, in place of the usual authorities.
        limits: Limits of the connection pool.
        on_request: Called before each request.
        on_response: Called after each response.
        progress: Whether long work shows its progress on standard error; None shows it where that
            is a terminal.
        cache_dir: Directory of cached results.
        cache_size: Most bytes that cached results may take.

    Raises:
        ConfigurationError: the URL or the key is missing or refused.
        ArgumentError: a limit is out of bounds.

    """

    _settings_type = SyncHttpSettings

    def list_jobs(
        self,
        limit: int | None = None,
        page_size: int | None = 100,
        cursor: str | None = None,
    ) -> JobList:
        """List the jobs of the account, newest first.

        Nothing is sent until the list is used.

        Args:
            limit: Most jobs to list; None lists all.
            page_size: Jobs per request, 1 to 100; None reads all of them by one request.
            cursor: `next_cursor` of a page, to go on after it.

        Returns:
            An object to iterate over, with `.pages()`, `.first()`, `.to_list()`, `.to_polars()`
            and `.to_pandas()`.

        Raises:
            ArgumentError: an argument is out of bounds.
        """
        from .._jobs.job_list import JobList
        from .._jobs.options import ListOptions

        options = ListOptions(limit, page_size, cursor)
        return JobList(self._connections.driver, self._get_requester, options)

    def get_job_status(self, job_id: str) -> JobStatus:
        """Return the status of a job.

        `get_job_status_report` also tells why it failed.
        """
        return self.get_job_status_report(job_id).status

    def get_job_status_report(self, job_id: str) -> JobStatusReport:
        """Return the status of a job and what the server says about it."""
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

        The status is read after a second, then after growing intervals. Errors that may pass are
        survived.

        Args:
            job_id: The job.
            timeout: Seconds to wait at most; None waits as long as it takes.
            on_progress: Called with each report that is read.
            poll_interval: Longest time in seconds between two looks.

        Returns:
            The last report.

        Raises:
            JobFailedError: it failed; `failure_reason` says why.
            JobCancelledError: it was cancelled.
            WaitTimeoutError: it did not end in time.
        """
        from .._jobs.options import WaitOptions
        from .._jobs.wait import wait_for_job

        options = WaitOptions(timeout, poll_interval, on_progress)
        return self._driver.run(wait_for_job(self._requester, job_id, options))

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
            with_original_df: Frame of as many rows that the results are added to: polars, pandas,
                PyArrow, or any other eager frame that narwhals knows.
            output_column: Name of the column of outputs.
            disable_cache: Whether to neither read nor write the cache on disk.
            unpack_json: Whether structured outputs become a column for each property.
            json_schema: JSON Schema to unpack by, in place of that of the job; `{}` takes names
                and types from the rows.
            on_invalid_json: What becomes of an output that is no JSON object of the expected types
                among others that are: "raise" an error, "null" in all columns, or the same and
                "keep" its text in the output column.
            reasoning: Whether outputs of reasoning models stay "packed", are "split" into content
                and reasoning, or "drop" the reasoning.

        Returns:
            A frame of the type of `with_original_df`, polars without it.

        Raises:
            ConflictError: the job has not succeeded.
            RowCountError: the frame has another number of rows than the results.
            ColumnClashError: a column of the results would overwrite one of the frame.
            UnpackError: structured outputs cannot become columns.
        """
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
        """Return the results of a job as a lazy frame over a file, for more rows than memory holds.

        Filters and the choice of columns reach the file. Structured outputs stay packed unless
        `unpack_json` is set; then they are unpacked batch by batch as they are read. The file stays
        until the process ends.
        """
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

        The file appears once it is complete. A download that breaks goes on where it ended, also
        in a later call, if the server can do that. The ZIP archive that `csv` comes in is unpacked,
        unless the path ends in `.zip`.
        """
        from .._results import DownloadOptions, download_job_results

        options = DownloadOptions(format, include_inputs, include_cumulative_logprobs)
        return self._driver.run(download_job_results(self._requester, job_id, path, options))

    def cancel_job(self, job_id: str) -> JobCancellation:
        """Ask for the cancellation of a job, and return what the server answers to that.

        The job goes on for a while: `wait_for_job` tells when it has ended.
        """
        from .._jobs.cancellation import cancel_job

        return self._driver.run(cancel_job(self._requester, job_id))

    def close(self) -> None:
        """Close all connections. A later call opens new ones."""
        if not self._shares_connections:
            self._connections.close()

    @cached_property
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
