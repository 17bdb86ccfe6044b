"""Sockets that are not shared with children of a fork."""

from __future__ import annotations

import socket

from ..._forks import PrivateDescriptor


class PrivateSocket(socket.socket):
    """A socket that leads nowhere in a child of a fork, where nothing can be sent over it."""

    def __init__(self, family: int, kind: int, protocol: int) -> None:
        super().__init__(family, kind, protocol)
        self._descriptor = PrivateDescriptor(self.fileno())
