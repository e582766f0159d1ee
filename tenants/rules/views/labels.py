"""What triggers, matches, replies and verdicts are called on the pages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from tenants.rules.domain.explaining import Verdict
from tenants.rules.domain.stimulus import Kind
from tenants.rules.domain.triggers import MatchKind, Standing, TriggerType
from tenants.rules.ports import reply_actions

Labels = Mapping[str, LazyString]

TRIGGERS: Labels = {
    TriggerType.KEYWORD: _l("Keyword"),
    TriggerType.EMOJI: _l("Emoji"),
    TriggerType.STICKER: _l("Sticker"),
    TriggerType.MESSAGE_TYPE: _l("Kind of message"),
    TriggerType.SUBSCRIBE: _l("Follow"),
    TriggerType.SCAN: _l("Scan of a code"),
    TriggerType.MENU_CLICK: _l("Tap on the menu"),
    TriggerType.NO_MATCH: _l("Nothing else fits (fallback)"),
}
TRIGGER_ICONS: Mapping[str, str] = {
    TriggerType.KEYWORD: "letter-case",
    TriggerType.EMOJI: "mood-smile",
    TriggerType.STICKER: "sticker",
    TriggerType.MESSAGE_TYPE: "message",
    TriggerType.SUBSCRIBE: "user-plus",
    TriggerType.SCAN: "qrcode",
    TriggerType.MENU_CLICK: "click",
    TriggerType.NO_MATCH: "lifebuoy",
}
MATCHES: Labels = {
    MatchKind.EXACT: _l("Whole message"),
    MatchKind.CONTAINS: _l("Part of the message"),
    MatchKind.PREFIX: _l("Beginning"),
    MatchKind.SUFFIX: _l("End"),
    MatchKind.REGEX: _l("Pattern (RE2)"),
}
MESSAGES: Labels = {
    "text": _l("Text"),
    "image": _l("Picture"),
    "voice": _l("Voice"),
    "video": _l("Video"),
    "shortvideo": _l("Short video"),
    "location": _l("Location"),
    "link": _l("Link"),
    "sticker": _l("Sticker"),
}
REPLIES: Labels = {
    "text": _l("Text"),
    "image": _l("Picture"),
    "voice": _l("Voice"),
    "video": _l("Video"),
    "music": _l("Music"),
    "news": _l("Picture card with a link"),
    "nearest_store": _l("Nearest stores"),
    "transfer_customer_service": _l("Pass to WeChat's own service desk"),
    "none": _l("No answer"),
}
REPLY_ICONS: Mapping[str, str] = {
    "text": "message",
    "image": "photo",
    "voice": "microphone",
    "video": "video",
    "music": "music",
    "news": "article",
    "nearest_store": "map-pin",
    "transfer_customer_service": "headset",
    "none": "volume-off",
}
STANDINGS: Labels = {
    Standing.ACTIVE: _l("On"),
    Standing.DISABLED: _l("Off"),
    Standing.ENDED: _l("Ended"),
    Standing.NOT_STARTED: _l("Not started"),
    Standing.OUTSIDE_HOURS: _l("Outside its hours"),
}
STANDING_COLOURS: Mapping[str, str] = {
    Standing.ACTIVE: "green",
    Standing.DISABLED: "grey",
    Standing.ENDED: "grey",
    Standing.NOT_STARTED: "blue",
    Standing.OUTSIDE_HOURS: "yellow",
}
VERDICTS: Labels = {
    Verdict.WON: _l("answers"),
    Verdict.DISABLED: _l("is switched off"),
    Verdict.ENDED: _l("has ended"),
    Verdict.NOT_STARTED: _l("has not started yet"),
    Verdict.OUTSIDE_HOURS: _l("does not count at this time of day"),
    Verdict.LOWER_PRIORITY: _l("fits, but its priority is lower"),
    Verdict.LESS_SPECIFIC: _l("fits, but less closely"),
    Verdict.SHORTER: _l("fits, but by a shorter word"),
    Verdict.NEWER: _l("fits as well, but the older rule answers"),
    Verdict.NOT_NEEDED: _l("is only asked when nothing else answers"),
}
EVENTS: Labels = {
    Kind.SUBSCRIBE: TRIGGERS[TriggerType.SUBSCRIBE],
    Kind.SCAN: TRIGGERS[TriggerType.SCAN],
    Kind.CLICK: TRIGGERS[TriggerType.MENU_CLICK],
}
ACTS: Labels = {**MESSAGES, **EVENTS}


def reply_labels() -> Labels:
    """Ours, and those that other capabilities brought."""
    return {**REPLIES, **{action.type: action.label for action in reply_actions().values()}}


def effect_labels() -> Labels:
    """What an effect of an answer is called."""
    actions = reply_actions().values()
    reasons = {reason: label for action in actions for reason, label in action.reasons if reason}
    return {**{action.effect: action.label for action in actions}, **reasons}


def reply_icons() -> Mapping[str, str]:
    """The icon of each kind of reply."""
    return {**REPLY_ICONS, **{action.type: action.icon for action in reply_actions().values()}}
