"""Every message and event of WeChat as a frozen record (docs/protocol.md, 4)."""

from __future__ import annotations

from saas.wechat.messages.acts import (
    Click,
    Event,
    LocationPicked,
    LocationReport,
    PicturesPicked,
    Scan,
    ScanCode,
    Subscribe,
    UnknownEvent,
    Unsubscribe,
    View,
    ViewMiniProgram,
)
from saas.wechat.messages.base import EVENTS, MESSAGES, Inbound, Missing, read_as
from saas.wechat.messages.cards import (
    CardEvent,
    CardGiven,
    CardNotice,
    CardOrder,
    CardPaid,
    CardRedeemed,
    CardTaken,
    MemberCardChanged,
)
from saas.wechat.messages.notices import (
    AgentSession,
    AgentSwitched,
    Article,
    MassSent,
    NoticeAsked,
    NoticeItem,
    NoticeRefused,
    NoticeSent,
    PersonalDataNotice,
    Published,
    TemplateSent,
    VerificationFailed,
    VerificationNotice,
)
from saas.wechat.messages.plain import Image, Link, Location, Message, ShortVideo, Text, Unknown, Video, Voice
from saas.wechat.xml_reader import Tree

__all__ = [
    "EVENTS",
    "MESSAGES",
    "AgentSession",
    "AgentSwitched",
    "Article",
    "CardEvent",
    "CardGiven",
    "CardNotice",
    "CardOrder",
    "CardPaid",
    "CardRedeemed",
    "CardTaken",
    "Click",
    "Event",
    "Image",
    "Inbound",
    "Link",
    "Location",
    "LocationPicked",
    "LocationReport",
    "MassSent",
    "MemberCardChanged",
    "Message",
    "Missing",
    "NoticeAsked",
    "NoticeItem",
    "NoticeRefused",
    "NoticeSent",
    "PersonalDataNotice",
    "PicturesPicked",
    "Published",
    "Scan",
    "ScanCode",
    "ShortVideo",
    "Subscribe",
    "TemplateSent",
    "Text",
    "Unknown",
    "UnknownEvent",
    "Unsubscribe",
    "VerificationFailed",
    "VerificationNotice",
    "Video",
    "View",
    "ViewMiniProgram",
    "Voice",
    "message_from",
]


def message_from(tree: Tree, raw: bytes) -> Inbound:
    """The record of a callback's fields; raises Missing when one is absent without which it means nothing."""
    return read_as(_class_of(tree), tree, raw)


def _class_of(tree: Tree) -> type[Inbound]:
    kind = str(tree.get("MsgType", "")).lower()
    if kind == "event":
        return EVENTS.get(str(tree.get("Event", "")).lower(), UnknownEvent)
    return MESSAGES.get(kind, Unknown)
