"""httpx clients of the user as transports: they send, but add no key and follow no redirect."""

from __future__ import annotations

import httpx


class ClientTransport(httpx.BaseTransport):
    """Sends by way of a client that stays the user's to close."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, with the event hooks of the client."""
        return self._client.send(request, stream=True, auth=None, follow_redirects=False)


class AsyncClientTransport(httpx.AsyncBaseTransport):
    """Sends by way of a client that stays the user's to close."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, with the event hooks of the client."""
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)
