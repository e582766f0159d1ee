"""Ports claimed for a run before anybody listens on them: the demo takes half a minute, in which another run may start."""

from __future__ import annotations

import socket
from typing import Self

from saas.stack.store import HOST, accepts


class Claims:
    """Ports that this run means to use. The claim is a UDP socket of the same number: exclusive, and gone with us.

    The servers themselves share their port between workers (SO_REUSEPORT), so a second run would go unnoticed.
    """

    def __init__(self) -> None:
        self._sockets: dict[int, socket.socket] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for claim in self._sockets.values():
            claim.close()
        self._sockets.clear()

    def take(self, port: int) -> bool:
        """Claims a port; False when somebody listens there or has claimed it. Claiming again changes nothing."""
        if port in self._sockets:
            return True
        claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            claim.bind((HOST, port))
        except OSError:
            claim.close()
            return False
        if accepts(port):
            claim.close()
            return False
        self._sockets[port] = claim
        return True
