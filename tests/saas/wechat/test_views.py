"""The callback's door, on a real PostgreSQL."""

from __future__ import annotations

import pytest

from saas.wechat.ports import Mode
from tests.factories.callbacks import fields, opened, query_of, text_fields


def test_verification_echoes(client, connect):
    keys = connect()
    response = client.get(f"/wechat/{keys.app_id}", query_string=query_of(keys, echostr="4375120948345356249"))
    assert (response.status_code, response.text) == (200, "4375120948345356249")
    assert "Set-Cookie" not in response.headers


def test_verification_refuses_a_wrong_signature(client, connect):
    keys = connect()
    query = query_of(keys, echostr="1") | {"signature": "0" * 40}
    response = client.get(f"/wechat/{keys.app_id}", query_string=query)
    assert (response.status_code, response.text) == (403, "")


def test_plain_text_is_answered_in_clear(connect, post):
    keys = connect()
    response = post(keys, fields(keys, text_fields("优惠")))
    assert response.status_code == 200
    assert "<Content><![CDATA[echo 优惠]]></Content>" in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE, Mode.SAFE])
def test_sealed_text_is_answered_sealed(connect, post, mode):
    keys = connect(mode)
    response = post(keys, fields(keys, text_fields("优惠")))
    assert "echo" not in response.text
    assert "<Content><![CDATA[echo 优惠]]></Content>" in opened(keys, response.text)
