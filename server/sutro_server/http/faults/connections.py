"""Faults of connections: late, slow, broken off."""

import asyncio
import socket
import struct

from starlette.types import Message

from ...times import SECOND, parse_duration
from .call import Call

# Between pieces of a slow body: short enough for a client to see that something still comes.
_DRIP_SECONDS = 0.1


async def latency(call: Call, value: str) -> None:
    """Wait before answering."""
    await asyncio.sleep(parse_duration(value) / SECOND)
    await call.forward()


async def reset(call: Call, _: str) -> None:
    """Reset the connection instead of answering."""
    transport = call.scope["state"]["transport"]
    # With this option closing sends RST instead of FIN.
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    await call.disconnected()


async def cut(call: Call, value: str) -> None:
    """Close the connection after so many bytes of the body, or half of it."""
    left = int(value) if value else None

    async def send(message: Message) -> None:
        nonlocal left
        if message["type"] == "http.response.start":
            left = _length(message) // 2 if left is None else left
            await call.send(message)
        elif left:
            body = message.get("body", b"")[:left]
            left -= len(body)
            await call.send({**message, "body": body, "more_body": True})

    await call.forward(send)
    call.scope["state"]["transport"].close()
    await call.disconnected()


async def drip(call: Call, value: str) -> None:
    """Send the body slowly, so many bytes a second."""
    size = max(1, int(int(value) * _DRIP_SECONDS))

    async def send(message: Message) -> None:
        body = message.get("body", b"")
        for start in range(0, len(body) - size, size):
            piece = body[start : start + size]
            await call.send({**message, "body": piece, "more_body": True})
            await asyncio.sleep(_DRIP_SECONDS)
        if body:
            message = {**message, "body": body[(len(body) - 1) // size * size :]}
        await call.send(message)

    await call.forward(send)


def _length(start: Message) -> int:
    # Streamed answers don't say how long they are; of the shortest of them, this is about half.
    return next((int(value) for name, value in start["headers"] if name == b"content-length"), 1000)
