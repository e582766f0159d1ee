"""The refusals of the simulator: Tencent's error codes, and our own of the administrative API."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString

TEXTS: Mapping[int, str] = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at "
    "https://mmbizurl.cn/s/JtxxFh33r",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid meida size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40010: "invalid voice size",
    40011: "invalid video size",
    40012: "invalid thumb size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40032: "invalid openid list size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40035: "invalid args size",
    40037: "invalid template_id",
    40053: "invalid action info",
    40059: "invalid msg id",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40130: "invalid openid list size, at least two openid",
    40152: "invalid group id",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41009: "openid missing",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43019: "require remove blacklist",
    44001: "empty media data",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45026: "template num exceeds limit",
    45028: "has no masssend quota",
    45047: "out of response count limit",
    45056: "out of tag count limit",
    45057: "can't modify tag with more than 100000 fans",
    45058: "can't modify sys tag",
    45059: "can't tag more than 20 tags",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45067: "clientmsgid size out of limit",
    45072: "invalid command",
    45157: "invalid tag name",
    45158: "tag name too long",
    45159: "invalid tag",
    46003: "menu no exist",
    46004: "user not exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    61003: "component is not authorized by this account",
    61004: "access clientip is not registered",
    61005: "component ticket is expired",
    61006: "component ticket is invalid",
    61007: "api is unauthorized to component",
    61009: "code is invalid",
    61010: "code is expired",
    61011: "invalid component",
    61023: "refresh_token is invalid",
    61500: "date format error",
    61501: "date range error",
    65301: "menuid not exist",
    65303: "there is no selfmenu, please create selfmenu first",
}


class SimulatorError(Exception):
    """What the simulator says no to."""


class ApiError(SimulatorError):
    """Tencent's refusal: HTTP 200 with errcode and errmsg, and sometimes more."""

    def __init__(self, code: int, hint: str = "", *, data: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.hint = hint
        self.data = dict(data or {})

    @property
    def text(self) -> str:
        """The sentence that goes with the code."""
        text = TEXTS.get(self.code, "error")
        return f"{text} hint: [{self.hint}]" if self.hint else text


class Refused(SimulatorError):
    """The administrative API or the phone asked for something that can't be done."""

    def __init__(self, reason: str | LazyString, status: int = 422) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
