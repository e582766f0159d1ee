"""A proxy before PostgreSQL that counts how often the client ends a question: the round trips at the socket."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class CountingProxy:
    """Listens on a port of its own and passes everything on."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.round_trips = 0
        self._is_swallowing = self._is_over = False
        self._sockets: list[socket.socket] = [self._listener]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True
        for one in self._sockets:
            _end(one)

    def swallow(self) -> None:
        """From now on takes what the client sends and hands nothing on: a line that is dead and doesn't say so."""
        self._is_swallowing = True

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._sockets += [client, server]
            if self._is_over:
                _end(client)
                _end(server)
                return
            threading.Thread(target=self._count, args=(client, server), daemon=True).start()
            threading.Thread(target=_pass_on, args=(server, client), daemon=True).start()

    def _count(self, client: socket.socket, server: socket.socket) -> None:
        waiting = b""
        startup = True
        for chunk in _chunks(client):
            waiting += chunk
            waiting, startup = self._messages(waiting, startup)
            if self._is_swallowing:
                continue
            with suppress(OSError):
                server.sendall(chunk)

    def _messages(self, waiting: bytes, startup: bool) -> tuple[bytes, bool]:
        while len(waiting) >= 8 if startup else len(waiting) >= 5:
            (size,) = struct.unpack(">I", waiting[0:4] if startup else waiting[1:5])
            whole = size if startup else size + 1
            if len(waiting) < whole:
                break
            if startup:
                # An encryption request (8 bytes) comes before the real start.
                startup = whole == 8
            elif waiting[:1] in (b"S", b"Q"):
                self.round_trips += 1
            waiting = waiting[whole:]
        return waiting, startup


def _end(one: socket.socket) -> None:
    """Closes it also for a thread that waits at it: else that one wakes up at the next socket of the same number."""
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    for chunk in _chunks(source):
        try:
            target.sendall(chunk)
        except OSError:
            return


def _chunks(source: socket.socket):  # type: ignore[no-untyped-def]
    while True:
        try:
            chunk = source.recv(65536)
        except OSError:
            return
        if not chunk:
            return
        yield chunk
