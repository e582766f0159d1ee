"""The passive replies: what may stand in the answer to a callback (docs/protocol.md, 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar

# What XML 1.0 can't carry, not even in CDATA.
ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Reply:
    """One passive reply; `body` is the XML between MsgType and the end."""

    msg_type: ClassVar[str] = ""

    def body(self) -> str:
        """The reply's own elements."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """As the journal keeps it."""
        own: tuple[str, ...] = self.__slots__
        return {"type": self.msg_type, **{name: getattr(self, name) for name in own}}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, slots=True, repr=False)
class TextReply(Reply):
    """Words; line breaks and `<a href>` are shown."""

    msg_type = "text"
    content: str

    def body(self) -> str:
        """The reply's own elements."""
        return element("Content", self.content)


@dataclass(frozen=True, slots=True, repr=False)
class ImageReply(Reply):
    """A picture, by WeChat's id of it."""

    msg_type = "image"
    media_id: str

    def body(self) -> str:
        """The reply's own elements."""
        return f"<Image>{element('MediaId', self.media_id)}</Image>"


@dataclass(frozen=True, slots=True, repr=False)
class VoiceReply(Reply):
    """A voice message, by WeChat's id of it."""

    msg_type = "voice"
    media_id: str

    def body(self) -> str:
        """The reply's own elements."""
        return f"<Voice>{element('MediaId', self.media_id)}</Voice>"


@dataclass(frozen=True, slots=True, repr=False)
class VideoReply(Reply):
    """A film, by WeChat's id of it."""

    msg_type = "video"
    media_id: str
    title: str = ""
    description: str = ""

    def body(self) -> str:
        """The reply's own elements."""
        title = optional("Title", self.title) + optional("Description", self.description)
        return f"<Video>{element('MediaId', self.media_id)}{title}</Video>"


@dataclass(frozen=True, slots=True, repr=False)
class MusicReply(Reply):
    """A piece of music by its address; the cover must be a thumb of WeChat's."""

    msg_type = "music"
    thumb_media_id: str
    title: str = ""
    description: str = ""
    url: str = ""
    hq_url: str = ""

    def body(self) -> str:
        """The reply's own elements."""
        words = optional("Title", self.title) + optional("Description", self.description)
        places = optional("MusicUrl", self.url) + optional("HQMusicUrl", self.hq_url)
        return f"<Music>{words}{places}{element('ThumbMediaId', self.thumb_media_id)}</Music>"


@dataclass(frozen=True, slots=True, repr=False)
class NewsReply(Reply):
    """One card with picture and link: WeChat delivers no more than one."""

    msg_type = "news"
    title: str
    description: str = ""
    picture_url: str = ""
    url: str = ""

    def body(self) -> str:
        """The reply's own elements."""
        words = element("Title", self.title) + element("Description", self.description)
        places = element("PicUrl", self.picture_url) + element("Url", self.url)
        return f"<ArticleCount>1</ArticleCount><Articles><item>{words}{places}</item></Articles>"


@dataclass(frozen=True, slots=True, repr=False)
class TransferReply(Reply):
    """Hands the fan to Tencent's own customer-service desk, to a named agent if one is given."""

    msg_type = "transfer_customer_service"
    kf_account: str | None = None

    def body(self) -> str:
        """The reply's own elements."""
        return f"<TransInfo>{element('KfAccount', self.kf_account)}</TransInfo>" if self.kf_account else ""


KINDS: tuple[type[Reply], ...] = (
    TextReply,
    ImageReply,
    VoiceReply,
    VideoReply,
    MusicReply,
    NewsReply,
    TransferReply,
)
REPLIES = {kind.msg_type: kind for kind in KINDS}


def reply_from_json(value: dict[str, Any] | None) -> Reply | None:
    """The reply that `to_json` wrote; None stays None. Fields of a newer release are left out."""
    if value is None:
        return None
    kind = REPLIES[value["type"]]
    return kind(**{item.name: value[item.name] for item in fields(kind) if item.name in value})


def element(name: str, value: str) -> str:
    """`<name>` with its value in CDATA; a `]]>` inside is split over two sections, or it would end the first."""
    legal = ILLEGAL.sub("", value)
    return f"<{name}><![CDATA[{legal.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def optional(name: str, value: str) -> str:
    """`<name>`, or nothing when there is no value."""
    return element(name, value) if value else ""
