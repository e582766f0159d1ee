"""A call to WeChat that failed, in words a person can act on and without any secret."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

from flask_babel import LazyString, get_locale

from saas.errors import AppError
from saas.wechat.errcodes import Reaction, meaning_of

SECRET = re.compile(
    r"((?:access_token|component_access_token|secret|refresh_token|appsecret|verify_ticket|code)[\"']?\s*[=:]\s*[\"']?)[^&\s\"',}]+"
)
MAX_ERRMSG = 300


class WeChatError(AppError):
    """WeChat said no, or could not be reached (`errcode` None). `reaction` says what to do, `explanation` why.

    `in_flight`: the call was cut after it may have reached WeChat, so what it asked for may have been done.
    `wait`: how long no further call makes sense.
    """

    code = "wechat_error"
    status = 502
    wait = timedelta(0)

    def __init__(self, errcode: int | None, errmsg: str = "", *, in_flight: bool = False) -> None:
        self.errcode, self.in_flight = errcode, in_flight
        self.errmsg = redact(errmsg)[:MAX_ERRMSG]
        self.meaning = meaning_of(errcode)
        self.reaction: Reaction = self.meaning.reaction
        self.explanation = LazyString(self._in_words)
        super().__init__(self.explanation, errcode=errcode, reaction=self.reaction.value)

    def __str__(self) -> str:
        return f"WeChat {self.errcode}: {self.meaning.en} {self.errmsg}".strip()

    def _in_words(self) -> str:
        locale = get_locale()
        words = self.meaning.zh if locale is None or locale.language == "zh" else self.meaning.en
        return words if self.errcode is None else f"{words} ({self.errcode})"


class Redaction(logging.Filter):
    """Takes tokens out of what the HTTP library logs: WeChat wants them in the address of every call."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the record; never drops it."""
        record.msg, record.args = redact(record.getMessage()), ()
        return True


def redact(words: str) -> str:
    """The words without tokens and secrets."""
    return SECRET.sub(r"\1***", words)
