"""One request on its way to the application, which faults can change or take the place of."""

from collections.abc import Callable

import attrs
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...store.store import Store


@attrs.frozen
class Call:
    """One request on its way to the application."""

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send
    store: Store
    refuse: Callable[[int, object, dict[str, str] | None], Response]
    """Makes refusals as the operation writes them, JSON or XML."""

    async def forward(self, send: Send | None = None) -> None:
        """Let the application answer, by way of `send` where it is given."""
        await self.app(self.scope, self.receive, send or self.send)

    async def respond(self, response: Response) -> None:
        """Answer in the application's place."""
        await response(self.scope, self.receive, self.send)

    async def disconnected(self) -> None:
        """Wait until the client's connection is gone."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def collect(self) -> tuple[Message, bytes]:
        """Return the application's answer whole: its start, and its body."""
        start: Message = {}
        body = bytearray()

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self.forward(send)
        return start, bytes(body)

    async def answer(self, start: Message, body: bytes) -> None:
        """Send an answer whole, with the length that its body has."""
        headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self.send({**start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})
