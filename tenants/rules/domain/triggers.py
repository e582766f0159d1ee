"""What a rule is made of: triggers, replies, and when it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class TriggerType(StrEnum):
    """What may set a rule off."""

    EMOJI = "emoji"
    KEYWORD = "keyword"
    MENU_CLICK = "menu_click"
    MESSAGE_TYPE = "message_type"
    NO_MATCH = "no_match"
    SCAN = "scan"
    STICKER = "sticker"
    SUBSCRIBE = "subscribe"


class MatchKind(StrEnum):
    """How the value of a keyword is compared with the message; an emoji knows the first two."""

    EXACT = "exact"
    CONTAINS = "contains"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    REGEX = "regex"


MESSAGE_TYPES = ("text", "image", "voice", "video", "shortvideo", "location", "link")


@dataclass(frozen=True, slots=True)
class Trigger:
    """One condition; an empty value means "any" where the type allows it."""

    type: TriggerType
    match: MatchKind | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class ReplySpec:
    """One answer of a rule: its type, and what the type asks for."""

    type: str
    options: Mapping[str, str] = field(default_factory=dict)


class Standing(StrEnum):
    """Whether a rule counts at a moment, and why not."""

    ACTIVE = "active"
    DISABLED = "disabled"
    ENDED = "ended"
    NOT_STARTED = "not_started"
    OUTSIDE_HOURS = "outside_hours"


@dataclass(frozen=True, slots=True)
class Validity:
    """Dates and hours: from `starts_at` until before `ends_at`, daily from `daily_from` until before `daily_to`.

    Hours are those of `zone`; `daily_from` later than `daily_to` runs over midnight, both equal is the whole day.
    """

    zone: ZoneInfo
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    daily_from: time | None = None
    daily_to: time | None = None

    def standing(self, now: datetime) -> Standing:
        """The first reason why the rule does not count now, else ACTIVE."""
        if self.starts_at and now < self.starts_at:
            return Standing.NOT_STARTED
        if self.ends_at and now >= self.ends_at:
            return Standing.ENDED
        return Standing.ACTIVE if self._within_hours(now) else Standing.OUTSIDE_HOURS

    def _within_hours(self, now: datetime) -> bool:
        if self.daily_from is None and self.daily_to is None:
            return True
        opens, closes = self.daily_from or time.min, self.daily_to or time.min
        clock = now.astimezone(self.zone).time()
        if opens < closes:
            return opens <= clock < closes
        return clock >= opens or clock < closes


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule as the matcher needs it."""

    id: UUID
    name: str
    triggers: tuple[Trigger, ...]
    replies: tuple[ReplySpec, ...]
    validity: Validity
    priority: int = 0
    enabled: bool = True

    def standing(self, now: datetime) -> Standing:
        """Whether the rule counts now."""
        return self.validity.standing(now) if self.enabled else Standing.DISABLED
