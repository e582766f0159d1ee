"""Passive replies: what an answer to a push says, or why WeChat would not accept it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from saas.simulator import wire
from saas.simulator.accounts import Account

Fields = Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """A readable answer: the clear XML and what it says; `reply` is None for `success` and the empty body."""

    clear: str
    reply: Mapping[str, object] | None


def read(account: Account, body: bytes, *, openid: str, text_limit: int) -> Answer:
    """Raises ValueError with the reason when WeChat would show its sentence of failure instead."""
    text = body.decode("utf-8")
    if text in ("", "success"):
        return Answer(text, None)
    clear = wire.open_answer(account, text)
    fields = wire.parse(clear)
    if fields.get("ToUserName") != openid or fields.get("FromUserName") != account.original_id:
        raise ValueError("ToUserName or FromUserName is not the other side's")
    if not re.fullmatch(r"\d{1,12}", _text(fields, "CreateTime")):
        raise ValueError("CreateTime is not a number")
    kind = _text(fields, "MsgType")
    if kind not in KINDS:
        raise ValueError("unknown MsgType")
    if len(_text(fields, "Content").encode()) > text_limit:
        raise ValueError("Content is too long")
    return Answer(clear, {"type": kind, **KINDS[kind](fields)})


def media_ids(reply: Mapping[str, object]) -> list[str]:
    """The media an answer refers to."""
    return [str(reply[name]) for name in ("media_id", "thumb_media_id") if reply.get(name)]


def _plain_text(fields: Fields) -> dict[str, object]:
    content = _text(fields, "Content")
    if not content:
        raise ValueError("Content is empty")
    return {"content": content}


def _media(name: str) -> Callable[[Fields], dict[str, object]]:
    def read_media(fields: Fields) -> dict[str, object]:
        inner = _group(fields, name)
        return {
            "media_id": _needed(inner, "MediaId"),
            "title": _text(inner, "Title"),
            "description": _text(inner, "Description"),
        }

    return read_media


def _music(fields: Fields) -> dict[str, object]:
    inner = _group(fields, "Music")
    names = {"title": "Title", "description": "Description", "url": "MusicUrl", "hq_url": "HQMusicUrl"}
    return {
        **{ours: _text(inner, theirs) for ours, theirs in names.items()},
        "thumb_media_id": _text(inner, "ThumbMediaId"),
    }


def _news(fields: Fields) -> dict[str, object]:
    """One article is delivered; more are cut, as WeChat does since 2018."""
    items = _group(fields, "Articles").get("item")
    first = items[0] if isinstance(items, list) and items else items
    if not isinstance(first, Mapping) or not _text(fields, "ArticleCount").isdecimal():
        raise ValueError("no article")
    names = {"title": "Title", "description": "Description", "picture_url": "PicUrl", "url": "Url"}
    return {ours: _text(first, theirs) for ours, theirs in names.items()}


def _transfer(fields: Fields) -> dict[str, object]:
    return {"kf_account": _text(_group(fields, "TransInfo"), "KfAccount")} if "TransInfo" in fields else {}


def _text(fields: Fields, name: str) -> str:
    found = fields.get(name)
    if found is not None and not isinstance(found, str):
        raise ValueError(f"{name} is not a text")
    return found or ""


def _needed(fields: Fields, name: str) -> str:
    found = _text(fields, name)
    if not found:
        raise ValueError(f"{name} is missing")
    return found


def _group(fields: Fields, name: str) -> Fields:
    found = fields.get(name)
    if not isinstance(found, Mapping):
        raise ValueError(f"{name} is missing")
    return found


KINDS: Mapping[str, Callable[[Fields], dict[str, object]]] = {
    "text": _plain_text,
    "image": _media("Image"),
    "voice": _media("Voice"),
    "video": _media("Video"),
    "music": _music,
    "news": _news,
    "transfer_customer_service": _transfer,
}
