"""Servers that are right as long as one request comes at a time."""

import asyncio
from typing import Any

from ..accounts import Job
from ..catalogue import defect
from ..messages import Request, Response, error
from ..server import Server

WAIT = 0.01


@defect("LIFE-03", "TENANT-01")
class SharedTenant(Server):
    """The tenant of a request stands in a variable that concurrent requests share."""

    current = ""

    async def operate(self, operation: str, request: Request, tenant: str, job_id: str) -> Response:
        self.current = tenant
        await asyncio.sleep(WAIT)
        return await super().operate(operation, request, self.current, job_id)


@defect("LIFE-03", "STATUS-02")
class SharedJobId(Server):
    """The id of the job asked for stands in a variable that concurrent requests share."""

    current = ""

    async def operate(self, operation: str, request: Request, tenant: str, job_id: str) -> Response:
        if operation not in {"status", "results"}:
            return await super().operate(operation, request, tenant, job_id)
        self.current = job_id
        await asyncio.sleep(WAIT)
        return await super().operate(operation, request, tenant, self.current)


@defect("LIFE-03")
class SharedQuery(Server):
    """Query parameters stand in a variable that concurrent requests share."""

    current: list[tuple[str, str]]

    async def operate(self, operation: str, request: Request, tenant: str, job_id: str) -> Response:
        if operation != "list":
            return await super().operate(operation, request, tenant, job_id)
        self.current = request.query
        await asyncio.sleep(WAIT)
        request.query = self.current
        return await super().operate(operation, request, tenant, job_id)


@defect("HTTP-01", "LIFE-03")
class ThirdRequestFails(Server):
    """More than two requests at a time cause a 500, as there are two database connections."""

    busy = 0

    async def operate(self, operation: str, request: Request, tenant: str, job_id: str) -> Response:
        self.busy += 1
        try:
            await asyncio.sleep(WAIT)
            if self.busy > 2:
                return error(500, "QueuePool limit of size 2 reached")
            return await super().operate(operation, request, tenant, job_id)
        finally:
            self.busy -= 1


@defect("LIFE-03")
class ListTornUnderLoad(Server):
    """Lists that are read at the same time lack jobs, as they take them from one iterator."""

    readers = 0

    async def operate(self, operation: str, request: Request, tenant: str, job_id: str) -> Response:
        self.readers += operation == "list"
        try:
            await asyncio.sleep(WAIT)
            return await super().operate(operation, request, tenant, job_id)
        finally:
            self.readers -= operation == "list"

    def whole(self, jobs: list[Job]) -> Any:
        return super().whole(jobs[:: max(1, self.readers)])

    def paged(self, jobs: list[Job], token: str | None) -> Any:
        return super().paged(jobs[:: max(1, self.readers)], token)
