"""Customer-service messages: what may be sent, to whom, how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from saas.simulator import allowance, chat, ledger, media
from saas.simulator.api import users
from saas.simulator.errcodes import ApiError
from saas.simulator.fans import Fan
from saas.simulator.gate import Answer, Call, Routes
from saas.simulator.ledger import Booking

routes = Routes()
Shown = dict[str, object]
TEXT_LIMIT = 2048
TYPING_SECONDS = 15


@routes.post("/cgi-bin/message/custom/send", raw_text=True)
def send(call: Call) -> Answer:
    """One message, if the fan's allowance lasts; no message id, as with Tencent."""
    fan = _receiver(call)
    kind = call.text("msgtype", 40008)
    if kind not in KINDS:
        raise ApiError(40008)
    shown = KINDS[kind](call, call.group(kind, 40008))
    with call.store.transaction():
        allowance.spend(call.store, call.account, fan)
        content = {"type": kind, **shown}
        chat.record(call.store, fan, "custom", content)
        ledger.book(call.store, [fan], Booking(channel="custom", content=content, marker=call.marker))
        chat.show_typing(call.store, fan, seconds=0)
    return {}


@routes.post("/cgi-bin/message/custom/typing")
def show_typing(call: Call) -> Answer:
    """Shows or ends the sign that somebody is typing."""
    fan, command = _receiver(call), call.text("command", 45072)
    if command not in ("Typing", "CancelTyping"):
        raise ApiError(45072)
    if not allowance.list_open(call.store, call.account, fan):
        raise ApiError(45015)
    chat.show_typing(call.store, fan, seconds=TYPING_SECONDS if command == "Typing" else 0)
    return {}


def _receiver(call: Call) -> Fan:
    fan = users.access(call, call.text("touser", 40003))
    if fan.blocked:
        raise ApiError(43019)
    if not fan.subscribed:
        raise ApiError(45015 if fan.subscribe_time else 43004)
    return fan


def _text(call: Call, group: Mapping[str, object]) -> Shown:
    content = str(group.get("content") or "")
    if not content:
        raise ApiError(44004)
    if len(content.encode()) > TEXT_LIMIT:
        raise ApiError(45002)
    return {"content": content}


def _media(call: Call, group: Mapping[str, object]) -> Shown:
    shown = {"media_id": _media_id(call, group.get("media_id"))}
    return {**shown, "title": str(group.get("title") or ""), "description": str(group.get("description") or "")}


def _music(call: Call, group: Mapping[str, object]) -> Shown:
    thumb = _media_id(call, group.get("thumb_media_id"))
    names = {"title": "title", "description": "description", "url": "musicurl", "hq_url": "hqmusicurl"}
    return {**{ours: str(group.get(theirs) or "") for ours, theirs in names.items()}, "thumb_media_id": thumb}


def _news(call: Call, group: Mapping[str, object]) -> Shown:
    articles = group.get("articles")
    if not isinstance(articles, list) or not articles or not isinstance(articles[0], dict):
        raise ApiError(44003)
    if len(articles) > 1:
        raise ApiError(45008)
    names = {"title": "title", "description": "description", "picture_url": "picurl", "url": "url"}
    return {ours: str(articles[0].get(theirs) or "") for ours, theirs in names.items()}


def _menu(call: Call, group: Mapping[str, object]) -> Shown:
    items = group.get("list")
    if not isinstance(items, list) or not items:
        raise ApiError(40035)
    choices = [
        {"id": str(item.get("id")), "content": str(item.get("content"))} for item in items if isinstance(item, dict)
    ]
    return {
        "head": str(group.get("head_content") or ""),
        "choices": choices,
        "tail": str(group.get("tail_content") or ""),
    }


def _card(call: Call, group: Mapping[str, object]) -> Shown:
    return {
        "title": str(
            group.get("title") or group.get("card_id") or group.get("article_id") or group.get("media_id") or ""
        )
    }


def _media_id(call: Call, value: object) -> str:
    if not value:
        raise ApiError(41006)
    if media.find(call.store, call.account, str(value)) is None:
        raise ApiError(40007)
    return str(value)


KINDS: Mapping[str, Callable[[Call, Mapping[str, object]], Shown]] = {
    "text": _text,
    "image": _media,
    "voice": _media,
    "video": _media,
    "music": _music,
    "news": _news,
    "msgmenu": _menu,
    "mpnews": _card,
    "mpnewsarticle": _card,
    "wxcard": _card,
    "miniprogrampage": _card,
}
