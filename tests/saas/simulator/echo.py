"""A small server of an account, built with wechatpy alone: what the simulator's pushes meet in these tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.messages import BaseMessage
from wechatpy.utils import check_signature
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TOKEN = "AAAAA"
APP_ID = "wxb11529c136998cb6"


@dataclass
class Echo:
    """Answers with the text it got; `answer` and `delay` may be changed by a test."""

    mode: str = "safe"
    delay: float = 0.0
    answer: Callable[[BaseMessage], object] = lambda message: f"echo:{getattr(message, 'content', message.type)}"
    raw: Response | None = None
    seen: list[BaseMessage] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def __call__(self, request: Request) -> Response:
        query = request.args
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
        if request.method == "GET":
            return Response(query["echostr"])
        self.queries.append(query.to_dict())
        message = parse_message(self._open(request))
        self.seen.append(message)
        time.sleep(self.delay)
        return self.raw or Response(self._seal(self.answer(message), message, request))

    def _open(self, request: Request) -> str:
        body, query = request.get_data(as_text=True), request.args
        if self.mode == "plain":
            return body
        return str(self._crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"]))

    def _seal(self, answer: object, message: BaseMessage, request: Request) -> str:
        if answer == "success":
            return "success"
        clear = create_reply(answer, message).render()
        if self.mode == "plain":
            return str(clear)
        return str(self._crypto.encrypt_message(clear, request.args["nonce"], request.args["timestamp"]))

    @property
    def _crypto(self) -> WeChatCrypto:
        return WeChatCrypto(TOKEN, AES_KEY, APP_ID)


@contextmanager
def serving(application: object) -> Iterator[str]:
    """A WSGI application on a port of its own; its address."""
    server = make_server("127.0.0.1", 0, application, threaded=True)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
