"""Pushes as finished requests: our own reader takes them for WeChat's."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from benchmarks.wire import Account, Wire
from saas.db import new_id
from saas.wechat.envelope import open_envelope
from saas.wechat.ports import AccountKeys, Mode
from tests.factories.callbacks import AES_KEY, account_keys, fields, text_fields


def account_of(keys: AccountKeys) -> Account:
    return Account(keys.app_id, keys.original_id, keys.token, AES_KEY, keys.mode)


def taken_apart(request: bytes) -> tuple[str, dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    address = urlsplit(lines[0].split(" ")[1])
    assert f"Content-Length: {len(body)}" in lines
    return address.path, dict(parse_qsl(address.query)), body


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.SAFE])
def test_a_request_is_signed_and_sealed(mode: Mode) -> None:
    keys = account_keys(new_id(), mode)
    clear = fields(keys, text_fields("优惠")).encode()
    path, query, body = taken_apart(Wire(account_of(keys)).request(clear))
    assert path == f"/wechat/{keys.app_id}"
    assert open_envelope(body, query, keys).raw == clear
