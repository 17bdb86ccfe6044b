"""The two clients."""

from __future__ import annotations

from typing import Self

import httpx
import msgspec

from . import _adapter
from ._config import resolve_account
from ._drivers import AsyncDriver, SyncDriver
from ._flow import Flow
from ._models import JobCancellation
from ._options import Options
from ._transport import Transport


def cancel_job(transport: Transport, job_id: str) -> Flow[JobCancellation]:
    response = yield from transport.fetch(_adapter.cancel_job_call(job_id))
    return msgspec.json.decode(response.content, type=JobCancellation)


class Sutro:
    """Client of the jobs API of one Sutro deployment."""

    def __init__(self, *, api_url: str | None = None, api_key: str | None = None) -> None:
        self._transport = Transport(resolve_account(api_url, api_key), Options(), {})
        self._driver = SyncDriver(httpx.Client())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._driver.client.close()

    def cancel_job(self, job_id: str) -> JobCancellation:
        """Ask for the cancellation of a job."""
        return self._driver.run(cancel_job(self._transport, job_id))


class AsyncSutro:
    """`Sutro` for asyncio."""

    def __init__(self, *, api_url: str | None = None, api_key: str | None = None) -> None:
        self._transport = Transport(resolve_account(api_url, api_key), Options(), {})
        self._driver = AsyncDriver(httpx.AsyncClient())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._driver.client.aclose()

    async def cancel_job(self, job_id: str) -> JobCancellation:
        """Ask for the cancellation of a job."""
        return await self._driver.run(cancel_job(self._transport, job_id))
