"""httpx clients of the user as transports, which add no authentication and follow no redirects."""

from __future__ import annotations

import httpx


class ClientTransport(httpx.BaseTransport):
    """Sends through a client that the user closes."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, with the event hooks of the client."""
        # Authentication of the client would replace the key, and the requester itself follows
        # redirects, within the origin that the key belongs to.
        return self._client.send(request, stream=True, auth=None, follow_redirects=False)


class AsyncClientTransport(httpx.AsyncBaseTransport):
    """Sends through a client that the user closes."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, with the event hooks of the client."""
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)
