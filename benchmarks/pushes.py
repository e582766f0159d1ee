"""Messages and events as WeChat writes them down, before they are signed. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """Whom it is for, who says it, and when."""

    original_id: str
    openid: str
    created_at: int


def text(head: Head, words: str, number: int) -> bytes:
    """A text."""
    return _wrapped(head, f"{_data('MsgType', 'text')}{_data('Content', words)}<MsgId>{number}</MsgId>")


def image(head: Head, number: int) -> bytes:
    """A picture."""
    inner = _data("PicUrl", f"http://mmbiz.qpic.cn/mmbiz_jpg/{number}/0") + _data("MediaId", f"m{number}")
    return _wrapped(head, f"{_data('MsgType', 'image')}{inner}<MsgId>{number}</MsgId>")


def event(head: Head, name: str, key: str = "") -> bytes:
    """An event. It has no MsgId: WeChat's own key is fan and second."""
    return _wrapped(head, f"{_data('MsgType', 'event')}{_data('Event', name)}{_data('EventKey', key)}")


def _wrapped(head: Head, inner: str) -> bytes:
    outer = _data("ToUserName", head.original_id) + _data("FromUserName", head.openid)
    return f"<xml>{outer}<CreateTime>{head.created_at}</CreateTime>{inner}</xml>".encode()


def _data(name: str, value: str) -> str:
    return f"<{name}><![CDATA[{value}]]></{name}>"
