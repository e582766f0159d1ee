"""Failures in words, without secrets."""

from __future__ import annotations

import logging

import pytest

from saas.wechat.errcodes import FAMILIES, MEANINGS, Reaction, meaning_of
from saas.wechat.errors import Redaction, WeChatError, redact


def test_errors_speak_the_readers_language(app):
    error = WeChatError(45047)
    assert str(error.explanation) == "可主动发送的客服消息已用完，需等粉丝再次互动。 (45047)"
    assert error.reaction is Reaction.WAIT
    assert str(WeChatError(123456).explanation).endswith("(123456)")


def test_codes_have_one_meaning():
    for codes, meaning in FAMILIES:
        for code in codes:
            assert meaning_of(code) == MEANINGS.get(code, meaning)
    assert meaning_of(None).reaction is Reaction.RETRY


@pytest.mark.parametrize(
    "words",
    [
        "GET /cgi-bin/user/get?access_token=CANARY&next_openid=",
        "/cgi-bin/token?appid=wx1&secret=CANARY",
        '{"access_token":"CANARY","expires_in":7200}',
        "component_access_token=CANARY",
    ],
)
def test_tokens_are_redacted(words):
    assert "CANARY" not in redact(words)
    record = logging.LogRecord("urllib3", logging.DEBUG, "", 0, "%s", (words,), None)
    assert Redaction().filter(record)
    assert "CANARY" not in record.getMessage()
