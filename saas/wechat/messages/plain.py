"""What a fan sends: text, pictures, voice, places (docs/protocol.md, 4.1)."""

from __future__ import annotations

from saas.wechat.messages.base import Inbound, decimal, digest, integer, message, name, text


@message()
class Message(Inbound):
    """A message proper: has an id; opened from an article, it also says which."""

    message_id: str = name("MsgId", default="")
    msg_data_id: str = text("MsgDataId", default="")
    idx: int | None = integer("Idx", default=None)

    @property
    def msg_id(self) -> str | None:
        """WeChat's id: 64 bits and more, so text."""
        return self.message_id or None


@message("text")
class Text(Message):
    """`bizmsgmenuid` is set when the fan tapped an item of a message menu that we had sent."""

    content: str = text("Content")
    bizmsgmenuid: str = text("bizmsgmenuid", default="")


@message("image")
class Image(Message):
    """A picture; kept by WeChat for three days."""

    pic_url: str = text("PicUrl", default="")
    media_id: str = text("MediaId")


@message("voice")
class Voice(Message):
    """A voice message; `recognition` is WeChat's guess at the words, where switched on."""

    media_id: str = text("MediaId")
    format: str = text("Format", default="")
    media_id_16k: str = text("MediaId16K", default="")
    recognition: str = text("Recognition", default="")


@message("video")
class Video(Message):
    """A film from the album."""

    media_id: str = text("MediaId")
    thumb_media_id: str = text("ThumbMediaId", default="")


@message("shortvideo")
class ShortVideo(Video):
    """A film taken on the spot."""


@message("location")
class Location(Message):
    """A place (GCJ-02) that the fan picked."""

    latitude: float = decimal("Location_X")
    longitude: float = decimal("Location_Y")
    scale: int | None = integer("Scale", default=None)
    label: str = text("Label", default="")


@message("link")
class Link(Message):
    """A page that the fan shared."""

    title: str = text("Title", default="")
    description: str = text("Description", default="")
    url: str = text("Url")


@message()
class Unknown(Message):
    """A type this code doesn't know, kept as it came: see `raw_fields`."""

    message_id: str = text("MsgId", default="")

    @property
    def identity(self) -> str:
        """Its id; a type without ids is told apart by all its fields."""
        return self.message_id or digest(self.tree)
