"""What may stand behind a proxy: processes that answer at once, late, not at all, or go in the middle."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

QUIET, LATE, SILENCE = 0.5, 2.2, 7.0


class Upstream(BaseHTTPRequestHandler):
    """Answers with the name of its process and what it was told about the visitor; streams on /live."""

    server: NamedServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.split("?")[0] == "/live":
            self._stream()
            return
        told = [self.headers.get(name, "") for name in ("Host", "X-Forwarded-For", "X-Forwarded-Proto")]
        self.answer("|".join([self.server.name, *told]).encode())

    def do_POST(self) -> None:
        size = len(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(f"{self.server.name}|{size}".encode())

    def log_message(self, *_: object) -> None:
        """Stays silent."""

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(f"data: {self.server.name}\n\n".encode())
        time.sleep(QUIET)


class Late(Upstream):
    """Answers almost as late as a process of ours may."""

    def answer(self, body: bytes) -> None:
        time.sleep(LATE)
        super().answer(body)


class Silent(Upstream):
    """Takes what it is sent and answers nothing, for longer than WeChat waits."""

    def answer(self, body: bytes) -> None:
        time.sleep(SILENCE)


class Cut(Upstream):
    """Takes what it is sent and goes."""

    def answer(self, body: bytes) -> None:
        self.close_connection = True


class NamedServer(ThreadingHTTPServer):
    """One of the processes."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, name: str, kind: type[Upstream] = Upstream) -> None:
        super().__init__(("127.0.0.1", 0), kind)
        self.name = name
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
