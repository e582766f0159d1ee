"""From what a fan sends to the fields of the push: every message type of the protocol."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from saas.simulator.errcodes import Refused

Values = Mapping[str, object]
UNSUPPORTED = "[收到不支持的消息类型，暂无法显示]"
SILENT = ("view", "view_miniprogram", "unsubscribe", "kf_", "subscribe_msg_", "templatesend", "masssend", "publishjob", "user_", "qualification",
          "naming", "annual", "verify")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Push:
    """A callback to be made, and what the phone shows on the fan's side."""

    msg_type: str
    fields: Values
    event: str = ""
    grants: str = ""
    shown: Values = field(default_factory=dict)
    created_at: int = 0
    msg_id: str = ""

    @property
    def answerable(self) -> bool:
        """Whether WeChat shows an answer, or the sentence of failure, in the chat."""
        return not (self.event and self.event.lower().startswith(SILENT))


def message(values: Values) -> Push:
    """The push of a message; raises Refused for an unknown type or a missing field."""
    kind = str(values.get("type") or "")
    if kind not in MESSAGES:
        raise Refused(f"unknown message type: {kind}")
    push = MESSAGES[kind](values)
    number = str(values.get("created_at") or 0)
    return Push(
        msg_type=push.msg_type,
        fields={**push.fields, **_from_article(values)},
        grants="menu" if values.get("bizmsgmenuid") else "message",
        shown=push.shown,
        created_at=int(number),
        msg_id=str(values.get("msg_id") or ""),
    )


def event(name: str, fields: Values, *, grants: str = "", shown: Values | None = None, created_at: object = 0) -> Push:
    """The push of an event with its own fields."""
    return Push(
        msg_type="event",
        event=name,
        fields={"Event": name, **fields},
        grants=grants,
        shown=shown or {},
        created_at=int(str(created_at or 0)),
    )


def text_of(values: Values, name: str, default: str | None = None) -> str:
    """A text among the values; raises Refused when it is missing."""
    found = values.get(name, default)
    if found is None:
        raise Refused(f"missing: {name}")
    return str(found)


def number_of(values: Values, name: str) -> float:
    """A number among the values; raises Refused when it is none."""
    try:
        return float(text_of(values, name))
    except ValueError:
        raise Refused(f"not a number: {name}") from None


def _text(values: Values) -> Push:
    content = text_of(values, "content")
    fields = {"Content": content}
    if values.get("bizmsgmenuid"):
        fields["bizmsgmenuid"] = str(values["bizmsgmenuid"])
    return Push(msg_type="text", fields=fields, shown={"type": "text", "content": content})


def _sticker(values: Values) -> Push:
    """A custom sticker reaches an account as this text, whatever it shows on the phone."""
    shown = {"type": "sticker", "name": text_of(values, "name", "")}
    return Push(msg_type="text", fields={"Content": UNSUPPORTED}, shown=shown)


def _image(values: Values) -> Push:
    media_id = _media_id(values)
    fields = {"PicUrl": text_of(values, "pic_url", "http://mmbiz.qpic.cn/mmbiz_jpg/demo/0"), "MediaId": media_id}
    return Push(msg_type="image", fields=fields, shown={"type": "image", "media_id": media_id})


def _voice(values: Values) -> Push:
    media_id = _media_id(values)
    fields = {"MediaId": media_id, "Format": text_of(values, "format", "amr")}
    if values.get("recognition") is not None:
        fields["Recognition"] = text_of(values, "recognition")
    shown = {
        "type": "voice",
        "media_id": media_id,
        "seconds": values.get("seconds", 3),
        "recognition": fields.get("Recognition", ""),
    }
    return Push(msg_type="voice", fields=fields, shown=shown)


def _video(values: Values) -> Push:
    kind, media_id = text_of(values, "type"), _media_id(values)
    fields = {"MediaId": media_id, "ThumbMediaId": text_of(values, "thumb_media_id", media_id)}
    return Push(msg_type=kind, fields=fields, shown={"type": kind, "media_id": media_id})


def _location(values: Values) -> Push:
    latitude, longitude, label = (
        number_of(values, "latitude"),
        number_of(values, "longitude"),
        text_of(values, "label", ""),
    )
    fields = {
        "Location_X": latitude,
        "Location_Y": longitude,
        "Scale": int(str(values.get("scale") or 16)),
        "Label": label,
    }
    return Push(
        msg_type="location",
        fields=fields,
        shown={"type": "location", "latitude": latitude, "longitude": longitude, "label": label},
    )


def _link(values: Values) -> Push:
    names = ("title", "description", "url")
    found = {name: text_of(values, name, None if name == "url" else "") for name in names}
    fields = {"Title": found["title"], "Description": found["description"], "Url": found["url"]}
    return Push(msg_type="link", fields=fields, shown={"type": "link", **found})


def _file(values: Values) -> Push:
    title = text_of(values, "title", "file.pdf")
    fields = {"Title": title, "Description": "", "FileKey": "simulated", "FileMd5": "0" * 32, "FileTotalLen": 1024}
    return Push(msg_type="file", fields=fields, shown={"type": "file", "title": title})


def _miniprogram(values: Values) -> Push:
    title = text_of(values, "title", "")
    fields = {"Title": title, "AppId": text_of(values, "appid"), "PagePath": text_of(values, "page_path", ""),
              "ThumbUrl": "", "ThumbMediaId": ""}  # fmt: skip
    return Push(msg_type="miniprogrampage", fields=fields, shown={"type": "miniprogrampage", "title": title})


def _raw(values: Values) -> Push:
    """Any other message, its fields as given: to try what a new kind of message does."""
    fields = values.get("fields")
    if not isinstance(fields, Mapping):
        raise Refused("missing: fields")
    return Push(
        msg_type=text_of(values, "msg_type"),
        fields=dict(fields),
        shown={"type": "unknown", "name": text_of(values, "msg_type")},
    )


def _media_id(values: Values) -> str:
    return text_of(values, "media_id", f"sim-{secrets.token_hex(8)}")


def _from_article(values: Values) -> dict[str, object]:
    if not values.get("msg_data_id"):
        return {}
    return {"MsgDataId": str(values["msg_data_id"]), "Idx": int(str(values.get("idx") or 1))}


MESSAGES: Mapping[str, Callable[[Values], Push]] = {
    "text": _text,
    "sticker": _sticker,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
    "file": _file,
    "miniprogrampage": _miniprogram,
    "raw": _raw,
}
