"""What a message, an event or an answer looks like in a timeline: a type, words, and particulars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from saas.wechat.messages import (
    Click,
    Event,
    Image,
    Inbound,
    Link,
    Location,
    LocationPicked,
    LocationReport,
    Message,
    PicturesPicked,
    Scan,
    ScanCode,
    Subscribe,
    TemplateSent,
    Text,
    Video,
    Voice,
)
from saas.wechat.replies import MusicReply, NewsReply, Reply, TextReply, TransferReply, VideoReply

EVENT = "event"
TEMPLATE = "template"
PRESENCE = "presence"
"""Kept, so that it can be forgotten, but never shown: a place that is reported every few seconds, what became of a message."""


@dataclass(frozen=True, slots=True)
class Described:
    """One line of a timeline."""

    type: str
    content: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def is_event(self) -> bool:
        """Whether nothing was said."""
        return self.type in (EVENT, PRESENCE)


def describe(inbound: Inbound) -> Described:
    """A message of a fan as the timeline shows it."""
    form = _FORMS.get(type(inbound))
    if form is None:
        form = _FORMS[type(inbound)] = next((_INBOUND[cls] for cls in type(inbound).__mro__ if cls in _INBOUND), _other)
    return form(inbound)


def describe_reply(reply: Reply) -> Described:
    """An answer as the timeline shows it."""
    if isinstance(reply, TextReply):
        return Described("text", reply.content)
    extra = {name: value for name, value in reply.to_json().items() if name != "type" and value}
    if isinstance(reply, NewsReply | MusicReply | VideoReply):
        words = "\n".join(part for part in (reply.title, reply.description) if part)
        return Described(reply.msg_type, words, extra)
    if isinstance(reply, TransferReply):
        return Described("transfer_customer_service")
    return Described(reply.msg_type, "", extra)


def _text(message: Text) -> Described:
    return Described("text", message.content, _kept(menu_id=message.bizmsgmenuid))


def _image(message: Image) -> Described:
    return Described("image", "", _kept(url=message.pic_url, media_id=message.media_id))


def _voice(message: Voice) -> Described:
    return Described("voice", message.recognition, _kept(media_id=message.media_id, format=message.format))


def _video(message: Video) -> Described:
    return Described(
        message.msg_type.lower(), "", _kept(media_id=message.media_id, thumb_media_id=message.thumb_media_id)
    )


def _location(message: Location) -> Described:
    return Described("location", message.label, {"latitude": message.latitude, "longitude": message.longitude})


def _link(message: Link) -> Described:
    words = "\n".join(part for part in (message.title, message.description) if part)
    return Described("link", words, _kept(url=message.url))


def _other(message: Inbound) -> Described:
    return Described(message.msg_type.lower() or "unknown")


def _event(act: Event) -> Described:
    return Described(EVENT, "", _kept(event=act.event_name, key=act.event_key))


def _subscribe(act: Subscribe) -> Described:
    return Described(EVENT, "", _kept(event="subscribe", key=act.scene))


def _scan(act: Scan) -> Described:
    return Described(EVENT, "", _kept(event="scan", key=act.scene))


def _click(act: Click) -> Described:
    return Described(EVENT, "", _kept(event="click", key=act.event_key))


def _scan_code(act: ScanCode) -> Described:
    return Described(EVENT, act.scan_result, _kept(event=act.event_name, key=act.event_key))


def _pictures(act: PicturesPicked) -> Described:
    return Described(EVENT, "", _kept(event=act.event_name, key=act.event_key, count=act.count))


def _picked(act: LocationPicked) -> Described:
    return Described(EVENT, act.label, _kept(event=act.event_name, key=act.event_key))


def _report(_report: LocationReport | TemplateSent) -> Described:
    return Described(PRESENCE)


def _kept(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


_INBOUND: dict[type[Inbound], Callable[[Any], Described]] = {
    Click: _click,
    Event: _event,
    Image: _image,
    Link: _link,
    Location: _location,
    LocationPicked: _picked,
    LocationReport: _report,
    Message: _other,
    PicturesPicked: _pictures,
    Scan: _scan,
    ScanCode: _scan_code,
    Subscribe: _subscribe,
    TemplateSent: _report,
    Text: _text,
    Video: _video,
    Voice: _voice,
}
_FORMS: dict[type[Inbound], Callable[[Any], Described]] = {}
"""The form of each class that was met: its own or that of the nearest class above it."""
