"""What sources, states and kinds of messages are called on the pages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

Labels = Mapping[str, LazyString]

STATES: Labels = {
    "subscribed": _l("Following"),
    "left": _l("Has left"),
    "erased": _l("Forgotten"),
}
SOURCES: Labels = {
    "scan": _l("Scanned a code"),
    "search": _l("Search in WeChat"),
    "profile_card": _l("Card shared by a friend"),
    "profile_link": _l("Name tapped in an article"),
    "profile_item": _l("Menu of an article"),
    "paid": _l("After paying"),
    "wechat_advertisement": _l("Advertisement"),
    "reprint": _l("Reprinted article"),
    "livestream": _l("Live broadcast"),
    "channels": _l("WeChat Channels"),
    "wxa": _l("Mini program"),
    "account_migration": _l("Moved from another account"),
    "others": _l("Other"),
    "unknown": _l("Not known"),
}
ACTIVE: Labels = {
    "2": _l("Last 48 hours"),
    "7": _l("Last 7 days"),
    "30": _l("Last 30 days"),
    "90": _l("Last 90 days"),
}
TYPES: Labels = {
    "text": _l("Text"),
    "image": _l("Picture"),
    "voice": _l("Voice"),
    "video": _l("Video"),
    "shortvideo": _l("Short video"),
    "location": _l("Location"),
    "link": _l("Link"),
    "news": _l("Card with a link"),
    "music": _l("Music"),
    "event": _l("Events"),
}
AUTHORS: Labels = {"fan": _l("From fans"), "robot": _l("From the robot"), "agent": _l("From a person")}
SORTS: Labels = {
    "-created_at": _l("Newest first"),
    "created_at": _l("Oldest first"),
    "-last_active_at": _l("Last active first"),
    "last_active_at": _l("Longest silent first"),
}
