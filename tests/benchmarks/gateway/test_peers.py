"""The peers answer the prepared pushes in both modes, or the comparison says nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from wechatpy.crypto import WeChatCrypto

from benchmarks.gateway import account, crowd
from benchmarks.gateway.peers import echo, robot
from benchmarks.pushes import text
from benchmarks.wire import Wire

NOW = 1_795_000_000


@pytest.mark.parametrize("app", [echo.app, robot.app], ids=["echo", "robot"])
@pytest.mark.parametrize("mode", account.MODES)
def test_a_peer_says_the_words_again(app: Flask, mode: str) -> None:
    clear = text(crowd.head(1, NOW), "拿铁价格", 7)
    head, _, body = Wire(account.account(mode)).request(clear).partition(b"\r\n\r\n")
    response = app.test_client().post(head.split(b" ")[1].decode(), data=body)
    assert response.status_code == 200
    assert "拿铁价格" in opened(response.text, mode)


@pytest.mark.parametrize("app", [echo.app, robot.app], ids=["echo", "robot"])
def test_a_peer_checks_the_signature(app: Flask) -> None:
    clear = text(crowd.head(1, NOW), "拿铁价格", 7)
    response = app.test_client().post(f"{account.PATH}?signature=0&timestamp=1&nonce=1", data=clear)
    assert response.status_code == 403


def opened(body: str, mode: str) -> str:
    if mode == "plain":
        return body
    parts = {name: body.split(f"<{name}>")[1].split("</")[0] for name in ("MsgSignature", "TimeStamp", "Nonce")}
    words = {name: value.removeprefix("<![CDATA[").removesuffix("]]>") for name, value in parts.items()}
    crypto = WeChatCrypto(account.TOKEN, account.AES_KEY, account.APP_ID)
    clear: str = crypto.decrypt_message(body, words["MsgSignature"], words["TimeStamp"], words["Nonce"])
    return clear
