"""What a fan does: follows, scans, taps the menu, lets a place be known (docs/protocol.md, 4.2)."""

from __future__ import annotations

from saas.wechat.messages.base import Inbound, decimal, digest, event, integer, name, records, text

SCENE_PREFIX = "qrscene_"
TRADE_PREFIX = "last_trade_no_"


@event()
class Event(Inbound):
    """An act without words. `event` is as WeChat wrote it; `event_name` is what to compare."""

    msg_type: str = name("MsgType", default="event")
    event: str = name("Event", default="")
    event_key: str = text("EventKey", default="")

    @property
    def event_name(self) -> str:
        """The event in lower case: WeChat writes some upper, some lower."""
        return self.event.lower()


@event("subscribe")
class Subscribe(Event):
    """A follow: by itself, through a code (`scene`), or after a payment (`last_trade_no`)."""

    ticket: str = text("Ticket", default="")

    @property
    def scene(self) -> str | None:
        """The scene of the code that brought the fan."""
        return _after(self.event_key, SCENE_PREFIX)

    @property
    def last_trade_no(self) -> str | None:
        """The order after whose payment the fan followed."""
        return _after(self.event_key, TRADE_PREFIX)


@event("unsubscribe")
class Unsubscribe(Event):
    """An unfollow: what we know about the fan must go."""


@event("SCAN")
class Scan(Event):
    """A code scanned by somebody who follows already."""

    ticket: str = text("Ticket", default="")

    @property
    def scene(self) -> str | None:
        """The scene of the code."""
        return self.event_key or None


@event("LOCATION")
class LocationReport(Event):
    """Where the fan is, sent by the client on entering the chat; no act of the fan."""

    latitude: float = decimal("Latitude")
    longitude: float = decimal("Longitude")
    precision: float | None = decimal("Precision", default=None)


@event("CLICK")
class Click(Event):
    """A menu button tapped; `event_key` is the button's key."""


@event("VIEW")
class View(Event):
    """A menu link opened; `event_key` is the address. WeChat shows no reply."""

    menu_id: str = text("MenuId", default="")


@event("view_miniprogram")
class ViewMiniProgram(Event):
    """A mini program opened from the menu; `event_key` is its page."""

    menu_id: str = text("MenuId", default="")


@event("scancode_push", "scancode_waitmsg")
class ScanCode(Event):
    """Something scanned through a menu button."""

    scan_type: str = text("ScanCodeInfo/ScanType", default="")
    scan_result: str = text("ScanCodeInfo/ScanResult", default="")


@event("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
class PicturesPicked(Event):
    """Pictures picked through a menu button; they follow as image messages."""

    count: int | None = integer("SendPicsInfo/Count", default=None)
    checksums: tuple[str, ...] = records(
        "SendPicsInfo/PicList/item", lambda item: str(item.get("PicMd5Sum", "")), default=()
    )


@event("location_select")
class LocationPicked(Event):
    """A place picked through a menu button; a location message follows."""

    latitude: float | None = decimal("SendLocationInfo/Location_X", default=None)
    longitude: float | None = decimal("SendLocationInfo/Location_Y", default=None)
    scale: int | None = integer("SendLocationInfo/Scale", default=None)
    label: str = text("SendLocationInfo/Label", default="")
    poi_name: str = text("SendLocationInfo/Poiname", default="")


@event()
class UnknownEvent(Event):
    """An event this code doesn't know, kept as it came: see `raw_fields`."""

    @property
    def identity(self) -> str:
        """All its fields: nobody knows which of them tells two apart."""
        return digest(self.tree)


def _after(key: str, prefix: str) -> str | None:
    return key.removeprefix(prefix) if key.startswith(prefix) else None
