"""What is left, as numbers, ends and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.lists import format_list
from flask_babel import LazyString, format_datetime, get_locale, gettext, to_user_timezone

from saas import clock
from saas.wechat.quota.acts import Trigger


@dataclass(frozen=True, slots=True)
class Part:
    """What one kind of act allows; `left` is None for any number."""

    trigger: Trigger
    left: int | None
    until: datetime


@dataclass(frozen=True, slots=True)
class FanQuota:
    """What may still go to a fan. `waiting` messages are planned already and will use up as many."""

    parts: tuple[Part, ...] = ()
    waiting: int = 0

    @property
    def left(self) -> int | None:
        """How many more may be planned; None for any number."""
        numbers = [part.left for part in self.parts]
        return None if None in numbers else max(0, sum(number or 0 for number in numbers) - self.waiting)

    @property
    def until(self) -> datetime | None:
        """When the last of it ends; None when nothing is left."""
        return max((part.until for part in self.parts if part.left != 0), default=None) if self.may_send else None

    @property
    def may_send(self) -> bool:
        """Whether one more may be planned now."""
        return self.left != 0

    @property
    def sentence(self) -> LazyString:
        """The same in words."""
        return LazyString(self._in_words)

    def _in_words(self) -> str:
        if not self.parts:
            return gettext("Nothing may be sent: the fan has not written in the last 48 hours.")
        if not self.may_send and self.waiting:
            return gettext("Nothing more may be sent: the messages that wait use up what WeChat allows.")
        if not self.may_send:
            return gettext("Nothing more may be sent until the fan writes again: what WeChat allows is used up.")
        endless = [part.until for part in self.parts if part.left is None]
        if endless:
            return gettext("Any number of messages until %(until)s.", until=moment_in_words(max(endless)))
        return gettext("Messages left: %(parts)s.", parts=self._parts_in_words())

    def _parts_in_words(self) -> str:
        waiting, said = self.waiting, []
        for part in self.parts:
            used = min(waiting, part.left or 0)
            waiting, left = waiting - used, (part.left or 0) - used
            if left:
                said.append(gettext("%(left)s until %(until)s", left=left, until=moment_in_words(part.until)))
        return format_list(said, locale=get_locale() or "en")


def moment_in_words(moment: datetime) -> str:
    """21:14 today, else 11-23 21:14, in the tenant's zone."""
    is_today = to_user_timezone(moment).date() == to_user_timezone(clock.now()).date()
    return str(format_datetime(moment, "HH:mm" if is_today else "MM-dd HH:mm"))
