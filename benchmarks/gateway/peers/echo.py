"""Bare Flask and wechatpy, as its documentation shows it: checks, parses, answers the fan's own words, keeps nothing."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

from benchmarks.gateway.account import AES_KEY, APP_ID, PATH, TOKEN

app = Flask(__name__)
crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


@app.post(PATH)
def receive() -> Response:
    """One callback of either mode."""
    values = request.args
    try:
        check_signature(TOKEN, values.get("signature", ""), values.get("timestamp", ""), values.get("nonce", ""))
    except InvalidSignatureException:
        abort(403)
    sealed = values.get("encrypt_type") == "aes"
    body = _opened(request.data) if sealed else request.data
    message = parse_message(body)
    words = message.content if message.type == "text" else "收到"
    answer = create_reply(words, message).render()
    if sealed:
        answer = crypto.encrypt_message(answer, values["nonce"], values["timestamp"])
    return Response(answer, content_type="application/xml; charset=utf-8")


def _opened(body: bytes) -> str:
    values = request.args
    opened: str = crypto.decrypt_message(body, values["msg_signature"], values["timestamp"], values["nonce"])
    return opened
